import { request } from 'node:https';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemSchema } from '../../../../system/management-plane/api/errors/problem.ts';
import {
  createAccounts,
  createUser,
  type TestAccounts,
} from '../../../support/management-plane/api-accounts.ts';
import type { ApiClient } from '../../../support/management-plane/api-client.ts';
import {
  exampleBinding,
  TestManagementPlane,
} from '../../../support/management-plane/management-plane.ts';

let plane: TestManagementPlane;
let accounts: TestAccounts;
let client: ApiClient;

beforeAll(async () => {
  plane = await TestManagementPlane.start();
  accounts = await createAccounts(plane);
  client = accounts.superadmin;
});

afterAll(async () => {
  await plane.remove();
});

async function etagOf(path: string): Promise<{ 'if-match': string }> {
  const answer = await client.send('GET', path);
  return { 'if-match': String(answer.headers['etag']) };
}

describe('changes', () => {
  test('PATCH changes the named fields only, and null takes a value away', async () => {
    const id = await createUser(client, {
      name: 'Carla',
      extension: '110',
      email: 'carla@example.org',
      department: 'Sales',
      aliases: ['carla'],
    });
    const path = `/users/${id}`;

    const changes = { department: 'Support', email: null };
    const changed = await client.send('PATCH', path, changes, await etagOf(path));

    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'Carla', extension: '110', department: 'Support', aliases: ['carla'] },
    });
    expect(changed.body).not.toHaveProperty('email');
  });

  test('the same change to many users leaves their other fields alone', async () => {
    const ids = [
      await createUser(client, { name: 'Dora', extension: '120', email: 'dora@example.org' }),
      await createUser(client, { name: 'Elio', extension: '121', department: 'Sales' }),
    ];

    await client.expect(200, 'PATCH', '/users', { ids, changes: { department: 'Lab' } });

    expect(await client.expect(200, 'GET', `/users/${String(ids[0])}`)).toMatchObject({
      name: 'Dora',
      email: 'dora@example.org',
      department: 'Lab',
    });
    expect(await client.expect(200, 'GET', `/users/${String(ids[1])}`)).toMatchObject({
      name: 'Elio',
      department: 'Lab',
    });
  });

  test('a change needs the version that was seen: 428 without, 412 with an older one', async () => {
    const id = await createUser(client, { name: 'Fabio', extension: '130' });
    const path = `/users/${id}`;
    const seen = await etagOf(path);

    const blind = await client.send('PATCH', path, { name: 'Blind' });
    expect(blind).toMatchObject({ status: 428, body: { code: 'precondition-required' } });

    await client.expect(200, 'PATCH', path, { name: 'First' }, seen);
    const late = await client.send('PATCH', path, { name: 'Second' }, seen);
    expect(late).toMatchObject({ status: 412, body: { code: 'stale' } });
    expect((await client.send('DELETE', path, undefined, seen)).status).toBe(412);
    expect(await client.expect(200, 'GET', path)).toMatchObject({ name: 'First' });

    await client.expect(204, 'DELETE', path, undefined, { 'if-match': '*' });
    expect((await client.send('GET', path)).status).toBe(404);
  });

  test.each(['/calls/gone/media', '/call-records/gone', '/revisions/999999'])(
    '[API-007] GET %s answers 404: there is no such thing',
    async (path) => {
      expect((await client.send('GET', path)).status).toBe(404);
    },
  );

  test('a GET with the known ETag answers 304 without a body', async () => {
    const { 'if-match': etag } = await etagOf('/settings');
    const answer = await client.send('GET', '/settings', undefined, { 'if-none-match': etag });
    expect(answer).toMatchObject({ status: 304, body: '' });
  });

  test('a change that is not confirmed waits, and is confirmed by number', async () => {
    const settings = await etagOf('/settings');
    const path = '/settings?confirmWithinSec=60&reason=trial';
    await client.expect(200, 'PATCH', path, { systemName: 'Trial' }, settings);
    const { items } = (await client.expect(200, 'GET', '/revisions?pageSize=1')) as {
      items: { number: number; state: string; reason: string; confirmUntil: string }[];
    };
    const [pending] = items;
    expect(pending).toMatchObject({ state: 'pending', reason: 'trial' });

    const second = await client.send('POST', '/users', { name: 'Late', extension: '139' });
    expect(second).toMatchObject({ status: 409, body: { code: 'pending' } });

    const number = String(pending?.number);
    await client.expect(200, 'POST', `/revisions/${number}/confirm`);
    await client.expect(201, 'POST', `/revisions/${number}/revert`, { reason: 'was a trial' });
    expect(await client.expect(200, 'GET', '/settings')).toMatchObject({ systemName: 'Campanile' });
  });

  test('users who are deleted, disabled or get a new SIP password must register again', async () => {
    const id = await createUser(client, { name: 'Gino', extension: '140' });
    plane.callPlane.unregistered.length = 0;

    await client.expect(200, 'POST', '/users/set-passwords', {
      ids: [id],
      sip: { generate: true },
    });
    await expect.poll(() => plane.callPlane.unregistered).toEqual([id]);
    await client.expect(200, 'PATCH', `/users/${id}`, { department: 'X' }, { 'if-match': '*' });
    await client.expect(200, 'PATCH', `/users/${id}`, { enabled: false }, { 'if-match': '*' });
    await expect.poll(() => plane.callPlane.unregistered).toEqual([id, id]);
    await client.expect(200, 'POST', '/users/delete', { ids: [id] });
    await expect.poll(() => plane.callPlane.unregistered).toEqual([id, id, id]);
  });
});

describe('refusals', () => {
  test('[API-032] all that is wrong with a request is told at once, in one form', async () => {
    const answer = await client.send('POST', '/users', {
      extension: 'not a number',
      email: 'nowhere',
      language: 'xx',
      enabled: 'yes',
      favouriteColour: 'blue',
    });

    expect(answer.status).toBe(422);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status: 422, code: 'invalid' });
    expect(problemSchema.safeParse(answer.body).success).toBe(true);
    const { issues } = answer.body as { issues: { path: string }[] };
    expect(issues.map(({ path }) => path).sort()).toEqual([
      'email',
      'enabled',
      'extension',
      'favouriteColour',
      'language',
      'name',
    ]);
  });

  test('a number that is taken is a conflict that names the field', async () => {
    const answer = await client.send('POST', '/users', { name: 'Twin', extension: '100' });
    expect(answer).toMatchObject({
      status: 409,
      body: { issues: [{ path: 'extension', code: 'taken' }] },
    });
  });

  test.each([
    { method: 'PUT', path: '/users', allow: 'GET, POST, PATCH' },
    { method: 'DELETE', path: '/settings', allow: 'GET, PATCH' },
    { method: 'POST', path: '/version', allow: 'GET' },
  ])('[API-007] $method $path is not allowed and says what is', async ({ method, path, allow }) => {
    const answer = await client.send(method, path);
    expect(answer).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } });
    const allowed = String(answer.headers['allow']).split(', ');
    for (const name of allow.split(', ')) {
      expect(allowed).toContain(name);
    }
  });

  test.each([
    ['GET', '/users/nobody'],
    ['GET', '/call-records/none'],
    ['GET', '/revisions/999999'],
    ['GET', '/revisions/0x10'],
    ['GET', '/revisions/-1'],
    ['DELETE', '/calls/none'],
    ['POST', '/parts/none/restart'],
    ['DELETE', '/tokens/none'],
    ['GET', '/nothing'],
    ['GET', `/users/${'x'.repeat(65)}`],
  ])('[API-007] %s %s is unknown', async (method, path) => {
    const answer = await client.send(method, path);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  test.each([
    '/users?page=0',
    '/users?page=x',
    '/users?pageSize=201',
    '/users?sort=password',
    '/users?sort=name%3BDROP%20TABLE%20users',
    '/users?direction=up',
    '/users?unknown=1',
    '/users?sort=name&sort=login',
    `/users?search=${'x'.repeat(101)}`,
    '/call-records?from=yesterday',
    '/call-records?from=2026-03-01T09:30:00',
  ])('[API-032] refuses the query of %s', async (path) => {
    const answer = await client.send('GET', path);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-query' } });
    expect((answer.body as { issues: unknown[] }).issues.length).toBeGreaterThan(0);
  });

  test.each([
    { type: 'application/json', body: 'x'.repeat(1_000_001), path: '/users' },
    { type: 'text/csv', body: 'x'.repeat(10_000_001), path: '/users/import/preview' },
    { type: 'text/plain', body: 'x'.repeat(10_000_001), path: '/configuration/import' },
  ])('refuses a body of $type beyond its limit', async ({ type, body, path }) => {
    const answer = await client.send('POST', path, body, { 'content-type': type });
    expect(answer).toMatchObject({ status: 413, body: { code: 'too-large' } });
  });

  test('refuses a body beyond the limit that does not tell its length', async () => {
    const status = await new Promise((done, fail) => {
      const outgoing = request(
        `${plane.httpsUrl}/api/v1/session`,
        {
          method: 'POST',
          ca: readFileSync(join(plane.dataDirectory, 'tls/certificate.pem')),
          headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
        },
        (answer) => {
          answer.resume();
          done(answer.statusCode);
        },
      );
      outgoing.on('error', fail);
      const chunk = Buffer.alloc(100_000, ' ');
      for (let sent = 0; sent < 1_100_000; sent += chunk.length) {
        outgoing.write(chunk);
      }
      outgoing.end();
    });
    expect(status).toBe(413);
  });

  test.each([
    { name: 'no JSON', body: '{"name": ', type: 'application/json', status: 400 },
    { name: 'nothing', body: '', type: 'application/json', status: 400 },
    { name: 'another type', body: '<user/>', type: 'application/xml', status: 415 },
    { name: 'a form', body: 'name=x', type: 'application/x-www-form-urlencoded', status: 415 },
  ])('refuses $name where JSON is asked for', async ({ body, type, status }) => {
    const answer = await client.send('POST', '/users', body, { 'content-type': type });
    expect(answer.status).toBe(status);
  });

  test('refuses bytes that are not UTF-8 where JSON is asked for', async () => {
    const body = Buffer.from([0x22, 0xff, 0xfe, 0x22]).toString('latin1');
    const answer = await client.send('POST', '/users', body, {
      'content-type': 'application/json; charset=utf-8',
    });
    expect([400, 422]).toContain(answer.status);
  });

  test('reports a truncated CSV with its line and imports nothing of it', async () => {
    const csv = 'name,extension,email\r\nIda,150,ida@example.org\r\n"Leo,151,leo@exa';
    const preview = (await client.expect(200, 'POST', '/users/import/preview', csv)) as {
      importId?: string;
      issues: { path: string; code: string }[];
    };

    expect(preview.importId).toBeUndefined();
    expect(preview.issues).toMatchObject([{ path: '3', code: 'quote-not-closed' }]);
    const forged = await client.send('POST', '/users/import', { importId: 'made-up' });
    expect(forged.status).toBe(404);
  });

  test('imports a whole CSV after its preview, in one revision', async () => {
    const csv = 'name;extension\r\nIda;160\r\nLeo;161\r\n';
    const preview = (await client.expect(200, 'POST', '/users/import/preview', csv)) as {
      importId: string;
      created: number;
    };
    expect(preview.created).toBe(2);

    const result = await client.expect(200, 'POST', '/users/import', {
      importId: preview.importId,
    });
    expect(result).toMatchObject({
      created: 2,
      generated: [
        { name: 'Ida', extension: '160' },
        { name: 'Leo', extension: '161' },
      ],
    });
  });

  test('an import that takes time tells how far it is, is cancelled without a trace, and is done once', async () => {
    const rows = Array.from(
      { length: 120 },
      (_, index) => `Slow ${String(index)},${String(5_000 + index)},Str0ng-Pass-${String(index)}`,
    );
    const csv = ['name,extension,web_password', ...rows].join('\n');
    const { importId } = (await client.expect(200, 'POST', '/users/import/preview', csv)) as {
      importId: string;
    };
    const path = `/users/import/${importId}`;
    const imported = async () => client.send('POST', '/users/import', { importId });
    const progress = async () =>
      (await client.expect(200, 'GET', path)) as {
        isRunning: boolean;
        done: number;
        total: number;
      };
    const found = async () => client.expect(200, 'GET', '/users?search=slow');

    const cancelled = imported();
    await expect.poll(async () => (await progress()).done).toBeGreaterThan(0);
    expect(await progress()).toMatchObject({ isRunning: true, total: 120 });
    await client.expect(204, 'DELETE', path);
    expect(await cancelled).toMatchObject({ status: 409, body: { code: 'cancelled' } });
    expect(await found()).toMatchObject({ total: 0 });
    expect(await progress()).toEqual({ isRunning: false, done: 0, total: 0 });

    const first = imported();
    await expect.poll(async () => (await progress()).isRunning).toBe(true);
    const [one, again] = await Promise.all([first, imported()]);
    expect(one.body).toMatchObject({ created: 120 });
    expect(again.body).toEqual(one.body);
    expect(await found()).toMatchObject({ total: 120 });
  });
});

test('deeply nested JSON is refused', async () => {
  const body = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const answer = await client.send('POST', '/users', body, {
    'content-type': 'application/json',
  });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
});

describe('lists', () => {
  test('[UI-012] search narrows users by words in any field, page by page', async () => {
    for (let index = 0; index < 25; index += 1) {
      const extension = String(300 + index);
      await createUser(client, { name: `Needle ${extension}`, extension, department: 'Haystack' });
    }
    const page = await client.expect(200, 'GET', '/users?search=needle&sort=extension&page=2');
    expect(page).toMatchObject({ total: 25, page: 2, pageSize: 20 });
    expect((page as { items: unknown[] }).items).toHaveLength(5);
    expect(await client.expect(200, 'GET', '/users?search=haystack+312')).toMatchObject({
      total: 1,
      items: [{ extension: '312' }],
    });
  });

  test('registrations show the names of their users and follow the call plane', async () => {
    const id = await createUser(client, { name: 'Nora', extension: '170' });
    const binding = exampleBinding(id);
    plane.callPlane.bus.emit('bindings.changed', { updated: [binding], removed: [] });

    const path = `/registrations?userId=${id}`;
    await expect
      .poll(() => client.expect(200, 'GET', path))
      .toMatchObject({
        total: 1,
        items: [{ userName: 'Nora', extension: '170', userAgent: 'baresip' }],
      });
    expect(await client.expect(200, 'GET', `/users/${id}`)).toMatchObject({ registeredPhones: 1 });

    plane.callPlane.bus.emit('bindings.changed', { updated: [], removed: [binding] });
    await expect.poll(() => client.expect(200, 'GET', path)).toMatchObject({ total: 0 });
  });

  test('[API-039] the number of requests per minute is limited, and the limit can be changed', async () => {
    const settings = { 'if-match': '*' };
    await client.expect(200, 'PATCH', '/settings', { apiRequestsPerMin: 60 }, settings);

    const statuses: number[] = [];
    let retryAfterSec = 0;
    for (let index = 0; index < 61; index += 1) {
      const answer = await client.send('GET', '/version');
      statuses.push(answer.status);
      retryAfterSec = Number(answer.headers['retry-after'] ?? 0);
    }

    expect(statuses.at(-1)).toBe(429);
    expect(retryAfterSec).toBeGreaterThan(0);
    expect(retryAfterSec).toBeLessThanOrEqual(60);
  });
});
