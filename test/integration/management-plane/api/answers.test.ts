import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { problemSchema } from '../../../../system/management-plane/api/problem.ts';
import { loadRoutes } from '../../../../system/management-plane/api/route-table.ts';
import type { Method, Route } from '../../../../system/management-plane/api/route.ts';
import type { CallRef, LegRef, UserId } from '../../../../system/foundation/ids.ts';
import type { CallRecord } from '../../../../system/records/call-record.ts';
import { ApiClient, testAdminPassword } from '../../../support/api-client.ts';
import type { ApiAnswer } from '../../../support/api-client.ts';
import { CertificateMaker } from '../../../support/certificate-maker.ts';
import { curl } from '../../../support/curl.ts';
import { RedirectionPeer } from '../../../support/redirection-peer.ts';
import { callDeviceDataRoutes } from '../../../support/device-data-routes.ts';
import { callFirmwareRoutes } from '../../../support/firmware-routes.ts';
import { callPhonebookRoutes } from '../../../support/phonebook-routes.ts';
import {
  exampleBinding,
  exampleCall,
  exampleStatistics,
  TestManagementPlane,
} from '../../../support/management-plane.ts';

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
  await call('POST', '/users/import', { body: { importId: preview.importId } });
  await call('POST', '/users/delete', { body: { ids: [second.user.id] } });

  await callDeviceRoutes(id);
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

/** A DECT system with its handsets, from its bases to its end. */
async function callDect(userId: string): Promise<void> {
  const mac = '000413aabb09';
  await call('POST', '/devices', {
    body: { macs: [mac], vendor: 'snom-m', model: 'M700' },
  });
  await call('GET', '/dect/models');
  await call('GET', '/dect/bases');
  const add = (name: string, bases: readonly object[]) =>
    call('POST', '/dect/systems', { body: { name, bases } }) as Promise<{ id: string }>;
  const { id } = await add('Head office', [{ mac, name: 'Reception' }]);
  const other = await add('Warehouse', []);
  const path = `/dect/systems/${id}`;
  await call('GET', '/dect/systems');
  await call('GET', '/dect/systems/{id}', { path });
  await call('PATCH', '/dect/systems/{id}', { path, body: { sync: 'lan' } });
  const { ids } = (await call('POST', '/dect/handsets', {
    body: { system: id, handsets: [{ ipui: '02AE1F3C4D', user: userId }, {}] },
  })) as { ids: string[] };
  const handset = `/dect/handsets/${String(ids[0])}`;
  await call('GET', '/dect/handsets');
  await call('GET', '/dect/handsets/{id}', { path: handset });
  await call('PATCH', '/dect/handsets/{id}', { path: handset, body: { name: 'Anna' } });
  await call('POST', '/dect/handsets/assign', {
    body: { assignments: [{ id: ids[1], user: null }] },
  });
  await call('GET', '/dect/bases/{mac}/members', { path: `/dect/bases/${mac}/members` });
  await call('POST', '/dect/systems/{id}/open', { path: `${path}/open`, body: { minutes: 5 } });
  await call('POST', '/dect/systems/{id}/close', { path: `${path}/close` });
  await call('POST', '/dect/systems/{id}/reveal', { path: `${path}/reveal` });
  const csv = await call('GET', '/dect/systems/{id}/handsets.csv', {
    path: `${path}/handsets.csv`,
  });
  const preview = (await call('POST', '/dect/systems/{id}/handsets/import/preview', {
    path: `${path}/handsets/import/preview`,
    body: csv,
  })) as { importId: string };
  await call('POST', '/dect/handsets/import', { body: { importId: preview.importId } });
  await call('DELETE', '/dect/handsets/{id}', { path: handset });
  await call('POST', '/dect/handsets/delete', { body: { ids: [ids[1]] } });
  await call('DELETE', '/dect/systems/{id}', { path });
  await call('POST', '/dect/systems/delete', { body: { ids: [other.id] } });
  await call('POST', '/devices/delete', { body: { macs: [mac] } });
}

/** Everything about devices; leaves one that is assigned to the user. */
async function callDeviceRoutes(userId: string): Promise<void> {
  const group = (await call('POST', '/device-groups', {
    body: { name: 'Reception', settings: { 'snmp.community': deviceSecret } },
  })) as { id: string };
  await call('GET', '/device-groups');
  await call('GET', '/device-groups/{id}', { path: `/device-groups/${group.id}` });
  await call('PATCH', '/device-groups/{id}', {
    path: `/device-groups/${group.id}`,
    body: { comment: 'Ground floor' },
  });
  await call('POST', '/devices', {
    body: {
      macs: ['00:15:65:AA:BB:01', '00-15-65-aa-bb-02', '0015.65aa.bb03'],
      groups: [group.id],
      settings: { 'time.zone': 'Europe/Berlin', 'security.userPassword': deviceSecret },
    },
  });
  await call('GET', '/devices');
  const path = '/devices/001565aabb01';
  await call('GET', '/devices/{mac}', { path });
  await call('PATCH', '/devices/{mac}', { path, body: { comment: 'Front desk' } });
  await call('PATCH', '/devices', {
    body: {
      macs: ['001565aabb01', '001565aabb02'],
      changes: { settings: { 'time.useDst': false } },
    },
  });
  await call('POST', '/devices/assign', {
    body: { assignments: [{ mac: '001565aabb01', lines: [userId] }] },
  });
  await call('POST', '/devices/{mac}/reveal', { path: `${path}/reveal` });
  await call('POST', '/devices/reset-passwords', { body: { macs: ['001565aabb01'] } });
  await call('POST', '/devices/sync', { body: { macs: ['001565aabb01'] } });
  await call('GET', '/devices/drift', { path: '/devices/drift?macs=001565aabb01' });
  await call('GET', '/devices/{mac}/settings', { path: `${path}/settings` });
  await call('GET', '/devices/{mac}/files', { path: `${path}/files` });
  await call('POST', '/devices/{mac}/files/reveal', { path: `${path}/files/reveal` });
  await call('GET', '/devices/{mac}/differences', { path: `${path}/differences` });
  await call('GET', '/devices/{mac}/history', { path: `${path}/history` });
  await call('POST', '/devices/delete', { body: { macs: ['001565aabb03'] } });
  await call('DELETE', '/devices/{mac}', { path: '/devices/001565aabb02' });
  await call('POST', '/devices/reject', { body: { macs: ['001565aabb02'] } });
  await call('GET', '/rejected-devices');
  await call('POST', '/rejected-devices/allow', { body: { macs: ['001565aabb02'] } });
  await call('DELETE', '/device-groups/{id}', { path: `/device-groups/${group.id}` });
  await callDect(userId);
  await call('GET', '/devices/export.csv');
  const preview = (await call('POST', '/devices/import/preview', {
    body: 'mac;comment;extensions\n001565aabb04;Lab;100\n',
  })) as { importId: string };
  await call('POST', '/devices/import', { body: { importId: preview.importId } });
  await call('GET', '/provisioning/settings');
  await call('PATCH', '/provisioning/settings', {
    body: { serverAddress: 'pbx.example.org', settings: { 'ldap.password': deviceSecret } },
  });
  await call('GET', '/dhcp/settings');
  await call('PATCH', '/dhcp/settings', {
    body: {
      interfaces: [{ name: 'eth9', address: '10.9.0.1', isEnabled: false }],
      subnets: [{ subnet: '10.9.0.0/24', ranges: [{ first: '10.9.0.10', last: '10.9.0.99' }] }],
    },
  });
  await call('GET', '/dhcp/state');
  await call('GET', '/dhcp/leases');
  await call('DELETE', '/dhcp/leases/{address}', { path: '/dhcp/leases/10.9.0.10' });
  await call('GET', '/dhcp/foreign-options');
  await callDeviceAccessRoutes();
  await callDeviceDataRoutes(call);
  await call('GET', '/provisioning/address');
  await call('GET', '/provisioning/pnp');
  await call('GET', '/provisioning/ftp');
  await call('GET', '/provisioning/window');
  await call('POST', '/provisioning/window', { body: { minutes: 5 } });
  await call('DELETE', '/provisioning/window');
  await call('GET', '/provisioning/vendors');
  await call('GET', '/provisioning/variables');
}

async function callPhoneProfiles(userId: string): Promise<void> {
  const path = `/users/${userId}/phone-profile`;
  await call('GET', '/users/{id}/phone-profile', { path });
  const body = { keys: [{ kind: 'speedDial', value: '200', label: 'Desk' }], pin: '471108' };
  await call('PATCH', '/users/{id}/phone-profile', { path, body });
  await call('GET', '/my/phone-profile');
  await call('PATCH', '/my/phone-profile', { body: { keys: body.keys } });
}

async function callDeviceLogRoutes(): Promise<void> {
  const mac = '001565aabb01';
  await call('PATCH', '/device-access', { body: { syslogEnabled: true } });
  const { syslogPort } = (await client.expect(200, 'GET', '/device-access/state')) as {
    syslogPort: number;
  };
  execFileSync('logger', ['-d', '-n', '127.0.0.1', '-P', String(syslogPort), `${mac} a line`]);
  const path = `/devices/${mac}/log`;
  await expect.poll(() => client.expect(200, 'GET', path)).toMatchObject({ total: 1 });
  await call('GET', '/devices/{mac}/log', { path });
  await call('GET', '/devices/{mac}/log/export.txt', { path: `${path}/export.txt` });
  await call('DELETE', '/devices/{mac}/log', { path });
}

async function callUploadRoutes(): Promise<void> {
  const mac = '001565aabb01';
  await call('PATCH', '/device-access', { body: { uploadsEnabled: true } });
  await call('PATCH', '/provisioning/settings', {
    body: { httpEnabled: true, serverAddress: '127.0.0.1' },
  });
  const { provisioningUrl } = (await client.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
    provisioningUrl: string;
  };
  const more = ['--request', 'PUT', '--data', 'a line'];
  await curl(`${provisioningUrl}${mac}-app.log`, { more });
  const { items } = (await call('GET', '/devices/{mac}/uploads', {
    path: `/devices/${mac}/uploads`,
  })) as { items: { id: string }[] };
  const path = `/devices/${mac}/uploads/${items[0]?.id ?? ''}`;
  await call('GET', '/devices/{mac}/uploads/{id}', { path });
  await call('DELETE', '/devices/{mac}/uploads/{id}', { path });
}

/** A device in a network that this machine stands in, where nobody answers. */
async function callConnectRoutes(): Promise<void> {
  const path = '/devices/001565aabb01/connect';
  const name = `cmpd${String(process.pid)}`;
  const network = `10.232.${String(process.pid % 250)}`;
  execFileSync('ip', ['link', 'add', name, 'type', 'bridge']);
  try {
    execFileSync('ip', ['address', 'add', `${network}.1/24`, 'dev', name]);
    execFileSync('ip', ['link', 'set', name, 'up']);
    const { users } = (await client.expect(200, 'GET', '/devices/001565aabb01')) as {
      users: { id: string }[];
    };
    const binding = exampleBinding(users[0]?.id ?? '', {
      remoteAddress: `${network}.2`,
      userAgent: 'Yealink SIP-T53W 96.86.0.15 00:15:65:aa:bb:01',
    });
    plane.callPlane.bus.emit('bindings.changed', { updated: [binding], removed: [] });
    await expect
      .poll(() => client.expect(200, 'GET', '/devices/001565aabb01'))
      .toHaveProperty('registration');
    await call('PATCH', '/device-access', { body: { connectEnabled: true } });
    await call('GET', '/devices/{mac}/connect', { path });
    await call('POST', '/devices/{mac}/connect', { path, body: {} });
    await call('DELETE', '/devices/{mac}/connect', { path });
    plane.callPlane.bus.emit('bindings.changed', { updated: [], removed: [binding] });
    await callScanRoutes(name, network);
  } finally {
    execFileSync('ip', ['link', 'delete', name]);
  }
}

/** Of a phone that the kernel believes to know there. */
async function callScanRoutes(name: string, network: string): Promise<void> {
  const mac = '001565aabb44';
  const spelled = (mac.match(/../g) ?? []).join(':');
  const neighbour = [`${network}.3`, 'lladdr', spelled, 'dev', name];
  execFileSync('ip', ['neighbour', 'add', ...neighbour]);
  await call('POST', '/devices/scan', { body: { range: `${network}.3` } });
  await expect
    .poll(() => client.expect(200, 'GET', '/devices/scan'), { timeout: 15_000 })
    .toMatchObject({ scan: { outcome: 'finished', found: [{ mac, vendor: 'yealink' }] } });
  await call('GET', '/devices/scan');
  await call('DELETE', '/devices/scan');
  await call('POST', '/devices/scan/add', { body: { macs: [mac] } });
}

/** Against a portal that answers as recorded. */
async function callRedirectionRoutes(): Promise<void> {
  const maker = new CertificateMaker();
  const authority = maker.authority('/O=Example/CN=Private Root');
  const names = 'subjectAltName=DNS:localhost';
  const peer = await RedirectionPeer.start(
    'portal',
    maker.leaf('/CN=localhost', authority, undefined, names),
  );
  const { clientSecret } = peer.recording.account;
  const path = '/redirection/services/portal';
  await call('GET', '/redirection/services');
  await call('PATCH', '/redirection/services/{service}', {
    path,
    body: {
      enabled: true,
      address: peer.address,
      authority: authority.certificate,
      clientSecret,
      password: deviceSecret,
    },
  });
  await call('POST', '/redirection/services/{service}/test', { path: `${path}/test` });
  await call('POST', '/redirection/portal/sync');
  await call('POST', '/redirection/devices', {
    body: { service: 'portal', wish: 'registered', macs: ['001565aabb01'] },
  });
  await call('GET', '/redirection/devices');
  await peer.close();
  maker.remove();
}

async function callDeviceAccessRoutes(): Promise<void> {
  await call('GET', '/device-access');
  await call('PATCH', '/device-access', { body: { certificatesPort: 8555 } });
  await call('GET', '/device-access/state');
  const maker = new CertificateMaker();
  const { certificate } = maker.authority('/O=Example/CN=Example Root');
  maker.remove();
  const { items } = (await call('POST', '/device-authorities', { body: { certificate } })) as {
    items: { id: string }[];
  };
  const path = `/device-authorities/${items[0]?.id ?? ''}`;
  await call('GET', '/device-authorities');
  await call('PATCH', '/device-authorities/{id}', { path, body: { vendor: 'snom' } });
  await call('DELETE', '/device-authorities/{id}', { path });
  await callRedirectionRoutes();
  await callConnectRoutes();
  await callUploadRoutes();
  await callDeviceLogRoutes();
  await callFirmwareRoutes(call, client, plane);
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
