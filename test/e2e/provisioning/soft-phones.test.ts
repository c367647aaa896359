/**
 * Soft phones fetch their settings by POST at an address that somebody entered once; baresip registers with the
 * account that stands in them.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { Baresip } from '../../support/programs/baresip.ts';
import { curl } from '../../support/programs/curl.ts';

const form = ['--data', 'username=anybody&password=typed-by-hand'];

const programs = [
  {
    vendor: 'jitsi',
    mac: '0a00270aabb1',
    file: '0a00270aabb1.properties',
    extension: '341',
    valueOf: (body: string, name: string) =>
      new RegExp(String.raw`^\S+\.sip\.acccampanile1\.${name}=(.+)$`, 'm').exec(body)?.[1] ?? '',
    names: { user: 'USER_ID', authUser: 'AUTHORIZATION_NAME', password: 'PASSWORD' },
  },
  {
    vendor: 'bria',
    mac: '0a00270aabb2',
    file: 'bria-0a00270aabb2.ini',
    extension: '342',
    valueOf: (body: string, name: string) =>
      new RegExp(`^proxies:proxy0:${name}="(.+)"$`, 'm').exec(body)?.[1] ?? '',
    names: { user: 'username', authUser: 'authorization_username', password: 'password' },
  },
] as const;

let daemon: TestDaemon;
let admin: ApiClient;
const phones: Baresip[] = [];

beforeAll(async () => {
  daemon = await startDaemon();
  admin = new ApiClient(daemon);
  await admin.firstLogin();
  const settings = { httpEnabled: true };
  await admin.expect(200, 'PATCH', '/provisioning/settings', settings, { 'if-match': '*' });
  const uploads = { uploadsEnabled: true };
  await admin.expect(200, 'PATCH', '/device-access', uploads, { 'if-match': '*' });
});

afterAll(async () => {
  for (const phone of phones) {
    await phone.stop();
  }
  await daemon.remove();
});

describe.each(programs)('$vendor', ({ vendor, mac, file, extension, valueOf, names }) => {
  test('[DEV-076] posts its form to its own address and registers with the SIP account in the answer', async () => {
    const user = { name: 'Anna Bianchi', extension };
    const created = (await admin.expect(201, 'POST', '/users', user)) as { user: { id: string } };
    await admin.expect(201, 'POST', '/devices', {
      macs: [mac],
      vendor,
      lines: [created.user.id],
    });
    const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
      provisioningUrl: string;
    };
    expect(provisioningUrl).toMatch(new RegExp(`^https://.+/prov/[0-9a-f]{40}/${file}$`));

    const answer = await curl(provisioningUrl, { more: form });
    expect(answer.status).toBe(200);
    const [userName = ''] = valueOf(answer.body, names.user).split('@');
    const authUser = valueOf(answer.body, names.authUser);
    const password = valueOf(answer.body, names.password);
    expect(userName).toBe(extension);
    const account = { user: userName, authUser, password, sipPort: daemon.sipPort };
    phones.push(await Baresip.start({ account: { ...account, transport: 'udp' }, toneHz: 440 }));
    await expect
      .poll(() => admin.expect(200, 'GET', `/devices/${mac}`), { timeout: 10_000 })
      .toHaveProperty('registration.userAgent', expect.stringContaining('baresip'));
  });

  test('what was typed into its form is stored nowhere, even where devices may store things', async () => {
    expect(await admin.expect(200, 'GET', `/devices/${mac}/uploads`)).toMatchObject({ items: [] });
  });

  test('gets nothing without its address, on a way that others can read, or at the address of another', async () => {
    const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
      provisioningUrl: string;
    };
    const path = new URL(provisioningUrl).pathname;
    const host = new URL(provisioningUrl).origin;
    const other = programs.find((program) => program.mac !== mac)?.file ?? '';
    const urls = [
      `${host}/prov/${file}`,
      `${daemon.httpUrl}${path}`,
      provisioningUrl.replace(file, other),
      provisioningUrl.replace(/[0-9a-f]{40}/, '0'.repeat(40)),
    ];
    for (const url of urls) {
      expect((await curl(url, { more: form })).status, url).toBe(404);
    }
  });
});
