/** Users and their phones out of one CSV file, over the API, as curl then replays the phones. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createUser } from '../../../../support/management-plane/api-accounts.ts';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { TestManagementPlane } from '../../../../support/management-plane/management-plane.ts';
import { curl } from '../../../../support/programs/curl.ts';

interface Preview {
  readonly importId?: string;
  readonly issues: readonly { path: string; code: string; message: string }[];
}

const anyVersion = { 'if-match': '*' };
const userAgent = 'Yealink SIP-T53W 96.86.0.15 00:15:65:aa:bb:01';

let plane: TestManagementPlane;
let admin: ApiClient;

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
});

afterEach(async () => {
  await plane.remove();
});

async function look(csv: string): Promise<Preview> {
  return (await admin.expect(200, 'POST', '/users/import/preview', csv)) as Preview;
}

async function bringIn({ importId }: Preview) {
  return (await admin.expect(200, 'POST', '/users/import', { importId })) as {
    revision: number;
  };
}

async function listed(): Promise<[string, string | undefined, string | undefined][]> {
  const { items } = (await admin.expect(200, 'GET', '/devices?sort=mac')) as {
    items: { mac: string; model?: string; extension?: string }[];
  };
  return items.map(({ mac, extension, model }) => [mac, extension, model]);
}

async function newestRevision(): Promise<number> {
  const { items } = (await admin.expect(200, 'GET', '/revisions?pageSize=1')) as {
    items: { number: number }[];
  };
  return items[0]?.number ?? 0;
}

/** What the phone gets over HTTPS: first its secret address, then what is there. */
async function fetchFile(mac: string): Promise<string> {
  const base = `http://127.0.0.1:${String(plane.httpPort)}/prov/`;
  const first = await curl(`${base}${mac}.cfg`, { userAgent });
  const url = /^static\.auto_provision\.server\.url = (\S+)$/m.exec(first.body)?.[1] ?? '';
  return (await curl(`${url}${mac}.cfg`, { userAgent })).body;
}

describe('a file of users and phones', () => {
  test('[DEV-041] [USR-051] makes users and provisions their phones in one revision, which is taken back at once', async () => {
    const carla = await createUser(admin, { name: 'Carla', extension: '103' });
    await admin.expect(201, 'POST', '/devices', { macs: ['001565aabb04', '001565aabb05'] });
    await admin.expect(200, 'POST', '/devices/assign', {
      assignments: [{ mac: '001565aabb05', lines: [carla] }],
    });
    const before = await listed();

    const preview = await look(
      [
        'name,extension,devices,device_model',
        'Anna,101,00:15:65:AA:BB:01,T53W',
        'Bruno,102,00-15-65-aa-bb-02; 0015.65aa.bb03,',
        'Carla,103,001565aabb04 001565AABB05,',
        'Dario,104,,',
      ].join('\n'),
    );
    expect(preview).toMatchObject({
      created: 3,
      updated: 1,
      unchanged: 0,
      devicesAdded: 3,
      devicesChanged: 1,
      rows: [
        { line: 2, action: 'create', title: 'Anna (101), 001565aabb01' },
        { line: 3, action: 'create', title: 'Bruno (102), 001565aabb02, 001565aabb03' },
        { line: 4, action: 'update', title: 'Carla (103), 001565aabb04' },
        { line: 5, action: 'create', title: 'Dario (104)' },
      ],
      issues: [],
    });
    expect(await listed()).toEqual(before);
    const head = await newestRevision();

    const imported = await bringIn(preview);
    expect(imported).toMatchObject({
      created: 3,
      updated: 1,
      devicesAdded: 3,
      devicesChanged: 1,
      revision: head + 1,
    });
    expect(await listed()).toEqual([
      ['001565aabb01', '101', 'SIP-T53W'],
      ['001565aabb02', '102', undefined],
      ['001565aabb03', '102', undefined],
      ['001565aabb04', '103', undefined],
      ['001565aabb05', '103', undefined],
    ]);
    // No window is open: the first contact is allowed because the MAC is announced.
    const file = await fetchFile('001565aabb01');
    expect(file).toContain('account.1.user_name = 101');
    expect(file).toMatch(/^account\.1\.auth_name = 001565aabb01-\w+$/m);
    expect(file).toMatch(/^account\.1\.password = \w{20,}$/m);

    await admin.expect(201, 'POST', `/revisions/${String(imported.revision)}/revert`, {});
    await expect.poll(listed).toEqual(before);
    const users = await admin.expect(200, 'GET', '/users?search=anna');
    expect(users).toMatchObject({ total: 0 });
  });

  test('[DEV-041] what was imported changes nothing a second time, and a phone is all that a row may bring', async () => {
    const csv = 'name,extension,devices\nAnna,101,001565aabb01\n';
    await bringIn(await look(csv));
    expect(await look(csv)).toMatchObject({ unchanged: 1, devicesAdded: 0, devicesChanged: 0 });
    const preview = await look('extension,devices\n101,001565aabb02\n');
    expect(preview).toMatchObject({ created: 0, updated: 1, devicesAdded: 1 });
    await bringIn(preview);
    expect((await listed()).map(([, extension]) => extension)).toEqual(['101', '101']);
  });

  test('[DEV-041] nothing comes in while a phone is wrong: each is named with line and column', async () => {
    const carla = await createUser(admin, { name: 'Carla', extension: '103' });
    const taken = { macs: ['001565aabb05'], lines: [carla] };
    await admin.expect(201, 'POST', '/devices', taken);
    await admin.expect(200, 'POST', '/devices/reject', { macs: ['001565aabb06'] });

    const preview = await look(
      [
        'name,extension,login,devices,device_model',
        'Anna,101,,hello,',
        'Bruno,102,,001565aabb05,',
        'Dario,104,,001565aabb06,',
        'Elena,105,,01005e000001,',
        'Fabio,106,,001565aabb07 00:15:65:aa:bb:07,',
        ',,admin,001565aabb08,',
        'Hugo,108,,,T53W',
        'Ilse,109,,001565aabb09,T99',
        'Jana,110,,001565aabb10,',
      ].join('\n'),
    );
    expect(preview).not.toHaveProperty('importId');
    expect(preview).toMatchObject({
      rows: [...Array.from({ length: 8 }, () => ({ action: 'error' })), {}],
    });
    expect(preview).toMatchObject({ created: 1, devicesAdded: 1, devicesChanged: 0 });
    expect(preview.issues.map(({ path, code, message }) => [path, code, message])).toEqual([
      ['2.devices', 'invalid-value', 'hello is no MAC of a device'],
      ['3.devices', 'taken', '001565aabb05 is the device of Carla (103)'],
      ['4.devices', 'rejected', '001565aabb06 was rejected: it has to be allowed again first'],
      ['5.devices', 'invalid-value', '01005e000001 is no MAC of a device'],
      ['6.devices', 'repeated', '001565aabb07 stands twice in the file'],
      ['7.devices', 'contradiction', 'a user needs an extension for a device'],
      ['8.devices', 'missing', 'a model needs the MAC of its device'],
      ['9.device_model', 'not-found', 'yealink has no model T99'],
    ]);
  });

  test('a phone that somebody else got since the preview stops all of it', async () => {
    const carla = await createUser(admin, { name: 'Carla', extension: '103' });
    const preview = await look('name,extension,devices\nAnna,101,001565aabb01\n');
    await admin.expect(201, 'POST', '/devices', { macs: ['001565aabb01'], lines: [carla] });

    const refused = await admin.send('POST', '/users/import', { importId: preview.importId });

    expect(refused).toMatchObject({ status: 422, body: { issues: [{ path: '2.devices' }] } });
    expect(await admin.expect(200, 'GET', '/users?search=anna')).toMatchObject({ total: 0 });
    expect(await listed()).toEqual([['001565aabb01', '103', undefined]]);
  });
});
