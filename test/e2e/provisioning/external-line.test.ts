/**
 * An external line end to end: the account is taken out of the file that the phone gets, and baresip
 * registers with it at another registrar (kamailio), while the phone's own line stays at the PBX.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { Baresip } from '../../support/programs/baresip.ts';
import { curl } from '../../support/programs/curl.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { Kamailio } from '../../support/programs/kamailio.ts';

const mac = '805ec0aabb01';
const userAgent = `Yealink SIP-T53W 96.87.0.16 ${mac}`;
const account = { userName: '0612345', authName: 'acct-77', password: 'prov1der-Secret' };

let daemon: TestDaemon;
let admin: ApiClient;
let provider: Kamailio;
const phones: Baresip[] = [];

beforeAll(async () => {
  provider = await Kamailio.start(account);
  daemon = await startDaemon();
  admin = new ApiClient(daemon);
  await admin.firstLogin();
  const anyVersion = { 'if-match': '*' };
  await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
});

afterAll(async () => {
  for (const phone of phones) {
    await phone.stop();
  }
  await daemon.remove();
  await provider.stop();
});

test('[DEV-054] the account in the served file registers at its own registrar, beside the line of the user', async () => {
  const { user } = (await admin.expect(201, 'POST', '/users', {
    name: 'Anna',
    extension: '201',
  })) as { user: { id: string } };
  await admin.expect(201, 'POST', '/devices', { macs: [mac], lines: [user.id] });
  await admin.expect(
    200,
    'PATCH',
    `/devices/${mac}`,
    { externalLines: [{ ...account, host: '127.0.0.1', port: provider.port }] },
    { 'if-match': '*' },
  );

  const bootstrap = await curl(`${daemon.httpUrl}/prov/${mac}.boot`, { userAgent });
  expect(bootstrap.body).not.toContain(account.password);
  const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
    provisioningUrl: string;
  };
  expect(provisioningUrl).toMatch(/^https:/);
  const { status, body } = await curl(`${provisioningUrl}${mac}.cfg`, { userAgent });
  expect(status).toBe(200);
  const told = (line: number, name: string): string =>
    new RegExp(`^account\\.${String(line)}\\.${name} = (\\S+)$`, 'm').exec(body)?.[1] ?? '';

  for (const line of [1, 2]) {
    expect(told(line, 'sip_server\\.1\\.address')).toBe('127.0.0.1');
    phones.push(
      await Baresip.start({
        account: {
          user: told(line, 'user_name'),
          authUser: told(line, 'auth_name'),
          password: told(line, 'password'),
          sipPort: Number(told(line, 'sip_server\\.1\\.port')),
          transport: 'udp',
        },
        toneHz: 440,
      }),
    );
  }

  expect(told(1, 'sip_server\\.1\\.port')).toBe(String(daemon.sipPort));
  expect(await provider.waitFor(/registered/)).toContain('registered 0612345 as acct-77');
  await expect
    .poll(async () => admin.expect(200, 'GET', '/registrations'), { timeout: 10_000 })
    .toMatchObject({ items: [{ extension: '201' }] });
});
