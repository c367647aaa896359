/** Redirection services against peers that answer as recorded and check every signature. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  redirectionServiceNames,
  type RedirectionServiceName,
} from '../../../../system/configuration/entities/redirection-service.ts';
import { ApiClient } from '../../../support/management-plane/api-client.ts';
import {
  CertificateMaker,
  type MadeCertificate,
} from '../../../support/programs/certificate-maker.ts';
import { curl } from '../../../support/programs/curl.ts';
import { TestManagementPlane } from '../../../support/management-plane/management-plane.ts';
import { RedirectionPeer } from '../../../support/provisioning/redirection-peer.ts';

/** Other test files work at the same time. */
const patience = { timeout: 15_000 };
const anyVersion = { 'if-match': '*' };

let maker: CertificateMaker;
let authority: MadeCertificate;
let certificate: MadeCertificate;
let plane: TestManagementPlane;
let admin: ApiClient;
let peer: RedirectionPeer;

beforeAll(() => {
  maker = new CertificateMaker();
  authority = maker.authority('/O=Example/CN=Private Root');
  const extension = 'subjectAltName=DNS:localhost';
  certificate = maker.leaf('/CN=localhost', authority, undefined, extension);
});

afterAll(() => {
  maker.remove();
});

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
});

afterEach(async () => {
  await plane.remove();
  await peer.close();
});

async function startPeer(
  service: RedirectionServiceName,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  peer = await RedirectionPeer.start(service, certificate);
  const { account } = peer.recording;
  const settings = {
    ...account,
    address: peer.address,
    authority: authority.certificate,
    enabled: true,
    ...changes,
  };
  await admin.expect(200, 'PATCH', `/redirection/services/${service}`, settings, anyVersion);
}

async function addDevice(mac: string): Promise<void> {
  const created = (await admin.expect(201, 'POST', '/users', {
    name: 'Anna',
    extension: '100',
  })) as { user: { id: string } };
  await admin.expect(201, 'POST', '/devices', { macs: [mac], lines: [created.user.id] });
}

async function statesOf(mac: string): Promise<readonly Record<string, unknown>[]> {
  const { items } = (await admin.expect(200, 'GET', `/redirection/devices?mac=${mac}`)) as {
    items: Record<string, unknown>[];
  };
  return items;
}

async function ask(service: RedirectionServiceName, wish: 'registered' | 'removed'): Promise<void> {
  const { mac, serial } = peer.recording;
  const serials = serial === undefined ? {} : { serials: { [mac]: serial } };
  const body = { service, wish, macs: [mac], ...serials };
  await admin.expect(200, 'POST', '/redirection/devices', body);
}

const carriesUrl = (service: RedirectionServiceName): boolean => !service.startsWith('grandstream');

describe.each(redirectionServiceNames)('[DEV-032] %s', (service) => {
  test('takes a device with an address that works for it alone, and lets it go', async () => {
    await startPeer(service);
    const { mac } = peer.recording;
    await addDevice(mac);

    const tested = await admin.send('POST', `/redirection/services/${service}/test`);
    expect(tested).toMatchObject({ status: 200 });
    await ask(service, 'registered');
    await expect
      .poll(() => statesOf(mac), patience)
      .toMatchObject([{ service, state: 'registered' }]);

    const sent = JSON.stringify(peer.received.map(({ url, body }) => [url.href, body]));
    if (carriesUrl(service)) {
      const [address = ''] = peer.addresses;
      const answer = await fetchMainFile(address, mac);
      expect(answer.status).toBe(200);
      const password = passwordIn(answer.body);
      expect(password.length).toBeGreaterThanOrEqual(20);
      expect(sent).not.toContain(password);
      // Who was led here has its own address now: what the service knows opens nothing.
      const own = /https:\/\/[^\s<"]+\/prov\/[0-9a-f]{40}\//.exec(answer.body)?.[0] ?? '';
      expect(own).not.toBe(address);
      expect((await fetchMainFile(own, mac)).status).toBe(200);
      expect((await fetchMainFile(address, mac)).status).toBe(404);
    } else {
      expect(sent).not.toContain('/prov/');
    }

    await ask(service, 'removed');
    await expect.poll(() => statesOf(mac), patience).toEqual([]);
  });

  test('says in words why it will not take a device, and is not asked again', async () => {
    await startPeer(service);
    const { mac, refusal } = peer.recording;
    await addDevice(mac);
    peer.instead.push(refusal);

    await ask(service, 'registered');

    await expect
      .poll(() => statesOf(mac), patience)
      .toMatchObject([{ state: 'failed', error: refusal.error, attempts: 1 }]);
    expect((await statesOf(mac))[0]?.['nextAt']).toBeUndefined();
  });

  test('refuses a wrong password or key, which is told, and hears no device of it', async () => {
    const wrong = service === 'yealink-rps' ? { password: 'wrong' } : { clientSecret: 'wrong' };
    await startPeer(service, wrong);
    const { mac } = peer.recording;
    await addDevice(mac);

    const tested = await admin.send('POST', `/redirection/services/${service}/test`);
    expect(tested).toMatchObject({ status: 409 });
    expect(JSON.stringify(tested.body)).toMatch(/accept/);
    await ask(service, 'registered');

    await expect
      .poll(() => statesOf(mac), patience)
      .toMatchObject([{ state: 'waiting', attempts: 1 }]);
    const [row] = await statesOf(mac);
    const delayMs = Date.parse(String(row?.['nextAt'])) - Date.parse(String(row?.['changedAt']));
    expect(delayMs).toBe(3_600_000);
    // The right password sets everything going again.
    const { account } = peer.recording;
    const path = `/redirection/services/${service}`;
    await admin.expect(200, 'PATCH', path, account, anyVersion);
    await expect.poll(() => statesOf(mac), patience).toMatchObject([{ state: 'registered' }]);
  });
});

function fetchMainFile(address: string, mac: string) {
  const isSnom = mac.startsWith('000413');
  return isSnom
    ? curl(`${address}snomD785-${mac.toUpperCase()}.htm`, {
        userAgent: 'Mozilla/4.0 (compatible; snomD785-SIP 10.1.46.16 1.1.3-s 00041300ABCD)',
      })
    : curl(`${address}${mac}.cfg`, { userAgent: 'Yealink SIP-T53W 96.86.0.15 00:15:65:aa:bb:01' });
}

/** The password of the first line. */
function passwordIn(file: string): string {
  const match = /^account\.1\.password = (\S+)$|<user_pass idx="1"[^>]*>([^<]+)</m.exec(file);
  return match?.[1] ?? match?.[2] ?? '';
}

test('[DEV-015] [DEV-027] the devices that the portal assigned come into the list, ready for their first contact', async () => {
  await startPeer('portal');

  const synced = await admin.expect(200, 'POST', '/redirection/portal/sync');

  expect(synced).toEqual({ assigned: 2, added: ['001565aabb01', '000413aabb77'] });
  const { items } = (await admin.expect(200, 'GET', '/devices?sort=mac')) as { items: unknown[] };
  expect(items).toMatchObject([
    { mac: '000413aabb77', vendor: 'snom' },
    { mac: '001565aabb01', vendor: 'yealink', comment: 'Front desk' },
  ]);
  await expect.poll(() => peer.addresses.length, patience).toBe(2);
  expect((await fetchMainFile(peer.addresses[0] ?? '', '000413aabb77')).status).toBe(200);
  const again = await admin.expect(200, 'POST', '/redirection/portal/sync');
  expect(again).toEqual({ assigned: 2, added: [] });
});

test('a service that registers by itself takes new devices of its vendor, and lets deleted ones go', async () => {
  await startPeer('snom-sraps', { automatic: true });

  // The prefix alone does not tell a desk phone of Snom from a DECT base.
  await admin.expect(201, 'POST', '/devices', { macs: ['000413aabb01'], vendor: 'snom' });
  await admin.expect(201, 'POST', '/devices', { macs: ['001565aabb01'] });

  await expect
    .poll(() => statesOf('000413aabb01'), patience)
    .toMatchObject([{ state: 'registered' }]);
  expect(await statesOf('001565aabb01')).toEqual([]);
  await admin.expect(200, 'POST', '/devices/delete', { macs: ['000413aabb01'] });
  await expect.poll(() => statesOf('000413aabb01'), patience).toEqual([]);
  expect(peer.received.at(-1)?.method).toBe('DELETE');
});

test('a service whose certificate nobody vouches for is told no password', async () => {
  await startPeer('portal', { authority: null });

  const tested = await admin.send('POST', '/redirection/services/portal/test');

  expect(tested).toMatchObject({ status: 409 });
  expect(JSON.stringify(tested.body)).toMatch(
    /No public authority vouches for the certificate of localhost:\d+/,
  );
  expect(peer.received).toEqual([]);
});

test('a service is not turned on without what it cannot work without', async () => {
  await startPeer('yealink-rps');

  const answers = await Promise.all([
    admin.send('PATCH', '/redirection/services/grandstream-gdms', { enabled: true }, anyVersion),
    admin.send('PATCH', '/redirection/services/portal', { enabled: true }, anyVersion),
    admin.send('PATCH', '/redirection/services/yealink-rps', { password: null }, anyVersion),
  ]);

  expect(answers.map(({ status, body }) => [status, pathsOfIssues(body)])).toEqual([
    [422, ['account', 'password', 'clientId', 'clientSecret']],
    [422, ['clientSecret', 'address']],
    [422, ['password']],
  ]);
  const off = { enabled: false, password: null };
  await admin.expect(200, 'PATCH', '/redirection/services/yealink-rps', off, anyVersion);
});

function pathsOfIssues(problem: unknown): string[] {
  return (problem as { issues: { path: string }[] }).issues.map(({ path }) => path);
}

test.each([
  [
    'yealink-rps',
    'a fault',
    {
      text: '<methodResponse><fault><value><string>Login failed</string></value></fault></methodResponse>',
    },
    /refuses the test: Login failed\./,
  ],
  ['snom-sraps', 'an unknown key', { status: 404, json: {} }, /does not know the key/],
] as const)(
  'the test of %s does not take %s for acceptance',
  async (service, _what, answer, said) => {
    await startPeer(service);
    peer.instead.push({ request: '', ...answer });

    const tested = await admin.send('POST', `/redirection/services/${service}/test`);

    expect(tested).toMatchObject({ status: 409 });
    expect(JSON.stringify(tested.body)).toMatch(said);
  },
);

test.each([
  ['https://localhost:%PORT%/', /Nothing answers at localhost:\d+: check the address/],
  ['https://nowhere.invalid/', /The name nowhere\.invalid (?:is not known|cannot be looked up)/],
])('an address at which nobody is, %s, is told as such', async (template, said) => {
  await startPeer('portal');
  const { port } = new URL(peer.address);
  await peer.close();
  const address = template.replace('%PORT%', port);
  await admin.expect(200, 'PATCH', '/redirection/services/portal', { address }, anyVersion);

  const tested = await admin.send('POST', '/redirection/services/portal/test');

  expect(JSON.stringify(tested.body)).toMatch(said);
});

test('what was asked for is done after a restart too', async () => {
  await startPeer('portal');
  await admin.expect(201, 'POST', '/devices', { macs: ['001565aabb01'] });
  const { address } = peer;
  await peer.close();
  await ask('portal', 'registered');
  await expect.poll(() => statesOf('001565aabb01'), patience).toMatchObject([{ state: 'waiting' }]);
  await expect
    .poll(() => statesOf('001565aabb01'), patience)
    .toMatchObject([
      { attempts: 1, error: expect.stringContaining('Nothing answers at localhost') as string },
    ]);

  const { dataDirectory } = plane;
  await plane.stop();
  plane = await TestManagementPlane.start({ dataDirectory });
  admin = new ApiClient(plane);
  await admin.login('admin', 'Campanile-Test-2026!');
  peer = await RedirectionPeer.start('portal', certificate);
  expect(peer.address).not.toBe(address);
  expect(await statesOf('001565aabb01')).toMatchObject([{ wish: 'registered', state: 'waiting' }]);
  const path = '/redirection/services/portal';
  await admin.expect(200, 'PATCH', path, { address: peer.address }, anyVersion);

  await expect
    .poll(() => statesOf('001565aabb01'), patience)
    .toMatchObject([{ state: 'registered' }]);
});
