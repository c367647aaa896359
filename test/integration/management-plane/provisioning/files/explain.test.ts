/** Where values of a device come from, who has drifted, files in clear, and what a deletion keeps. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { curl } from '../../../../support/programs/curl.ts';
import { TestManagementPlane } from '../../../../support/management-plane/management-plane.ts';

const mac = '001565aabb01';
const other = '001565aabb02';
const userAgent = `Yealink SIP-T53W 96.86.0.15 ${mac}`;

interface Setting {
  readonly name: string;
  readonly value?: unknown;
  readonly isSet: boolean;
  readonly origin?: { readonly source: string; readonly name: string };
  readonly isOwn: boolean;
  readonly inherited: { readonly value?: unknown; readonly origin?: { readonly source: string } };
  readonly isUsed: boolean;
}

let plane: TestManagementPlane;
let admin: ApiClient;

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  const anyVersion = { 'if-match': '*' };
  await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
  await admin.expect(201, 'POST', '/devices', { macs: [mac, other], model: 'T53W' });
});

afterEach(async () => {
  await plane.remove();
});

async function settingOf(name: string): Promise<Setting | undefined> {
  const { items } = (await admin.expect(200, 'GET', `/devices/${mac}/settings`)) as {
    items: Setting[];
  };
  return items.find((setting) => setting.name === name);
}

async function fetchFile(): Promise<void> {
  const revealed = await admin.expect(200, 'POST', `/devices/${mac}/reveal`);
  const { provisioningUrl } = revealed as { provisioningUrl: string };
  expect((await curl(`${provisioningUrl}${mac}.cfg`, { userAgent })).status).toBe(200);
}

const change = (settings: object) =>
  admin.expect(200, 'PATCH', '/devices', { macs: [mac], changes: { settings } });

test('[DEV-045] every setting tells its scope, what it would be otherwise, and whether the model reads it', async () => {
  const group = (await admin.expect(201, 'POST', '/device-groups', {
    name: 'Lab',
    settings: { 'network.voiceVlanId': 20 },
  })) as { id: string };
  await admin.expect(200, 'PATCH', '/devices', { macs: [mac], changes: { groups: [group.id] } });
  expect(await settingOf('network.voiceVlanId')).toMatchObject({
    value: 20,
    origin: { source: 'group', name: 'Lab' },
    isOwn: false,
    isUsed: true,
  });

  await change({ 'network.voiceVlanId': 30, 'security.userPassword': 'Quite-Secret-1' });
  expect(await settingOf('network.voiceVlanId')).toMatchObject({
    value: 30,
    origin: { source: 'device' },
    isOwn: true,
    inherited: { value: 20, origin: { source: 'group' } },
  });
  const secret = await settingOf('security.userPassword');
  expect(secret).toMatchObject({ isSet: true, isOwn: true });
  expect(JSON.stringify(secret)).not.toContain('Quite-Secret-1');
  expect(await settingOf('snmp.community')).toMatchObject({ isUsed: false, isSet: false });
});

test('drift of many devices is told without their files', async () => {
  const drift = async () =>
    (
      (await admin.expect(200, 'GET', `/devices/drift?macs=${mac},${other}`)) as {
        items: { state: string }[];
      }
    ).items.map(({ state }) => state);
  expect(await drift()).toEqual(['never', 'never']);
  await fetchFile();
  expect(await drift()).toEqual(['same', 'never']);
  await change({ 'phone.language': 'it' });
  expect(await drift()).toEqual(['changed', 'never']);
  expect((await admin.send('GET', '/devices/drift?macs=nonsense')).status).toBe(400);
});

test('[SEC-036] files come out in clear on request only, which stands in audit and history', async () => {
  await change({ 'security.userPassword': 'Quite-Secret-1' });
  const covered = await admin.expect(200, 'GET', `/devices/${mac}/files`);
  expect(JSON.stringify(covered)).not.toContain('Quite-Secret-1');
  const revealed = await admin.expect(200, 'POST', `/devices/${mac}/files/reveal`);
  expect(JSON.stringify(revealed)).toContain('Quite-Secret-1');

  const audit = (await admin.expect(200, 'GET', '/audit')) as { items: { action: string }[] };
  expect(audit.items.map(({ action }) => action)).toContain('device-files-shown');
  const history = (await admin.expect(200, 'GET', `/devices/${mac}/history`)) as {
    items: { kind: string }[];
  };
  expect(history.items[0]?.kind).toBe('files-shown');
});

test('[DEV-008] "use received IP" fixes the address that each device has; one without is refused', async () => {
  const changes = { usesReceivedAddress: true };
  const refused = await admin.send('PATCH', '/devices', { macs: [mac, other], changes });
  expect(refused).toMatchObject({
    status: 422,
    body: { issues: [{ code: 'missing' }, { code: 'missing' }] },
  });

  await fetchFile();
  await admin.expect(200, 'PATCH', '/devices', { macs: [mac], changes });
  expect(await settingOf('network.staticAddress')).toMatchObject({ value: '127.0.0.1' });
  const files = JSON.stringify(await admin.expect(200, 'GET', `/devices/${mac}/files`));
  expect(files).toContain('static.network.internet_port.type = 2');
  expect(files).toContain('static.network.internet_port.ip = 127.0.0.1');
});

test('[DEV-024] [DEV-040] the list is narrowed to what waits, is configured, fetches without encryption, or told this of itself', async () => {
  await fetchFile();
  await admin.expect(200, 'PATCH', '/devices', { macs: [other], changes: { tftpException: true } });
  const macsOf = async (query: string) =>
    (
      (await admin.expect(200, 'GET', `/devices?${query}`)) as { items: { mac: string }[] }
    ).items.map((device) => device.mac);

  expect(await macsOf('assigned=false')).toEqual([mac, other]);
  expect(await macsOf('provisioned=true')).toEqual([mac]);
  expect(await macsOf('provisioned=false')).toEqual([other]);
  expect(await macsOf('tftpException=true')).toEqual([other]);
  expect(await macsOf('registered=true')).toEqual([]);
  expect(await macsOf('search=96.86.0.15')).toEqual([mac]);
  expect(await macsOf('search=127.0.0.1')).toEqual([mac]);
});

test('[DEV-012] a deletion that is taken back loses nothing; a device that is added again begins anew', async () => {
  await fetchFile();
  const before = (await admin.expect(200, 'GET', `/devices/${mac}`)) as { provisionedAt?: string };
  const remove = async () =>
    (await admin.expect(200, 'POST', '/devices/delete', { macs: [mac] })) as { revision: number };
  const { revision } = await remove();
  await admin.expect(201, 'POST', `/revisions/${String(revision)}/revert`, { reason: 'oops' });
  expect(await admin.expect(200, 'GET', `/devices/${mac}`)).toMatchObject({
    model: 'T53W',
    isModelReported: true,
    provisionedAt: before.provisionedAt,
  });
  expect(await admin.expect(200, 'GET', `/devices/drift?macs=${mac}`)).toEqual({
    items: [{ mac, state: 'same' }],
  });

  await remove();
  await admin.expect(201, 'POST', '/devices', { macs: [mac] });
  const again = await admin.expect(200, 'GET', `/devices/${mac}`);
  expect(again).not.toHaveProperty('provisionedAt');
  expect(again).toHaveProperty('announcedUntil');
  const { items } = (await admin.expect(200, 'GET', `/devices/${mac}/files`)) as {
    items: { drift: { state: string } }[];
  };
  expect(new Set(items.map(({ drift }) => drift.state))).toEqual(new Set(['never']));
});
