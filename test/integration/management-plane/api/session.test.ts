import { afterEach, beforeEach, expect, test } from 'vitest';
import { createUser } from '../../../support/management-plane/api-accounts.ts';
import { ApiClient, testAdminPassword } from '../../../support/management-plane/api-client.ts';
import { TestManagementPlane } from '../../../support/management-plane/management-plane.ts';

let plane: TestManagementPlane;
let client: ApiClient;

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  client = new ApiClient(plane);
});

afterEach(async () => {
  await plane.remove();
});

test('[UI-004] a new installation logs in with admin and wildix, and with nothing else', async () => {
  const wrong = [
    { login: 'admin', password: 'Wildix' },
    { login: 'admin', password: '' },
    { login: 'root', password: 'wildix' },
  ];
  for (const attempt of wrong) {
    const answer = await client.send('POST', '/session', attempt);
    expect([401, 422]).toContain(answer.status);
  }

  const answer = await client.send('POST', '/session', { login: 'admin', password: 'wildix' });
  expect(answer).toMatchObject({
    status: 200,
    body: { account: { id: 'admin', role: 'superadmin' }, mustChangePassword: true },
  });
  expect(plane.isFirstLogin).toBe(true);
});

test('[UI-005] until the factory password is changed nothing but that is allowed, afterwards it is refused', async () => {
  await client.login('admin', 'wildix');

  for (const path of ['/users', '/settings', '/calls', '/configuration/export', '/tokens']) {
    expect(await client.send('GET', path)).toMatchObject({
      status: 403,
      body: { code: 'must-change-password' },
    });
  }
  const change = { currentPassword: 'wildix', newPassword: testAdminPassword };
  for (const newPassword of ['wildix', 'short', 'alllowercaseletters', 'admin']) {
    const answer = await client.send('POST', '/session/password', { ...change, newPassword });
    expect(answer.status).toBe(422);
  }
  await client.expect(200, 'POST', '/session/password', change);
  await client.expect(200, 'GET', '/users');

  const factory = await new ApiClient(plane).send('POST', '/session', {
    login: 'admin',
    password: 'wildix',
  });
  expect(factory).toMatchObject({ status: 401, body: { code: 'wrong-credentials' } });
});

test('keeps the session in a cookie that scripts and other sites never get', async () => {
  const answer = await client.login('admin', 'wildix');

  const [cookie = ''] = answer.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(
    /^__Host-campanile_session=[\w-]{40,}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  );
  expect(JSON.stringify(answer.body)).not.toContain(client.cookie.split('=')[1]);
});

test('ends a session at log-out, and all sessions of an account when its password changes', async () => {
  await client.firstLogin();
  const other = new ApiClient(plane);
  await other.login('admin', testAdminPassword);
  const beforeChange = client.cookie;

  await client.expect(200, 'POST', '/session/password', {
    currentPassword: testAdminPassword,
    newPassword: `${testAdminPassword}2`,
  });
  expect((await other.send('GET', '/session')).status).toBe(401);
  const old = await new ApiClient(plane).send('GET', '/session', undefined, {
    cookie: beforeChange,
  });
  expect(old.status).toBe(401);

  const cookie = client.cookie;
  await client.expect(204, 'DELETE', '/session');
  const ended = await new ApiClient(plane).send('GET', '/session', undefined, { cookie });
  expect(ended.status).toBe(401);
});

test('[UI-008] a session outlives a restart of the web part, not one of the daemon', async () => {
  await client.firstLogin();
  const { dataDirectory } = plane;
  const { cookie } = client;

  await plane.stop();
  plane = await TestManagementPlane.start({ dataDirectory, isRestart: true });
  const kept = await new ApiClient(plane).send('GET', '/session', undefined, { cookie });
  expect(kept.status).toBe(200);

  await plane.stop();
  plane = await TestManagementPlane.start({ dataDirectory, bootId: 'another boot' });
  const lost = await new ApiClient(plane).send('GET', '/session', undefined, { cookie });
  expect(lost.status).toBe(401);
  expect(plane.isFirstLogin).toBe(false);
});

test.each([
  { why: 'the origin is another site', headers: { origin: 'https://evil.example' } },
  { why: 'the origin is hidden', headers: { origin: 'null' } },
  { why: 'the browser says cross-site', headers: { 'sec-fetch-site': 'cross-site' } },
  { why: 'the CSRF token is missing', headers: { 'x-csrf-token': '' } },
  { why: 'the CSRF token is wrong', headers: { 'x-csrf-token': 'a'.repeat(43) } },
])('refuses a change with a valid cookie when $why', async ({ headers }) => {
  await client.firstLogin();
  const newUser = { name: 'Forged', extension: '666' };

  const answer = await client.send('POST', '/users', newUser, headers);

  expect(answer).toMatchObject({ status: 403, body: { code: 'cross-site' } });
  expect(await client.expect(200, 'GET', '/users')).toMatchObject({ total: 1 });
});

test('refuses a log-in that another site makes a browser send', async () => {
  const credentials = { login: 'admin', password: 'wildix' };
  const answer = await client.send('POST', '/session', credentials, {
    origin: 'https://evil.example',
  });
  expect(answer).toMatchObject({ status: 403, body: { code: 'cross-site' } });
});

test('brakes guessing of a password and says when to come back', async () => {
  await client.firstLogin();
  const guesser = new ApiClient(plane);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const guess = { login: 'admin', password: `guess ${attempt.toString()}` };
    expect((await guesser.send('POST', '/session', guess)).status).toBe(401);
  }

  const right = { login: 'admin', password: testAdminPassword };
  const blocked = await guesser.send('POST', '/session', right);

  expect(blocked).toMatchObject({ status: 429, body: { code: 'blocked' } });
  expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(0);
});

test('[SEC-022] the audit trail tells logins with success and failure, log-outs and changes', async () => {
  await client.firstLogin();
  await client.send('POST', '/session', { login: 'admin', password: 'wrong' }, { cookie: '' });
  await createUser(client, { name: 'Ugo', extension: '100' });
  await client.expect(204, 'DELETE', '/session');
  await client.login('admin', testAdminPassword);

  const { items } = (await client.expect(200, 'GET', '/audit?direction=asc&pageSize=200')) as {
    items: { action: string; isSuccess: boolean; address: string; actorName: string }[];
  };

  const facts = items.map(({ action, isSuccess }) => `${action} ${isSuccess ? 'yes' : 'no'}`);
  for (const fact of [
    'login yes',
    'login no',
    'password-changed yes',
    'revision yes',
    'logout yes',
  ]) {
    expect(facts).toContain(fact);
  }
  expect(items.find(({ isSuccess }) => !isSuccess)).toMatchObject({
    actorName: 'admin',
    address: '127.0.0.1',
  });
});
