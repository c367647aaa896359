/**
 * The requests with which DECT bases boot, replayed by curl against the real daemon; then baresip
 * registers as a handset, with the account taken out of the base's file, and logs in at one.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { Baresip } from '../../support/programs/baresip.ts';
import { curl } from '../../support/programs/curl.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { WmsBrowser } from '../../support/programs/wms-browser.ts';

interface Account {
  readonly user: string;
  readonly authUser: string;
  readonly password: string;
  readonly port: string;
}

interface Base {
  readonly name: string;
  readonly vendor: string;
  readonly model: string;
  readonly mac: string;
  readonly userAgent: string;
  /** Asked for in this order at the address that DHCP or the base's last file told. */
  readonly requests: readonly string[];
  readonly findUrl: (body: string) => string | undefined;
  /** Account in a place of the base, 1 or higher. */
  readonly findAccount: (body: string, place: number) => Account;
  /** What only a base that knows its handset has in its file. */
  readonly expected: readonly RegExp[];
}

const textOf = (body: string, pattern: string): string =>
  new RegExp(pattern, 'm').exec(body)?.[1] ?? '';

const snomBase = (model: string, mac: string): Base => ({
  name: `Snom ${model}`,
  vendor: 'snom-m',
  model,
  mac,
  userAgent: `Mozilla/4.0 (compatible; Snom ${model} 05.20.0001 ${mac.toUpperCase()})`,
  requests: [`snom${model}.htm`, `snom${model}-${mac.toUpperCase()}.htm`],
  findUrl: (body) =>
    /<file url="([^"]+\/)snom/.exec(body)?.[1] ??
    /<setting_server>([^<]+)<\/setting_server>/.exec(body)?.[1],
  findAccount: (body, place) => {
    const setting = (name: string): string =>
      textOf(body, `<${name} idx="${String(place)}">([^<]+)<`);
    return {
      user: setting('user_name'),
      authUser: setting('user_pname'),
      password: setting('user_pass'),
      port: textOf(body, '<user_outbound idx="1">[^:<]+:(\\d+)'),
    };
  },
  expected: [/<subscr_dect_ipui idx="1">0x010000303\d</, /<ac_code>\d{4}</],
});

const wAir: Base = {
  ...snomBase('M900', '00087baabb20'),
  name: 'Wildix W-AIR Base Sync Plus',
  vendor: 'w-air',
  model: 'W-AIR Base Sync Plus',
  userAgent: 'Wildix W-AIR Base Sync Plus/0740B0100 (00087BAABB20)',
  requests: ['00087BAABB20.cfg'],
};

const bases: readonly Base[] = [
  wAir,
  snomBase('M700', '000413aabb07'),
  snomBase('M900', '000413aabb09'),
  {
    name: 'Yealink W70B',
    vendor: 'yealink',
    model: 'W70B',
    mac: '805ec0aabb70',
    userAgent: 'Yealink W70B 146.85.0.37 805ec0aabb70',
    requests: ['y000000000000.boot', '805ec0aabb70.boot', 'y000000000146.cfg', '805ec0aabb70.cfg'],
    findUrl: (body) => /^static\.auto_provision\.server\.url = (\S+)$/m.exec(body)?.[1],
    findAccount: (body, place) => {
      const setting = (name: string): string =>
        textOf(body, `^account\\.${String(place)}\\.${name} = (\\S+)$`);
      return {
        user: setting('user_name'),
        authUser: setting('auth_name'),
        password: setting('password'),
        port: setting('sip_server\\.1\\.port'),
      };
    },
    expected: [/^account\.1\.display_name = Yealink W70B$/m],
  },
  {
    name: 'Fanvil W710D',
    vendor: 'fanvil',
    model: 'W710D',
    mac: '0c383eaabb71',
    userAgent: 'Fanvil W710D 1.4.0.2 0c383eaabb71',
    requests: ['0c383eaabb71.cfg'],
    findUrl: (body) => {
      const address = textOf(body, '^Flash Server IP {4}:(https://\\S+)\\r?$');
      return address === '' ? undefined : `${address}/`;
    },
    findAccount: (body, place) => {
      const setting = (name: string): string =>
        textOf(body, `^SIP${String(place)} ${name} *:(\\S+)\\r?$`);
      return {
        user: setting('Phone Number'),
        authUser: setting('Register User'),
        password: setting('Register Pswd'),
        port: setting('Register Port'),
      };
    },
    expected: [/^SIP1 Display Name {7}:Fanvil W710D\r$/m],
  },
];

let daemon: TestDaemon;
let browser: WmsBrowser;
let admin: ApiClient;
const phones: Baresip[] = [];

beforeAll(async () => {
  [daemon, browser] = await Promise.all([startDaemon(), WmsBrowser.start()]);
  admin = new ApiClient(daemon);
  await admin.firstLogin();
  await admin.expect(
    200,
    'PATCH',
    '/provisioning/settings',
    { httpEnabled: true },
    { 'if-match': '*' },
  );
});

afterAll(async () => {
  for (const phone of phones) {
    await phone.stop();
  }
  await browser.close();
  await daemon.remove();
});

/** A system of the one base, with a handset of a user in place 1 and one of nobody in place 2. */
async function addSystem(base: Base, extension: string): Promise<readonly string[]> {
  const { user } = (await admin.expect(201, 'POST', '/users', { name: base.name, extension })) as {
    user: { id: string };
  };
  const { mac, vendor, model } = base;
  await admin.expect(201, 'POST', '/devices', { macs: [mac], vendor, model });
  const system = (await admin.expect(201, 'POST', '/dect/systems', {
    name: base.name,
    bases: [{ mac }],
  })) as { id: string };
  const { ids } = (await admin.expect(201, 'POST', '/dect/handsets', {
    system: system.id,
    handsets: [{ user: user.id, ipui: `010000303${String(bases.indexOf(base))}` }, {}],
  })) as { ids: readonly string[] };
  return ids;
}

async function register(account: Account): Promise<Baresip> {
  const { user, authUser, password, port } = account;
  const phone = await Baresip.start({
    account: { user, authUser, password, sipPort: Number(port), transport: 'udp' },
    toneHz: 440,
  });
  phones.push(phone);
  return phone;
}

/** What the base gets with its own address. */
async function fetchFile({ mac, userAgent, requests }: Base): Promise<string> {
  const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
    provisioningUrl: string;
  };
  const { status, body } = await curl(`${provisioningUrl}${requests.at(-1) ?? ''}`, { userAgent });
  expect(status).toBe(200);
  return body;
}

describe.each(bases)('$name', (base) => {
  test('[DECT-003] [DECT-004] [DECT-005] [DEV-061] boots, gets the accounts of its handsets, which register', async () => {
    const extension = String(300 + bases.indexOf(base));
    const [first = '', second = ''] = await addSystem(base, extension);

    const boot = async (url: string): Promise<string> => {
      let text = '';
      for (const request of base.requests) {
        const answer = await curl(url + request, { userAgent: base.userAgent });
        expect([200, 404]).toContain(answer.status);
        text += answer.status === 200 ? answer.body : '';
      }
      return text;
    };
    const firstUrl = base.findUrl(await boot(`${daemon.httpUrl}/prov/`)) ?? '';
    expect(firstUrl).toMatch(/^https:/);
    const ownUrl = base.findUrl(await boot(firstUrl)) ?? '';
    const body = await boot(ownUrl);
    for (const part of base.expected) {
      expect(body).toMatch(part);
    }

    const account = base.findAccount(body, 1);
    expect(account).toMatchObject({ user: extension, port: String(daemon.sipPort) });
    expect(account.authUser).toMatch(/^d1[0-9a-f]{10}/);
    await register(account);
    const isRegistered = { state: 'registered', extension };
    await expect
      .poll(() => admin.expect(200, 'GET', `/dect/handsets/${first}`), { timeout: 10_000 })
      .toMatchObject(isRegistered);

    // Nobody's handset shows up under its login name, and waits for its user.
    const unassigned = base.findAccount(body, 2);
    expect(unassigned.user).toMatch(/^login\d+$/);
    await register({ ...unassigned, port: account.port });
    await expect
      .poll(() => admin.expect(200, 'GET', `/dect/handsets/${second}`), { timeout: 10_000 })
      .toMatchObject({ state: 'registered', extension: unassigned.user });
  });
});

test('[DECT-001] [DEV-061] a subscribed W-AIR handset of nobody becomes that of the user who logs in at it, and WMS shows so', async () => {
  const within = { timeout: 15_000 };
  const base: Base = {
    ...wAir,
    mac: '00087baabb21',
    userAgent: 'Wildix W-AIR Base Sync Plus/0740B0100 (00087BAABB21)',
    requests: ['00087BAABB21.cfg'],
  };
  const { mac, vendor, model } = base;
  const { user } = (await admin.expect(201, 'POST', '/users', {
    name: 'Carla Verdi',
    extension: '320',
  })) as { user: { id: string } };
  const pin = '471147';
  await admin.expect(200, 'PATCH', `/users/${user.id}/phone-profile`, { pin }, { 'if-match': '*' });
  await admin.expect(201, 'POST', '/devices', { macs: [mac], vendor, model });
  const system = (await admin.expect(201, 'POST', '/dect/systems', {
    name: 'Ward',
    bases: [{ mac }],
  })) as { id: string };
  const { ids } = (await admin.expect(201, 'POST', '/dect/handsets', {
    system: system.id,
    handsets: [{ ipui: '0100003999', model: 'W-AIR Med' }],
  })) as { ids: readonly string[] };
  const [id = ''] = ids;
  const handset = (): Promise<unknown> => admin.expect(200, 'GET', `/dect/handsets/${id}`);
  const historyOf = async (device: string): Promise<readonly string[]> => {
    const answer = await admin.expect(200, 'GET', `/devices/${device}/history`);
    return (answer as { items: { kind: string }[] }).items.map(({ kind }) => kind);
  };
  const visitor = await browser.open(daemon);
  await visitor.openAsAdmin(`/dect/${system.id}`);
  const row = visitor.page.getByRole('row').filter({ hasText: 'W-AIR Med' });

  const shared = base.findAccount(await fetchFile(base), 1);
  expect(shared.user).toMatch(/^login\d+$/);
  const { port } = shared;
  const unassigned = await register(shared);
  await expect.poll(handset, within).toMatchObject({ state: 'registered', extension: shared.user });
  await row.getByText(shared.user).waitFor();

  unassigned.command('dial', '99*320*000000');
  await unassigned.waitFor(/session closed|terminated/i);
  await expect.poll(() => historyOf(id), within).toContain('login-refused');
  expect(await handset()).not.toHaveProperty('user');
  unassigned.command('dial', `99*320*${pin}`);
  await expect
    .poll(handset, within)
    .toMatchObject({ user: { id: user.id, name: 'Carla Verdi' }, extension: '320' });
  await row.getByRole('gridcell', { name: '320 Carla Verdi' }).waitFor();
  // The base is told by itself to fetch the account of the user.
  await expect.poll(() => historyOf(mac), within).toContainEqual(expect.stringMatching(/^sync-/));
  await unassigned.stop();

  const own = base.findAccount(await fetchFile(base), 1);
  expect(own).toMatchObject({ user: '320', port });
  const assigned = await register(own);
  await expect.poll(handset, within).toMatchObject({ state: 'registered', extension: '320' });
  assigned.command('dial', '99');
  await expect.poll(handset, within).toMatchObject({ extension: shared.user });
  await row.getByText(shared.user).waitFor();
  expect(visitor.problems).toEqual([]);
}, 90_000);
