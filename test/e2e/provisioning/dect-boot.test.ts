/**
 * The requests with which DECT bases boot, replayed by curl against the real daemon; then baresip
 * registers as a handset, with the account taken out of the base's file.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../../support/api-client.ts';
import { Baresip } from '../../support/baresip.ts';
import { curl } from '../../support/curl.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon.ts';

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

const bases: readonly Base[] = [
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
];

let daemon: TestDaemon;
let admin: ApiClient;
const phones: Baresip[] = [];

beforeAll(async () => {
  daemon = await startDaemon();
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

async function register(account: Account): Promise<void> {
  const { user, authUser, password, port } = account;
  phones.push(
    await Baresip.start({
      account: { user, authUser, password, sipPort: Number(port), transport: 'udp' },
      toneHz: 440,
    }),
  );
}

describe.each(bases)('$name', (base) => {
  test('[DECT-003] [DECT-004] boots, gets the accounts of its handsets, which register', async () => {
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
