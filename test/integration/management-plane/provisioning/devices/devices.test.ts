/** Devices over the API of a management plane with real databases. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { createUser } from '../../../../support/management-plane/api-accounts.ts';
import {
  exampleBinding,
  TestManagementPlane,
} from '../../../../support/management-plane/management-plane.ts';

interface Listed {
  readonly mac: string;
  readonly vendor?: string;
  readonly extension?: string;
  readonly comment?: string;
  readonly provisionedAt?: string;
  readonly registration?: unknown;
}

let plane: TestManagementPlane;
let admin: ApiClient;

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
});

afterEach(async () => {
  await plane.remove();
});

const anyVersion = { 'if-match': '*' };

async function list(query = ''): Promise<{ items: Listed[]; total: number }> {
  return (await admin.expect(200, 'GET', `/devices${query}`)) as { items: Listed[]; total: number };
}

describe('devices', () => {
  test('[DEV-001] [DEV-024] [DEV-003] are added by MAC in any spelling and found by any column', async () => {
    await admin.expect(201, 'POST', '/devices', {
      macs: ['00:15:65:AA:BB:01', '0015.65aa.bb02'],
      comment: 'Réception',
    });

    expect((await list()).items.map(({ mac, vendor }) => [mac, vendor])).toEqual([
      ['001565aabb01', 'yealink'],
      ['001565aabb02', 'yealink'],
    ]);
    const users = [await createUser(admin, { name: 'Nadège Roux', extension: '771' })];
    const phone = { macs: ['000413aabb03'], vendor: 'snom', model: 'D785', lines: users };
    await admin.expect(201, 'POST', '/devices', phone);
    const found = async (words: string) =>
      (await list(`?search=${encodeURIComponent(words)}`)).items.map(({ mac }) => mac.slice(-2));
    expect(await found('reception')).toEqual(['01', '02']);
    expect(await found('65:aa:bb:02')).toEqual(['02']);
    expect(await found('yealink')).toEqual(['01', '02']);
    expect(await found('login2')).toEqual(['02']);
    expect(await found('d785')).toEqual(['03']);
    expect(await found('771')).toEqual(['03']);
    expect(await found('snom nadege')).toEqual(['03']);
    expect(await found('snom reception')).toEqual([]);
  });

  test('[API-001] a MAC that is there already, a group address and a wrong one are refused', async () => {
    await admin.expect(201, 'POST', '/devices', { macs: ['001565aabb01'] });
    const again = await admin.send('POST', '/devices', { macs: ['00:15:65:aa:bb:01'] });
    const wrong = await admin.send('POST', '/devices', { macs: ['01005e000001', '00156xaabb01'] });

    expect(again).toMatchObject({ status: 409, body: { issues: [{ code: 'exists' }] } });
    expect(wrong).toMatchObject({
      status: 422,
      body: { issues: [{ path: 'macs.0' }, { path: 'macs.1' }] },
    });
    expect((await list()).total).toBe(1);
  });

  test('[DEV-014] [DEV-021] [DEV-025] [DEV-058] an unassigned device is loginX until it gets a user, and again when the user is deleted', async () => {
    const anna = await createUser(admin, { name: 'Anna', extension: '100' });
    await admin.expect(201, 'POST', '/devices', { macs: ['001565aabb01', '001565aabb02'] });
    expect((await list()).items.map(({ extension }) => extension)).toEqual(['login1', 'login2']);

    await admin.expect(200, 'POST', '/devices/assign', {
      assignments: [{ mac: '001565aabb02', lines: [anna] }],
    });
    expect((await list()).items.map(({ extension }) => extension)).toEqual(['login1', '100']);

    await admin.expect(204, 'DELETE', `/users/${anna}`, undefined, anyVersion);
    await expect.poll(async () => (await list()).items[1]?.extension).toBe('login2');
  });

  test('[DEV-018] is green when its user is registered from it, grey otherwise', async () => {
    const anna = await createUser(admin, { name: 'Anna', extension: '100' });
    const macs = ['001565aabb01', '001565aabb02'];
    await admin.expect(201, 'POST', '/devices', { macs, lines: [anna] });
    expect((await list()).items[0]?.registration).toBeUndefined();

    const contact = 'sip:elsewhere@127.0.0.3:5064';
    const strange = exampleBinding(anna, { contact, userAgent: 'baresip', remotePort: 5064 });
    const userAgent = 'Yealink SIP-T53W 96.86.0.15 001565aabb01';
    plane.callPlane.bus.emit('bindings.changed', {
      updated: [strange, exampleBinding(anna, { userAgent, remotePort: 5062 })],
      removed: [],
    });

    await expect
      .poll(async () => (await list()).items[0]?.registration)
      .toMatchObject({ protocol: 'udp', remotePort: 5062 });
    expect((await list()).items[1]?.registration).toBeUndefined();
  });

  test('[DEV-002] one change reaches many devices, all of them or none', async () => {
    const macs = ['001565aabb01', '001565aabb02'];
    await admin.expect(201, 'POST', '/devices', { macs });
    const refused = await admin.send('PATCH', '/devices', {
      macs: [...macs, '001565aabb99'],
      changes: { comment: 'Lab' },
    });
    expect(refused.status).toBe(404);
    const wrong = await admin.send('PATCH', '/devices', {
      macs,
      changes: { comment: 'Lab', lines: ['nobody'], vendor: 'yealink', model: 'T99' },
    });
    expect(wrong.status).toBe(422);
    const { issues } = wrong.body as { issues: { path: string }[] };
    expect(issues.map(({ path }) => path)).toEqual(['lines.0', 'model']);
    expect((await list()).items.map(({ comment }) => comment)).toEqual([undefined, undefined]);

    await admin.expect(200, 'PATCH', '/devices', { macs, changes: { comment: 'Lab' } });
    expect((await list()).items.map(({ comment }) => comment)).toEqual(['Lab', 'Lab']);
  });

  test('a setting that does not exist or cannot have the value is refused by name', async () => {
    const answer = await admin.send('POST', '/devices', {
      macs: ['001565aabb01'],
      settings: { 'time.zon': 'Europe/Rome', 'network.voiceVlanId': 5000 },
    });

    expect(answer.status).toBe(422);
    const { issues } = answer.body as { issues: { path: string }[] };
    expect(issues.map(({ path }) => path)).toEqual([
      'settings.time.zon',
      'settings.network.voiceVlanId',
    ]);
  });

  test('[DEV-001] where vendors share an address block, the model says whose a device is', async () => {
    const macs = { desk: '000413aabb01', base: '000413aabb02', unknown: '000413aabb03' };
    await admin.expect(201, 'POST', '/devices', { macs: [macs.desk], model: 'D785' });
    await admin.expect(201, 'POST', '/devices', { macs: [macs.base], model: 'M900' });
    await admin.expect(201, 'POST', '/devices', { macs: [macs.unknown], model: 'Z1' });
    const vendorOf = async (mac: string) =>
      ((await admin.expect(200, 'GET', `/devices/${mac}`)) as Listed).vendor;

    expect(await vendorOf(macs.desk)).toBe('snom');
    expect(await vendorOf(macs.base)).toMatch(/^snom-/);
    expect(await vendorOf(macs.unknown)).toBeUndefined();
  });

  test.each([
    ['security.adminPassword', 'a\nb', ['settings.security.adminPassword']],
    ['security.adminPassword', 'x'.repeat(300), ['settings.security.adminPassword']],
    ['phonebooks', [{ name: 'All' }], ['settings.phonebooks[0].url']],
  ])(
    'a secret setting is checked as any other before it is sealed: %s',
    async (name, value, paths) => {
      const mac = '001565aabb01';
      await admin.expect(201, 'POST', '/devices', { macs: [mac] });
      const settings = { [name]: value, 'network.voiceVlanId': 4095 };
      const refused = await admin.send('PATCH', `/devices/${mac}`, { settings }, anyVersion);

      expect(refused.status).toBe(422);
      const { issues } = refused.body as { issues: { path: string }[] };
      expect(issues.map(({ path }) => path).toSorted()).toEqual(
        [...paths, 'settings.network.voiceVlanId'].toSorted(),
      );
    },
  );

  test('[SEC-003] [DEV-016] a reset draws new secrets, and the password is shown once the device has it', async () => {
    await admin.expect(201, 'POST', '/devices', { macs: ['001565aabb01'] });
    const reveal = () => admin.expect(200, 'POST', '/devices/001565aabb01/reveal');
    const before = (await reveal()) as { provisioningUrl: string };
    await admin.expect(200, 'POST', '/devices/reset-passwords', { macs: ['001565aabb01'] });
    const after = (await reveal()) as { provisioningUrl: string };

    expect(after.provisioningUrl).not.toBe(before.provisioningUrl);
    expect(after.provisioningUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/prov\/[0-9a-f]{40}\/$/);
    // [SEC-004] never provisioned: there is no password of its web page to be shown.
    expect(after).not.toHaveProperty('adminPassword');
    const audit = (await admin.expect(200, 'GET', '/audit')) as { items: { action: string }[] };
    expect(audit.items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['device-password-shown', 'device-passwords-reset']),
    );
  });

  test('[DEV-053] the lines of a device are those of its users, and come back with the text export as they were', async () => {
    const anna = await createUser(admin, { name: 'Anna', extension: '100' });
    const bruno = await createUser(admin, { name: 'Bruno', extension: '101' });
    const mac = '001565aabb01';
    await admin.expect(201, 'POST', '/devices', { macs: [mac], model: 'T53W' });
    const accounts = async () => {
      const { items } = (await admin.expect(200, 'POST', `/devices/${mac}/files/reveal`)) as {
        items: { lines: { text: string }[] }[];
      };
      return items
        .flatMap(({ lines }) => lines.map(({ text }) => text))
        .filter((text) => /^account\.\d+\.(user_name|auth_name|password) = /.test(text));
    };
    expect((await accounts())[1]).toBe('account.1.user_name = login1');

    await admin.expect(200, 'POST', '/devices/assign', {
      assignments: [{ mac, lines: [anna, bruno] }],
    });
    const generated = await accounts();
    expect(generated.filter((text) => /user_name = \d/.test(text))).toEqual([
      'account.1.user_name = 100',
      'account.2.user_name = 101',
    ]);
    const text = await admin.expect(200, 'GET', '/configuration/export?secrets=true');
    await admin.expect(204, 'DELETE', `/devices/${mac}`, undefined, anyVersion);
    const asText = { 'content-type': 'text/plain' };
    await admin.expect(200, 'POST', '/configuration/import', text, asText);

    await expect.poll(async () => (await list()).total).toBe(1);
    expect(await accounts()).toEqual(generated);
  });

  test('[API-001] an assignment on an older state of a device is refused, and nothing of it is done', async () => {
    const anna = await createUser(admin, { name: 'Anna', extension: '100' });
    const bruno = await createUser(admin, { name: 'Bruno', extension: '101' });
    const macs = ['001565aabb01', '001565aabb02'];
    await admin.expect(201, 'POST', '/devices', { macs });
    const read = (await list()) as unknown as { items: { mac: string; version: number }[] };
    await admin.expect(200, 'POST', '/devices/assign', {
      assignments: [{ mac: macs[1], lines: [anna], version: read.items[1]?.version }],
    });

    const late = await admin.send('POST', '/devices/assign', {
      assignments: read.items.map(({ mac, version }) => ({ mac, lines: [bruno], version })),
    });

    expect(late).toMatchObject({ status: 412, body: { code: 'stale' } });
    expect((await list()).items.map(({ extension }) => extension)).toEqual(['login1', '100']);
  });

  test('[DEV-053] the text export holds devices, groups and their secrets, and reads back to the same', async () => {
    const group = (await admin.expect(201, 'POST', '/device-groups', {
      name: 'Lab',
      settings: { 'snmp.community': 'Secret-1' },
    })) as { id: string };
    await admin.expect(201, 'POST', '/devices', {
      macs: ['001565aabb01'],
      groups: [group.id],
      keys: [{ area: 'line', index: 2, kind: 'blf', value: '101' }],
      customLines: [{ key: 'phone_setting.x', value: '1' }],
    });
    const asText = { 'content-type': 'text/plain' };
    const text = await admin.expect(200, 'GET', '/configuration/export?secrets=true');
    expect(text).toContain('[device 001565aabb01]');

    await admin.expect(204, 'DELETE', '/devices/001565aabb01', undefined, anyVersion);
    await admin.expect(200, 'POST', '/configuration/import', text, asText);

    const again = await admin.expect(200, 'GET', '/configuration/export?secrets=true');
    expect(again).toBe(text);
    await expect.poll(async () => (await list()).total).toBe(1);
  });

  test('[DEV-041] a CSV file adds devices by extension and group for users of another, and names every wrong cell', async () => {
    const ofUsers = (await admin.expect(
      200,
      'POST',
      '/users/import/preview',
      'extension,name\n100,Anna\n',
    )) as { importId: string };
    await admin.expect(200, 'POST', '/users/import', { importId: ofUsers.importId });
    await admin.expect(201, 'POST', '/device-groups', { name: 'Lab' });
    const wrong = await admin.expect(
      200,
      'POST',
      '/devices/import/preview',
      'mac,extensions,groups,model\n001565aabb01,999,Lap,T53W\nhello,100,Lab,T99\n',
    );
    expect(wrong).not.toHaveProperty('importId');
    expect((wrong as { issues: { path: string }[] }).issues.map(({ path }) => path)).toEqual([
      '2.extensions',
      '2.groups',
      '3.mac',
    ]);

    const preview = (await admin.expect(
      200,
      'POST',
      '/devices/import/preview',
      'mac,extensions,groups,model\n00:15:65:aa:bb:01,100,Lab,T53W\n',
    )) as { importId: string };
    await admin.expect(200, 'POST', '/devices/import', { importId: preview.importId });
    expect((await list()).items).toMatchObject([{ mac: '001565aabb01', extension: '100' }]);
    expect(await admin.expect(200, 'GET', '/devices/export.csv')).toContain(
      '001565aabb01,yealink,T53W,,100,Lab,no',
    );
    const files = await admin.expect(200, 'GET', '/devices/001565aabb01/files');
    expect(JSON.stringify(files)).toContain('account.1.user_name = 100');
  });

  test('[PERF-021] a page of 5,000 devices is listed, searched and sorted without delay', async () => {
    const macs = Array.from(
      { length: 5000 },
      (_, index) => `001565${index.toString(16).padStart(6, '0')}`,
    );
    await admin.expect(201, 'POST', '/devices', { macs });
    await list();
    const before = process.cpuUsage();
    const rounds = 5;
    for (let round = 0; round < rounds; round += 1) {
      expect((await list('?search=login&sort=extension&direction=desc&page=3')).total).toBe(5000);
    }
    // Processor time, not the clock: server and client of this process together.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000 / rounds).toBeLessThan(100);
  });
});
