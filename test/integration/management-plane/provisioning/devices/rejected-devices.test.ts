/** Devices that were rejected, as curl replays their start, against a management plane. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { curl } from '../../../../support/programs/curl.ts';
import { TestManagementPlane } from '../../../../support/management-plane/management-plane.ts';

let plane: TestManagementPlane;
let admin: ApiClient;

const mac = '001565aabb01';
const userAgent = 'Yealink SIP-T53W 96.86.0.15 00:15:65:aa:bb:01';
const anyVersion = { 'if-match': '*' };

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  const settings = { httpEnabled: true, scanAlarmMisses: 10 };
  await admin.expect(200, 'PATCH', '/provisioning/settings', settings, anyVersion);
});

afterEach(async () => {
  await plane.remove();
});

/** What a phone asks for when it starts, one after another; the answers to each. */
async function boot(): Promise<number[]> {
  const base = `http://127.0.0.1:${String(plane.httpPort)}/prov/`;
  const statuses: number[] = [];
  for (const file of [`${mac}.boot`, 'y000000000000.boot', 'y000000000095.cfg', `${mac}.cfg`]) {
    statuses.push((await curl(base + file, { userAgent })).status);
  }
  return statuses;
}

async function reject(): Promise<number> {
  const answer = await admin.expect(200, 'POST', '/devices/reject', { macs: [mac] });
  return (answer as { revision: number }).revision;
}

const devices = () => admin.expect(200, 'GET', '/devices');
const rejected = (query = '') => admin.expect(200, 'GET', `/rejected-devices${query}`);

test('[DEV-040] [DEV-058] a rejected phone gets 404s in an open window, is counted without an alarm, and is served again when it is allowed', async () => {
  await admin.expect(200, 'POST', '/provisioning/window', { minutes: 5 });
  expect((await boot()).at(-1)).toBe(200);
  await admin.expect(200, 'PATCH', `/devices/${mac}`, { comment: 'Hall' }, anyVersion);
  const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
    provisioningUrl: string;
  };
  expect((await curl(`${provisioningUrl}${mac}.cfg`, { userAgent })).status).toBe(200);

  await reject();

  expect(await devices()).toMatchObject({ total: 0 });
  for (let start = 0; start < 4; start += 1) {
    expect(await boot()).toEqual([404, 404, 404, 404]);
  }
  expect((await curl(`${provisioningUrl}${mac}.cfg`, { userAgent })).status).toBe(404);
  expect(await devices()).toMatchObject({ total: 0 });
  expect(await admin.expect(200, 'GET', '/provisioning/window')).toMatchObject({ scanAlarms: [] });
  expect(await rejected('?search=00:15:65:aa')).toMatchObject({
    total: 1,
    items: [{ mac, vendor: 'yealink', comment: 'Hall', rejectedBy: 'Administrator', asked: 17 }],
  });
  expect(await rejected('?search=snom')).toMatchObject({ total: 0 });

  await admin.expect(200, 'POST', '/rejected-devices/allow', { macs: [mac] });

  expect(await rejected()).toMatchObject({ total: 0 });
  expect((await boot()).at(-1)).toBe(200);
  expect(await devices()).toMatchObject({ total: 1, items: [{ mac }] });
});

test('[DEV-058] a whole house of rejected phones behind one address is no guessing', async () => {
  await admin.expect(200, 'PATCH', '/provisioning/settings', { scanAlarmMisses: 10 }, anyVersion);
  const macs = Array.from({ length: 16 }, (_, index) => `001565aabb${String(index + 10)}`);
  await admin.expect(201, 'POST', '/devices', { macs });
  await admin.expect(200, 'POST', '/devices/reject', { macs });

  await curl(`http://127.0.0.1:${String(plane.httpPort)}/prov/001565aabb[10-25].cfg`);

  expect(await rejected()).toMatchObject({ total: 16, items: macs.map(() => ({ asked: 1 })) });
  expect(await admin.expect(200, 'GET', '/provisioning/window')).toMatchObject({ scanAlarms: [] });
});

test('[DEV-058] taking a rejection back brings the phone back with its own address, which did not end in between', async () => {
  await admin.expect(201, 'POST', '/devices', { macs: [mac] });
  const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
    provisioningUrl: string;
  };
  const revision = await reject();
  expect((await curl(`${provisioningUrl}${mac}.cfg`)).status).toBe(404);

  await admin.expect(201, 'POST', `/revisions/${String(revision)}/revert`, {});

  expect((await curl(`${provisioningUrl}${mac}.cfg`)).status).toBe(200);
  expect(await rejected()).toMatchObject({ total: 0 });
});

test('a rejected MAC is named when it is added by hand or from a file, and can be allowed by the same request', async () => {
  await reject();
  const issues = [{ path: mac, code: 'rejected' }];
  const refused = await admin.send('POST', '/devices', { macs: [mac, '001565aabb02'] });
  expect(refused).toMatchObject({ status: 409, body: { issues } });
  const preview = await admin.send('POST', '/devices/import/preview', `mac\n${mac}\n`);
  expect(preview).toMatchObject({
    status: 200,
    body: { created: 0, issues: [{ path: '2.mac', code: 'rejected' }] },
  });
  expect(await admin.send('POST', '/devices/reject', { macs: [mac] })).toMatchObject({
    status: 409,
    body: { issues },
  });

  const macs = [mac, '001565aabb02'];
  await admin.expect(201, 'POST', '/devices', { macs, allowRejected: true });

  expect(await devices()).toMatchObject({ total: 2 });
  expect(await rejected()).toMatchObject({ total: 0 });
});

test('[DEV-041] a CSV file brings rejected devices back only when that is asked for, in one revision that can be undone', async () => {
  await reject();
  const file = `mac,comment\n${mac},Hall\n001565aabb02,Bar\n`;
  const refused = await admin.expect(200, 'POST', '/devices/import/preview', file);
  expect(refused).toMatchObject({ rejected: 1, issues: [{ path: '2.mac', code: 'rejected' }] });
  expect(refused).not.toHaveProperty('importId');

  const allowed = (await admin.expect(
    200,
    'POST',
    '/devices/import/preview?allowRejected=true',
    file,
  )) as { importId: string };
  expect(allowed).toMatchObject({ rejected: 1, created: 2, issues: [] });
  const { importId } = allowed;
  const done = (await admin.expect(200, 'POST', '/devices/import', { importId })) as {
    revision: number;
  };
  expect(await devices()).toMatchObject({ total: 2 });
  expect(await rejected()).toMatchObject({ total: 0 });

  await admin.expect(201, 'POST', `/revisions/${String(done.revision)}/revert`, {});
  await expect.poll(devices).toMatchObject({ total: 0 });
  expect(await rejected()).toMatchObject({ total: 1 });
});

test('rejections are in the text of the configuration; a device cannot be both in the list and rejected', async () => {
  await reject();
  const text = await exportText();
  expect(text).toContain(`[rejected-device ${mac}]\nmac = "${mac}"\nvendor = "yealink"`);
  await admin.expect(200, 'POST', '/rejected-devices/allow', { macs: [mac] });
  await admin.expect(201, 'POST', '/devices', { macs: [mac] });
  const rejection = `[rejected-device ${mac}]\nmac = "${mac}"\n\n[end]`;
  const both = (await exportText()).replace('[end]', rejection);

  const refused = await importText(both);
  expect(JSON.stringify(refused)).toContain(`${mac} is taken by`);
  const taken = await importText(text);

  expect(taken).toMatchObject({ status: 200 });
  expect(await rejected()).toMatchObject({ total: 1 });
  expect(await devices()).toMatchObject({ total: 0 });
});

async function exportText(): Promise<string> {
  return (await admin.expect(200, 'GET', '/configuration/export?secrets=true')) as string;
}

function importText(text: string) {
  return admin.send('POST', '/configuration/import', text, { 'content-type': 'text/plain' });
}
