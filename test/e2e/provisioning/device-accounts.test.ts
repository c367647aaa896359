/**
 * A device's own SIP account with real phones: seen as that device and no other, worth nothing after a
 * reset; and hot desking: a phone of nobody becomes that of the user who logs in at its keypad.
 */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { Baresip, type BaresipAccount } from '../../support/programs/baresip.ts';
import { curl } from '../../support/programs/curl.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { secondsOfTone } from '../../support/media-plane/hearing.ts';
import { waitUntil } from '../../support/wait-until.ts';

const anyVersion = { 'if-match': '*' };
const pin = '471147';
/** Registrations are told once a second, syncs when a call is over. */
const within = { timeout: 15_000 };

let daemon: TestDaemon;
let admin: ApiClient;
const phones: Baresip[] = [];

beforeAll(async () => {
  daemon = await startDaemon();
  admin = new ApiClient(daemon);
  await admin.firstLogin();
  await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
});
afterEach(async () => {
  await Promise.all(phones.splice(0).map((phone) => phone.stop()));
});
afterAll(() => daemon.remove());

async function addUser(name: string, extension: string): Promise<{ id: string; sip: string }> {
  const { user, generated } = (await admin.expect(201, 'POST', '/users', { name, extension })) as {
    user: { id: string };
    generated: { sip: string };
  };
  return { id: user.id, sip: generated.sip };
}

/** What the phone fetches with the address that was typed into it. */
async function fetchFile(mac: string): Promise<string> {
  const revealed = await admin.expect(200, 'POST', `/devices/${mac}/reveal`);
  const { provisioningUrl } = revealed as { provisioningUrl: string };
  const userAgent = `Yealink SIP-T53W 96.87.0.16 ${mac}`;
  const { status, body } = await curl(`${provisioningUrl}${mac}.cfg`, { userAgent });
  expect(status).toBe(200);
  return body;
}

function accountIn(file: string): BaresipAccount {
  const value = (name: string): string =>
    new RegExp(`^account\\.1\\.${name} = (\\S+)$`, 'm').exec(file)?.[1] ?? '';
  return {
    user: value('user_name'),
    authUser: value('auth_name'),
    password: value('password'),
    sipPort: daemon.sipPort,
    transport: 'udp',
  };
}

async function start(account: BaresipAccount, registration = /200 OK/): Promise<Baresip> {
  const phone = await Baresip.start({ account, toneHz: 440, registration });
  phones.push(phone);
  return phone;
}

const show = (mac: string) => admin.expect(200, 'GET', `/devices/${mac}`);

test('[SEC-003] [DEV-018] [DEV-016] a phone registers with an account of its own, is told apart by it, and loses it with a reset', async () => {
  const [mac, twin] = ['805ec0aabb11', '805ec0aabb12'];
  const user = await addUser('Anna', '210');
  await admin.expect(201, 'POST', '/devices', { macs: [mac, twin], lines: [user.id] });
  const file = await fetchFile(mac);
  const account = accountIn(file);
  expect(account.user).toBe('210');
  expect(account.authUser).toMatch(/^805ec0aabb11-/);
  expect(file).not.toContain(user.sip);
  expect(accountIn(await fetchFile(twin)).password).not.toBe(account.password);

  const phone = await start(account);
  await start({ ...account, authUser: '210', password: user.sip });
  await expect
    .poll(() => show(mac), within)
    .toMatchObject({ registration: { remotePort: phone.sipPort } });
  expect(await show(twin)).not.toHaveProperty('registration');

  await admin.expect(200, 'POST', '/devices/reset-passwords', { macs: [mac] });
  await expect.poll(() => show(mac), within).not.toHaveProperty('registration');
  const { items } = (await admin.expect(200, 'GET', '/registrations')) as { items: unknown[] };
  expect(items).toHaveLength(1);
  await start(account, /403 Forbidden/);

  const renewed = accountIn(await fetchFile(mac));
  expect(renewed.password).not.toBe(account.password);
  const again = await start(renewed);
  await expect
    .poll(() => show(mac), within)
    .toMatchObject({ registration: { remotePort: again.sipPort } });
}, 60_000);

test('[SIP-025] [DEV-018] a phone whose settings want TLS registers at the port of its file, and shows so', async () => {
  const mac = '805ec0aabb31';
  const user = await addUser('Tina', '215');
  const settings = { 'sip.transport': 'tls' };
  await admin.expect(201, 'POST', '/devices', { macs: [mac], lines: [user.id], settings });
  const file = await fetchFile(mac);
  expect(file).toContain('account.1.sip_server.1.transport_type = 2');
  const port = /^account\.1\.sip_server\.1\.port = (\d+)$/m.exec(file)?.[1];
  expect(port).toBe(String(daemon.sipTlsPort));
  await start({ ...accountIn(file), sipPort: Number(port), transport: 'tls' });
  await expect.poll(() => show(mac), within).toMatchObject({ registration: { protocol: 'tls' } });
});

test('[DEV-026] [CALL-055] [DEV-021] [DEV-077] a phone of nobody logs in by the feature code, is called by the number of its user, and logs out', async () => {
  const mac = '805ec0aabb21';
  const user = await addUser('Bruno', '220');
  const keys = [{ kind: 'blf', value: '210', label: 'Anna' }];
  await admin.expect(
    200,
    'PATCH',
    `/users/${user.id}/phone-profile`,
    { pin, keys, preferences: { 'phone.language': 'it' } },
    anyVersion,
  );
  await admin.expect(201, 'POST', '/devices', { macs: [mac] });
  const login = accountIn(await fetchFile(mac));
  expect(login.user).toMatch(/^login\d+$/);

  const shared = await start(login);
  await expect
    .poll(() => show(mac), within)
    .toMatchObject({
      extension: login.user,
      registration: { remotePort: shared.sipPort },
    });
  shared.command('dial', '210');
  await shared.waitFor(/403 Phone Not Logged In/);
  shared.command('dial', '99*220*000000');
  await waitUntil(() => secondsOfTone(shared.heard(), 425) > 0.3, 'the refusal is heard');
  expect(await show(mac)).toMatchObject({ users: [] });
  await shared.waitFor(/session closed|terminated/i);

  shared.command('dial', `99*220*${pin}`);
  await waitUntil(() => secondsOfTone(shared.heard(), 930) > 0.2, 'the confirmation is heard');
  await expect.poll(() => show(mac), within).toMatchObject({ extension: '220' });
  const revisions = await admin.expect(200, 'GET', '/revisions?pageSize=1');
  expect(revisions).toMatchObject({ items: [{ author: { name: 'Bruno' } }] });
  await expect
    .poll(() => admin.expect(200, 'GET', `/devices/${mac}/history`), within)
    .toMatchObject({ items: expect.arrayContaining([ofKind(/^sync-/)]) as unknown });
  const file = await fetchFile(mac);
  expect(file).toMatch(/^linekey\.2\.value = 210$/m);
  expect(file).toMatch(/^lang\.gui = Italian$/m);
  await shared.stop();

  const own = await start(accountIn(file));
  const other = await start({
    ...accountIn(file),
    authUser: '210',
    user: '210',
    password: await sipPasswordOf('210'),
  });
  other.command('dial', '220');
  await own.waitFor(/Incoming call/i);
  own.command('accept');
  await other.waitFor(/Call established/i);
  own.command('hangup');
  await other.waitFor(/session closed|terminated/i);

  own.command('dial', '99');
  await waitUntil(() => secondsOfTone(own.heard(), 930) > 0.2, 'the confirmation is heard');
  await expect.poll(() => show(mac), within).toMatchObject({ extension: login.user, users: [] });
  expect(accountIn(await fetchFile(mac))).toMatchObject({ user: login.user });
  expect(JSON.stringify(await admin.expect(200, 'GET', '/call-records'))).not.toContain(pin);
  expect(daemon.log.join('\n')).not.toContain(pin);
}, 90_000);

function ofKind(kind: RegExp): unknown {
  return expect.objectContaining({ kind: expect.stringMatching(kind) as unknown });
}

async function sipPasswordOf(extension: string): Promise<string> {
  const { items } = (await admin.expect(200, 'GET', `/users?search=${extension}`)) as {
    items: { id: string }[];
  };
  const set = await admin.expect(200, 'POST', '/users/set-passwords', {
    ids: items.map(({ id }) => id),
    sip: { generate: true },
  });
  return (set as { items: { sip: string }[] }).items[0]?.sip ?? '';
}
