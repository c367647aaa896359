/** A device takes the place of another, over the API of a management plane with real databases. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createUser } from '../../../../support/management-plane/api-accounts.ts';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import {
  exampleBinding,
  TestManagementPlane,
} from '../../../../support/management-plane/management-plane.ts';
import { curl } from '../../../../support/programs/curl.ts';

interface Shown {
  readonly extension?: string;
  readonly vendor?: string;
  readonly model?: string;
  readonly comment?: string;
  readonly announcedUntil?: string;
  readonly configuration: Readonly<Record<string, unknown>>;
}

const broken = '001565aabb01';
const fresh = '001565aabb02';
const anyVersion = { 'if-match': '*' };

let plane: TestManagementPlane;
let admin: ApiClient;
let anna: string;
let group: string;

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
  anna = await createUser(admin, { name: 'Anna', extension: '100' });
  ({ id: group } = (await admin.expect(201, 'POST', '/device-groups', { name: 'Lab' })) as {
    id: string;
  });
  await admin.expect(201, 'POST', '/devices', {
    macs: [broken],
    model: 'T53W',
    comment: 'Reception',
    lines: [anna],
    groups: [group],
    keys: [{ area: 'line', index: 3, kind: 'blf', value: '101' }],
    settings: { 'network.voiceVlanId': 40, 'security.userPassword': 'Own-Secret-1' },
    customLines: [{ key: 'phone_setting.x', value: '1' }],
    tftpException: true,
  });
  const line = { displayName: 'Provider', userName: 'prov1', host: 'sip.example.org' };
  await admin.expect(
    200,
    'PATCH',
    `/devices/${broken}`,
    { externalLines: [{ ...line, password: 'Line-Secret-1' }] },
    anyVersion,
  );
});

afterEach(async () => {
  await plane.remove();
});

const show = async (mac: string): Promise<Shown> =>
  (await admin.expect(200, 'GET', `/devices/${mac}`)) as Shown;
const replace = (mac: string, by: string, headers: Record<string, string> = anyVersion) =>
  admin.send('POST', `/devices/${mac}/replace`, { mac: by }, headers);

interface Revealed {
  readonly provisioningUrl: string;
  readonly linePasswords: readonly { readonly password: string }[];
}
const reveal = async (mac: string): Promise<Revealed> =>
  (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as Revealed;

const fetchFile = ({ provisioningUrl }: Revealed, mac: string) =>
  curl(`${provisioningUrl}${mac}.cfg`, { userAgent: `Yealink SIP-T53W 96.87.0.16 ${mac}` });

/** Names and passwords with which the device registers the lines of its users. */
const accountsOf = (file: string): string[] =>
  file.split('\n').filter((text) => /^account\.1\.(auth_name|password) = /.test(text));

async function kindsOf(mac: string): Promise<string[]> {
  const { items } = (await admin.expect(200, 'GET', `/devices/${mac}/history`)) as {
    items: { kind: string; detail: string }[];
  };
  return items.map(({ kind, detail }) => `${kind} ${detail}`);
}

describe('a device that takes the place of another', () => {
  test('[DEV-012] has all that was set, with secrets of its own; the old one is gone, and undo brings it back', async () => {
    const before = await show(broken);
    const old = await reveal(broken);
    const oldFile = await fetchFile(old, broken);
    plane.callPlane.bus.emit('bindings.changed', {
      updated: [exampleBinding(anna, { device: broken })],
      removed: [],
    });
    await expect.poll(() => show(broken)).toHaveProperty('registration');

    const answer = await replace(broken, '00:15:65:AA:BB:02');
    expect(answer).toMatchObject({ status: 200, body: { mac: fresh, extension: '100' } });

    const after = await show(fresh);
    expect(after).toMatchObject({ vendor: 'yealink', model: 'SIP-T53W', comment: 'Reception' });
    // Whoever may fetch without encryption is decided for each device.
    expect(after.configuration).toEqual({ ...before.configuration, tftpException: false });
    expect(after.announcedUntil).toBeDefined();
    expect((await admin.send('GET', `/devices/${broken}`)).status).toBe(404);
    await expect.poll(() => plane.callPlane.unregistered).toEqual([broken]);
    expect(await fetchFile(old, broken)).toMatchObject({ status: 404 });

    const now = await reveal(fresh);
    expect(now.provisioningUrl).not.toBe(old.provisioningUrl);
    expect(now.linePasswords.map(({ password }) => password)).toEqual(['Line-Secret-1']);
    const newFile = (await fetchFile(now, fresh)).body;
    expect(newFile).toContain('Own-Secret-1');
    expect(newFile).toContain('phone_setting.x = 1');
    expect(accountsOf(newFile)).toHaveLength(2);
    for (const account of accountsOf(oldFile.body)) {
      expect(newFile).not.toContain(account);
    }

    const accountNames = [oldFile.body, newFile].map(
      (file) => /^account\.1\.auth_name = (\S+)$/m.exec(file)?.[1] ?? '',
    );
    expect(
      accountNames.map((name) => plane.callPlane.snapshot?.findSipAccount(name)?.device),
    ).toEqual([undefined, fresh]);

    const audit = (await admin.expect(200, 'GET', '/audit')) as { items: object[] };
    expect(audit.items).toContainEqual(
      expect.objectContaining({ action: 'device-replaced', detail: `${broken} → ${fresh}` }),
    );
    expect(await kindsOf(broken)).toContainEqual(expect.stringMatching(`^replaced ${fresh}, by `));
    expect(await kindsOf(fresh)).toContainEqual(expect.stringMatching(`^took-over ${broken}, by `));

    const revisions = (await admin.expect(200, 'GET', '/revisions?pageSize=1')) as {
      items: { number: number }[];
    };
    const number = String(revisions.items[0]?.number);
    await admin.expect(201, 'POST', `/revisions/${number}/revert`, {});
    expect((await show(broken)).configuration).toEqual(before.configuration);
    expect(plane.callPlane.snapshot?.findSipAccount(accountNames[0] ?? '')?.device).toBe(broken);
    expect((await admin.send('GET', `/devices/${fresh}`)).status).toBe(404);
    expect(await fetchFile(old, broken)).toMatchObject({ status: 200, body: oldFile.body });
  });

  test('one that waits in the list keeps its own address and name of login', async () => {
    await admin.expect(201, 'POST', '/devices', { macs: [fresh], comment: 'Box 7' });
    const own = await reveal(fresh);
    expect(await replace(broken, fresh)).toMatchObject({ status: 200 });

    expect(await show(fresh)).toMatchObject({ extension: '100', comment: 'Reception' });
    expect((await reveal(fresh)).provisioningUrl).toBe(own.provisioningUrl);
    await admin.expect(200, 'POST', '/devices/assign', {
      assignments: [{ mac: fresh, lines: [] }],
    });
    expect((await show(fresh)).extension).toBe('login2');
  });

  test('what does not fit another model or vendor is told before anything changes', async () => {
    const preview = async (mac: string) =>
      admin.expect(200, 'GET', `/devices/${broken}/replacement?by=${mac}`);
    expect(await preview(fresh)).toEqual({
      mac: fresh,
      isKnown: false,
      vendor: 'yealink',
      model: 'SIP-T53W',
      leftOut: { lines: 0, keys: 0, settings: [], customLines: 0 },
      losesException: true,
    });

    const small = '000b82aabb03';
    await admin.expect(201, 'POST', '/devices', {
      macs: [small],
      vendor: 'grandstream',
      model: 'HT801',
    });
    expect(await preview(small)).toMatchObject({
      isKnown: true,
      vendor: 'grandstream',
      leftOut: { lines: 1, keys: 1, customLines: 1 },
    });
    expect(await show(broken)).toMatchObject({ extension: '100' });
    expect(await replace(broken, small)).toMatchObject({ status: 200 });
    expect((await show(small)).configuration).toMatchObject({ lines: [anna], customLines: [] });
  });

  test('[API-001] one that is in use, rejected, the same or no device is refused, and so is an older state', async () => {
    await admin.expect(201, 'POST', '/devices', { macs: [fresh], lines: [anna] });
    await admin.expect(201, 'POST', '/devices', { macs: ['001565aabb03'] });
    await admin.expect(200, 'POST', '/devices/reject', { macs: ['001565aabb03'] });
    const refused = async (by: string) => {
      const { status, body } = await replace(broken, by);
      const [issue] = (body as { issues: { code: string; message: string }[] }).issues;
      return [status, issue?.code, issue?.message];
    };
    expect(await refused(fresh)).toEqual([
      409,
      'contradiction',
      `${fresh} has lines: take them away first`,
    ]);
    expect(await refused('001565aabb03')).toEqual([
      409,
      'rejected',
      '001565aabb03 was rejected: it has to be allowed again first',
    ]);
    expect(await refused(broken)).toEqual([422, 'contradiction', `${broken} is the device itself`]);
    expect(await refused('0100.5e00.0001')).toEqual([
      422,
      'invalid-value',
      '0100.5e00.0001 is no MAC of a device',
    ]);
    expect(await replace(broken, '001565aabb04', { 'if-match': '"1"' })).toMatchObject({
      status: 412,
    });
    expect((await replace('001565aabb77', '001565aabb04')).status).toBe(404);
    expect(await show(broken)).toMatchObject({ extension: '100' });
  });

  test('[DECT-004] a base has its place in the DECT system, and what is no base cannot have it', async () => {
    const [master, member, spare] = ['000413aa0001', '000413aa0002', '000413aa0003'];
    await admin.expect(201, 'POST', '/devices', {
      macs: [master, member],
      vendor: 'snom-m',
      model: 'M700',
    });
    const { id } = (await admin.expect(201, 'POST', '/dect/systems', {
      name: 'Office',
      sync: 'planned',
      bases: [
        { mac: master, name: 'Hall' },
        { mac: member, syncSource: master },
      ],
      dataMaster: master,
    })) as { id: string };
    expect(await replace(master, fresh)).toMatchObject({
      status: 422,
      body: { issues: [{ path: 'mac', code: 'contradiction' }] },
    });

    expect(await replace(master, spare)).toMatchObject({ status: 200, body: { mac: spare } });
    expect(await admin.expect(200, 'GET', `/dect/systems/${id}`)).toMatchObject({
      dataMaster: spare,
      bases: [
        { mac: spare, name: 'Hall' },
        { mac: member, syncSource: spare },
      ],
    });
    expect(await replace(broken, member)).toMatchObject({ status: 409 });
  });
});
