/** Configure / Sync, what it would change, and what a reset of passwords means for a phone. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { curl } from '../../../../support/programs/curl.ts';
import {
  exampleBinding,
  exampleCall,
  TestManagementPlane,
} from '../../../../support/management-plane/management-plane.ts';

let plane: TestManagementPlane;
let admin: ApiClient;
let userId: string;
let url: string;

const mac = '001565aabb01';
const userAgent = `Yealink SIP-T53W 96.86.0.15 ${mac}`;
const anyVersion = { 'if-match': '*' };

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
  const body = { name: 'Anna', extension: '100' };
  const { user } = (await admin.expect(201, 'POST', '/users', body)) as { user: { id: string } };
  userId = user.id;
  await admin.expect(201, 'POST', '/devices', { macs: [mac], lines: [userId] });
  url = await reveal();
});

afterEach(async () => {
  await plane.remove();
});

async function reveal(): Promise<string> {
  const revealed = await admin.expect(200, 'POST', `/devices/${mac}/reveal`);
  return (revealed as { provisioningUrl: string }).provisioningUrl;
}

async function registerPhone(): Promise<void> {
  const binding = exampleBinding(userId, { userAgent, remoteAddress: '127.0.0.1' });
  plane.callPlane.bus.emit('bindings.changed', { updated: [binding], removed: [] });
  await expect
    .poll(() => admin.expect(200, 'GET', `/devices/${mac}`))
    .toHaveProperty('registration');
}

const sync = (more = {}) => admin.expect(200, 'POST', '/devices/sync', { macs: [mac], ...more });
const fetchFile = (base: string) => curl(`${base}${mac}.cfg`, { userAgent });

interface Differences {
  readonly items: readonly {
    readonly id: string;
    readonly drift: { readonly state: string };
    readonly lines: readonly { readonly change: string; readonly text: string }[];
  }[];
}

async function differences(): Promise<Differences['items'][number] | undefined> {
  const { items } = (await admin.expect(200, 'GET', `/devices/${mac}/differences`)) as Differences;
  return items.find(({ id }) => id === 'device');
}

test('[DEV-013] [DEV-043] [DEV-058] sync tells a registered phone to fetch, in the words of its vendor; another is a failed job', async () => {
  expect(await sync()).toEqual({ items: [{ mac, outcome: 'not-registered' }] });
  await registerPhone();

  expect(await sync()).toEqual({ items: [{ mac, outcome: 'accepted', status: 200 }] });
  await sync({ reboot: true });

  const contact = `sip:${userId}@127.0.0.2:5060`;
  expect(plane.callPlane.notified).toEqual([
    `${contact} check-sync;reboot=false`,
    `${contact} check-sync;reboot=true`,
  ]);
  const history = await admin.expect(200, 'GET', `/devices/${mac}/history`);
  const kinds = (history as { items: { kind: string }[] }).items.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind.startsWith('sync'))).toEqual([
    'sync-sent',
    'sync-sent',
    'sync-failed',
  ]);
});

test('a phone in a call is left alone unless that is asked for', async () => {
  await registerPhone();
  const [leg] = exampleCall.legs;
  if (leg === undefined) {
    throw new Error('the example has a leg');
  }
  plane.callPlane.calls = [{ ...exampleCall, legs: [{ ...leg, remote: 'udp 127.0.0.1:5060' }] }];

  expect(await sync()).toEqual({ items: [{ mac, outcome: 'in-call' }] });
  expect(await sync({ duringCalls: true })).toMatchObject({ items: [{ outcome: 'accepted' }] });
});

test('[DEV-013] what a sync would change is told line by line, without passwords, and is nothing after the phone has fetched', async () => {
  expect((await differences())?.drift.state).toBe('never');
  await fetchFile(url);
  expect(await differences()).toMatchObject({ drift: { state: 'same' }, lines: [] });

  await admin.expect(
    200,
    'PATCH',
    `/devices/${mac}`,
    { settings: { 'time.zone': 'Europe/Berlin', 'network.voiceVlanId': 20 } },
    anyVersion,
  );
  const changed = await differences();
  expect(changed?.drift.state).toBe('changed');
  const lines = changed?.lines.filter(({ change }) => change !== 'same') ?? [];
  expect(lines.map(({ change, text }) => `${change} ${text}`)).toContain(
    'added static.network.vlan.internet_port_vid = 20',
  );
  expect(JSON.stringify(changed)).not.toContain(url.split('/')[4]);

  await fetchFile(url);
  expect((await differences())?.drift.state).toBe('same');
});

test('the effective file tells the origin of every line and covers every secret', async () => {
  const group = (await admin.expect(201, 'POST', '/device-groups', {
    name: 'Lab',
    settings: { 'phone.language': 'it', 'network.voiceVlanId': 30 },
  })) as { id: string };
  await admin.expect(
    200,
    'PATCH',
    `/devices/${mac}`,
    {
      groups: [group.id],
      settings: { 'network.voiceVlanId': 20 },
      customLines: [{ key: 'features.x', value: '1' }],
    },
    anyVersion,
  );
  const file = await fetchFile(url);
  const answer = JSON.stringify(await admin.expect(200, 'GET', `/devices/${mac}/files`));

  expect(answer).toMatch(/"text":"lang\.gui = Italian"[^{]*\{[^}]*"source":"group","name":"Lab"/);
  expect(answer).toMatch(/vid = 20"[^{]*\{[^}]*"source":"device"/);
  expect(answer).toMatch(/"text":"features\.x = 1"/);
  const password = /^account\.1\.password = (\S+)$/m.exec(file.body)?.[1] ?? '-';
  expect(file.body).toContain('features.x = 1');
  expect(answer).not.toContain(password);
  expect(answer).not.toContain(url.split('/')[4]);
});

test('[SEC-003] [DEV-016] after a reset the old address is worth nothing, until a sync lets the phone itself fetch the new one', async () => {
  await fetchFile(url);
  await admin.expect(200, 'POST', '/devices/reset-passwords', { macs: [mac] });
  const renewed = await reveal();
  expect((await fetchFile(url)).status).toBe(404);

  await registerPhone();
  await sync();
  const answer = await fetchFile(url);
  expect(answer.status).toBe(200);
  expect(answer.body).toContain(renewed);
  const elsewhere = await curl(`${url}${mac}.cfg`, {
    userAgent,
    more: ['--interface', '127.0.0.9'],
  });
  expect(elsewhere.status).toBe(404);
  expect((await fetchFile(renewed)).status).toBe(200);
});
