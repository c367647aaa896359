import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { problemSchema } from '../../../../system/management-plane/api/errors/problem.ts';
import { loadRoutes } from '../../../../system/management-plane/api/route-table.ts';
import type { Method, Route } from '../../../../system/management-plane/api/route.ts';
import type { CallRef, LegRef, UserId } from '../../../../system/foundation/ids.ts';
import type { CallRecord } from '../../../../system/records/call-record.ts';
import {
  type ApiAnswer,
  ApiClient,
  testAdminPassword,
} from '../../../support/management-plane/api-client.ts';
import { callDeviceRoutes } from '../../../support/management-plane/route-calls/device-routes.ts';
import { callPhonebookRoutes } from '../../../support/management-plane/route-calls/phonebook-routes.ts';
import {
  exampleBinding,
  exampleCall,
  exampleStatistics,
  TestManagementPlane,
} from '../../../support/management-plane/management-plane.ts';

const routeTable = await loadRoutes();

let plane: TestManagementPlane;
let client: ApiClient;
const answered = new Map<string, ApiAnswer[]>();

beforeAll(async () => {
  plane = await TestManagementPlane.start();
  client = new ApiClient(plane);
});

afterAll(async () => {
  await plane.remove();
});

const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

function findRoute(method: Method, path: string): Route {
  const route = routeTable.find((candidate) => nameOf(candidate) === `${method} ${path}`);
  if (route === undefined) {
    throw new Error(`There is no route ${method} ${path}`);
  }
  return route;
}

/** Sends a request that must succeed, and checks the answer against the declaration to the letter. */
async function call(
  method: Method,
  template: string,
  options: {
    readonly path?: string;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<unknown> {
  const route = findRoute(method, template);
  const answer = await client.send(method, options.path ?? template, options.body, {
    'if-match': '*',
    ...options.headers,
  });
  expect(answer.status, `${nameOf(route)} ${JSON.stringify(answer.body)}`).toBe(
    route.answer.status,
  );
  answered.set(nameOf(route), [...(answered.get(nameOf(route)) ?? []), answer]);
  const type = String(answer.headers['content-type'] ?? '');
  switch (route.answer.kind) {
    case 'json':
      expect(type).toBe('application/json; charset=utf-8');
      expect(parseExactly(route.answer.schema, answer.body)).toEqual(answer.body);
      expect('etag' in answer.headers).toBe(route.answer.hasVersion === true);
      break;
    case 'text':
      expect(type.startsWith(route.answer.type)).toBe(true);
      break;
    case 'none':
      expect(answer.body).toBe('');
      break;
  }
  return answer.body;
}

/** What the schema leaves out makes the result differ from the answer. */
function parseExactly(schema: z.ZodType, body: unknown): unknown {
  const result = schema.safeParse(body);
  return result.success ? result.data : result.error;
}

const sipPassword = 'Sip-Secret-4711-abcdefgh';
const deviceSecret = 'Device-Secret-1';
const otherSipPassword = 'Sip-Secret-0815-ijklmnop';

test('[API-001] every route answers as it is declared', async () => {
  await call('GET', '/version');
  await call('GET', '/health');
  await call('GET', '/openapi.json');
  await call('GET', '/reference');
  await call('GET', '/reference.css');

  await call('POST', '/session', { body: { login: 'admin', password: 'wildix' } });
  await call('POST', '/session/password', {
    body: { currentPassword: 'wildix', newPassword: testAdminPassword },
  });
  await call('GET', '/session');

  const created = (await call('POST', '/users', {
    body: {
      name: 'Anna <b>Bianchi</b>',
      extension: '100',
      email: 'anna@example.org',
      aliases: ['anna'],
      passwords: { web: { value: testAdminPassword }, sip: { value: sipPassword } },
    },
  })) as { user: { id: string } };
  const { id } = created.user;
  const second = (await call('POST', '/users', {
    body: { name: 'Bruno', extension: '101' },
  })) as { user: { id: string } };
  await call('GET', '/users');
  await call('GET', '/users/{id}', { path: `/users/${id}` });
  await call('PATCH', '/users/{id}', { path: `/users/${id}`, body: { department: 'Sales' } });
  await call('PATCH', '/users', { body: { ids: [id], changes: { department: 'Lab' } } });
  await call('POST', '/users/set-passwords', {
    body: { ids: [id], sip: { value: otherSipPassword } },
  });
  await call('POST', '/users/set-passwords', {
    body: { ids: [id], web: { generate: true }, sip: { generate: true } },
  });
  await call('GET', '/users/export.csv');
  const preview = (await call('POST', '/users/import/preview', {
    body: 'name,extension\nCarlo,102\n',
  })) as { importId: string };
  const path = `/users/import/${preview.importId}`;
  await call('GET', '/users/import/{importId}', { path });
  await call('DELETE', '/users/import/{importId}', { path });
  await call('POST', '/users/import', { body: { importId: preview.importId } });
  await call('POST', '/users/delete', { body: { ids: [second.user.id] } });

  await callDeviceRoutes({ call, client, plane, secret: deviceSecret }, id);
  await callPhonebookRoutes(call);
  await callPhoneProfiles(id);

  plane.callPlane.bus.emit('bindings.changed', { updated: [exampleBinding(id)], removed: [] });
  await expect.poll(() => client.expect(200, 'GET', '/registrations')).toMatchObject({ total: 1 });
  await call('GET', '/registrations');

  plane.callPlane.bans = [
    { address: '203.0.113.5', offence: 'message-rate', bannedAtMs: 1_000, endsAtMs: 31_000 },
  ];
  await call('GET', '/blocked-addresses');
  await call('GET', '/blocked-addresses/filter.csv');
  await call('DELETE', '/blocked-addresses/{door}/{address}', {
    path: '/blocked-addresses/sip/203.0.113.5',
  });

  plane.callPlane.calls = [exampleCall];
  await call('GET', '/calls');
  await call('GET', '/calls/{callRef}/media', { path: '/calls/call-1/media' });
  await call('DELETE', '/calls/{callRef}', { path: '/calls/call-1' });

  plane.journal.append(JSON.stringify(exampleRecord(id as UserId)));
  plane.callPlane.bus.emit('records.waiting', {});
  await expect.poll(() => client.expect(200, 'GET', '/call-records')).toMatchObject({ total: 1 });
  await call('GET', '/call-records');
  await call('GET', '/call-records/{callRef}', { path: '/call-records/call-9' });
  await call('GET', '/call-records/export.csv');
  await call('GET', '/call-records/by-hour');
  await call('GET', '/my/call-records');
  plane.journal.append(
    JSON.stringify({ ...exampleRecord('admin' as UserId), callRef: 'own-call' }),
  );
  plane.callPlane.bus.emit('records.waiting', {});
  await expect
    .poll(() => client.expect(200, 'GET', '/my/call-records'))
    .toMatchObject({ total: 1 });
  await call('GET', '/my/call-records/{callRef}', { path: '/my/call-records/own-call' });

  await call('GET', '/settings');
  await call('PATCH', '/settings', {
    path: '/settings?confirmWithinSec=60',
    body: { systemName: 'Office' },
  });
  const { items } = (await call('GET', '/revisions')) as { items: { number: number }[] };
  const number = String(items[0]?.number);
  await call('POST', '/revisions/{number}/confirm', { path: `/revisions/${number}/confirm` });
  await call('GET', '/revisions/{number}', { path: `/revisions/${number}` });
  await call('GET', '/revisions/{number}/diff', { path: `/revisions/${number}/diff?against=0` });
  await call('POST', '/revisions/{number}/revert', {
    path: `/revisions/${number}/revert`,
    body: {},
  });

  const text = (await call('GET', '/configuration/export')) as string;
  const asText = { 'content-type': 'text/plain' };
  await call('POST', '/configuration/import/preview', {
    body: text.replace('Anna', 'Annamaria'),
    headers: asText,
  });
  await call('POST', '/configuration/import', { body: text, headers: asText });

  await call('GET', '/parts');
  await call('PATCH', '/parts/{name}', {
    path: '/parts/management-plane',
    body: { logLevel: 'debug' },
  });
  await call('POST', '/parts/{name}/restart', { path: '/parts/management-plane/restart' });

  const token = (await call('POST', '/tokens', { body: { name: 'test', role: 'user' } })) as {
    id: string;
  };
  await call('GET', '/tokens');
  await call('DELETE', '/tokens/{id}', { path: `/tokens/${token.id}` });
  await call('GET', '/audit');
  await call('GET', '/audit/export.csv');
  await call('DELETE', '/users/{id}', { path: `/users/${id}` });
  await call('DELETE', '/session');

  expect([...answered.keys()].sort()).toEqual(routeTable.map(nameOf).sort());
});

async function callPhoneProfiles(userId: string): Promise<void> {
  const path = `/users/${userId}/phone-profile`;
  await call('GET', '/users/{id}/phone-profile', { path });
  const body = { keys: [{ kind: 'speedDial', value: '200', label: 'Desk' }], pin: '471108' };
  await call('PATCH', '/users/{id}/phone-profile', { path, body });
  await call('GET', '/my/phone-profile');
  await call('PATCH', '/my/phone-profile', { body: { keys: body.keys } });
}

test('[API-043] the OpenAPI document describes exactly the routes that are served', () => {
  const [answer] = answered.get('GET /openapi.json') ?? [];
  const document = answer?.body as {
    openapi: string;
    paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
  };

  expect(document.openapi).toMatch(/^3\.1\./);
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(
      ([method, { responses }]) =>
        `${method.toUpperCase()} ${path} ${Object.keys(responses).join(' ')}`,
    ),
  );
  const declared = routeTable.map(
    (route) => `${nameOf(route)} ${String(route.answer.status)} default`,
  );
  expect(described.sort()).toEqual(declared.sort());
  for (const reference of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    expect(document).toHaveProperty(['components', 'schemas', String(reference[1])]);
  }
});

test('the reference page shows every route without a script or a foreign address', () => {
  const page = String(answered.get('GET /reference')?.[0]?.body);
  for (const route of routeTable) {
    expect(page).toContain(`${route.method} ${route.path}`);
  }
  expect(page).not.toMatch(/<script|style=|https?:\/\/(?!json-schema\.org|tools\.ietf\.org)[a-z]/i);
});

test('[SEC-036] no answer tells a secret that was not asked for', () => {
  /** Told once to whoever asked for it. */
  const mayTell = new Set([
    'POST /users',
    'POST /users/set-passwords',
    'POST /users/import',
    'POST /tokens',
    'POST /devices/{mac}/reveal',
  ]);
  const told = [...answered].flatMap(([name, answers]) =>
    mayTell.has(name) ? answers.map(({ body }) => JSON.stringify(body)) : [],
  );
  const generated = told.flatMap((text) =>
    [...text.matchAll(/"(?:web|sip|value)":"([^"]+)"/g)].map(([, secret]) => String(secret)),
  );
  expect(generated.length).toBeGreaterThanOrEqual(6);
  const secrets = [
    testAdminPassword,
    sipPassword,
    otherSipPassword,
    deviceSecret,
    '$argon2',
    'sealed.',
    ...generated,
  ];

  for (const [name, answers] of answered) {
    for (const { body } of answers) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      // The whole file of a device is what was asked for, the device's own secrets included.
      const ownSecret = name === 'POST /devices/{mac}/files/reveal' ? deviceSecret : undefined;
      const kept = mayTell.has(name) ? secrets.slice(0, 6) : secrets;
      for (const secret of kept.filter((candidate) => candidate !== ownSecret)) {
        expect(text.includes(secret), `${name} tells ${secret}`).toBe(false);
      }
    }
  }
});

test('a problem has the same form wherever it comes from', async () => {
  for (const [method, path] of [
    ['GET', '/users'],
    ['GET', '/nothing'],
    ['PUT', '/users'],
    ['POST', '/session'],
  ] as const) {
    const answer = await new ApiClient(plane).send(method, path);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(parseExactly(problemSchema, answer.body)).toEqual(answer.body);
    expect(answer.body).toMatchObject({ requestId: answer.headers['x-request-id'] });
  }
});

function exampleRecord(userId: UserId): CallRecord {
  const startedAtMs = Date.now() - 60_000;
  return {
    callRef: 'call-9' as CallRef,
    caller: { userId, number: '100', name: 'Anna' },
    callee: { userId: undefined, number: '*43', name: 'Echo' },
    startedAtMs,
    answeredAtMs: startedAtMs + 100,
    endedAtMs: startedAtMs + 30_100,
    outcome: 'answered',
    hangupSide: 'caller',
    sipStatus: 200,
    mediaMode: 'service',
    revision: 3,
    trace: [{ atMs: 0, code: 'call-received', facts: { number: '*43', caller: '100' } }],
    legs: [
      {
        legRef: 'call-9.1' as LegRef,
        role: 'caller',
        userId,
        address: 'sip:100@campanile.local',
        sipCallId: 'abc',
        userAgent: 'baresip',
        remote: 'udp 127.0.0.2:5060',
        startedAtMs,
        ringingAtMs: undefined,
        answeredAtMs: startedAtMs + 100,
        endedAtMs: startedAtMs + 30_100,
        sipStatus: 200,
        media: { ...exampleStatistics, codec: 'PCMA' },
      },
    ],
  };
}
