/**
 * The exact requests with which phones of each make boot, replayed by curl against the real daemon;
 * then baresip registers with the account taken out of the served file.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../../support/management-plane/api-client.ts';
import { Baresip } from '../../support/programs/baresip.ts';
import { curl, download } from '../../support/programs/curl.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';
import { decodePValues } from '../../support/provisioning/p-value-decoder.ts';

interface Account {
  readonly user: string;
  readonly authUser: string;
  readonly password: string;
  readonly host: string;
  readonly port: string;
}

interface Family {
  readonly name: string;
  readonly mac: string;
  readonly userAgent: string;
  /** Asked for in this order at the address that DHCP or PnP told. */
  readonly requests: readonly string[];
  /** Where the first stage sends the phone. */
  readonly findUrl: (body: string) => string | undefined;
  readonly findAccount: (body: string) => Account;
}

const textOf = (body: string, pattern: RegExp): string => pattern.exec(body)?.[1] ?? '';

const families: readonly Family[] = [
  {
    name: '[DEV-067] Yealink T53W',
    mac: '805ec0aabb01',
    userAgent: 'Yealink SIP-T53W 96.87.0.16 805ec0aabb01',
    requests: ['y000000000095.boot', '805ec0aabb01.boot', 'y000000000095.cfg', '805ec0aabb01.cfg'],
    findUrl: (body) => /^static\.auto_provision\.server\.url = (\S+)$/m.exec(body)?.[1],
    findAccount: (body) => ({
      user: textOf(body, /^account\.1\.user_name = (\S+)$/m),
      authUser: textOf(body, /^account\.1\.auth_name = (\S+)$/m),
      password: textOf(body, /^account\.1\.password = (\S+)$/m),
      host: textOf(body, /^account\.1\.sip_server\.1\.address = (\S+)$/m),
      port: textOf(body, /^account\.1\.sip_server\.1\.port = (\S+)$/m),
    }),
  },
  {
    name: 'Snom D785',
    mac: '000413aabb02',
    userAgent:
      'Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 1.1.3-u 000413AABB02 SXM:0 UXM:0 UXMC:0)',
    requests: ['snomD785.htm', 'snomD785-000413AABB02.htm'],
    findUrl: (body) =>
      /<file url="([^"]+\/)snomD785-/.exec(body)?.[1] ??
      /<setting_server perm="RW">([^<]+)</.exec(body)?.[1],
    findAccount: (body) => {
      const [host = '', port = ''] = textOf(body, /<user_outbound idx="1" perm="R">([^;<]+)/).split(
        ':',
      );
      return {
        user: textOf(body, /<user_name idx="1" perm="R">([^<]+)</),
        authUser: textOf(body, /<user_pname idx="1" perm="R">([^<]+)</),
        password: textOf(body, /<user_pass idx="1" perm="R">([^<]+)</),
        host,
        port,
      };
    },
  },
  {
    name: 'Grandstream GXP2170',
    mac: '000b82aabb03',
    userAgent: 'Grandstream Model HW GXP2170 SW 1.0.11.64 DevId 000b82aabb03',
    requests: ['cfg000b82aabb03', 'cfg000b82aabb03.xml', 'cfggxp2170.xml', 'cfg.xml'],
    findUrl: (body) => {
      const hostPath = /<P237>([^<]+)</.exec(body)?.[1];
      return hostPath === undefined || !body.includes('<P212>2</P212>')
        ? undefined
        : `https://${hostPath}/`;
    },
    findAccount: (body) => {
      const [host = '', port = ''] = textOf(body, /<P47>([^<]+)</).split(':');
      return {
        user: textOf(body, /<P35>([^<]+)</),
        authUser: textOf(body, /<P36>([^<]+)</),
        password: textOf(body, /<P34>([^<]+)</),
        host,
        port,
      };
    },
  },
  {
    name: 'Aastra 57i',
    mac: '00085daabb04',
    userAgent: 'Aastra57i MAC:00-08-5D-AA-BB-04 V:3.2.2.1136-SIP',
    requests: ['security.tuz', 'aastra.cfg', '57i.cfg', '00085DAABB04.cfg'],
    findUrl: (body) => {
      const [server, port, path] = ['server', 'port', 'path'].map((name) =>
        textOf(body, new RegExp(`^https ${name}: (\\S+)$`, 'm')),
      );
      return body.includes('download protocol: HTTPS')
        ? `https://${server ?? ''}:${port ?? ''}/${path ?? ''}/`
        : undefined;
    },
    findAccount: (body) => ({
      user: textOf(body, /^sip line1 user name: (\S+)$/m),
      authUser: textOf(body, /^sip line1 auth name: (\S+)$/m),
      password: textOf(body, /^sip line1 password: (\S+)$/m),
      host: textOf(body, /^sip line1 registrar ip: (\S+)$/m),
      port: textOf(body, /^sip line1 registrar port: (\S+)$/m),
    }),
  },
  {
    name: 'AudioCodes MP-118',
    mac: '00908faabb05',
    userAgent: 'Mozilla/4.0 (compatible; AudioCodes; MP-118 FXS;6.60A.329.003;00908FAABB05;0)',
    requests: ['00908faabb05.ini'],
    findUrl: (body) => /^IniFileURL = '(https:\/\/[^<]+\/)<MAC>\.ini'/m.exec(body)?.[1],
    findAccount: (body) => ({
      user: textOf(body, /^TrunkGroup 0 = 0, 255, 1, 1, (\w+),/m),
      authUser: textOf(body, /^Authentication 0 = ([^,]+),/m),
      password: textOf(body, /^Authentication 0 = [^,]+, ([^;]+);/m),
      host: textOf(body, /^ProxyIp 0 = ([^:]+):/m),
      port: textOf(body, /^ProxyIp 0 = [^:]+:(\d+),/m),
    }),
  },
  {
    name: '[DEV-059] Wildix WP480 R2',
    mac: '9c7514aabb04',
    userAgent: 'Wildix WP480GR2 54.0.1.92',
    requests: ['9C7514AABB04.cfg'],
    findUrl: (body) => /^Config\.Autoprovision\.GENERAL\.Url = (\S+)$/m.exec(body)?.[1],
    findAccount: (body) => ({
      user: textOf(body, /^Config\.Account1\.GENERAL\.UserName = (\S+)$/m),
      authUser: textOf(body, /^Config\.Account1\.GENERAL\.AuthName = (\S+)$/m),
      password: textOf(body, /^Config\.Account1\.GENERAL\.Pwd = (\S+)$/m),
      host: textOf(body, /^Config\.Account1\.SIP\.Server = (\S+)$/m),
      port: textOf(body, /^Config\.Account1\.SIP\.Port = (\S+)$/m),
    }),
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

describe.each(families)('$name', (family) => {
  const { mac, userAgent, requests } = family;

  test('[DEV-037] [DEV-039] boots, gets its account over HTTPS and registers', async () => {
    const extension = String(200 + families.indexOf(family));
    const { user } = (await admin.expect(201, 'POST', '/users', {
      name: family.name,
      extension,
    })) as { user: { id: string } };
    await admin.expect(201, 'POST', '/devices', { macs: [mac], lines: [user.id] });

    const boot = async (base: string): Promise<string> => {
      let text = '';
      for (const request of requests) {
        const answer = await curl(base + request, { userAgent });
        expect([200, 404]).toContain(answer.status);
        expect(answer.headers).not.toHaveProperty('location');
        text += answer.status === 200 ? answer.body : '';
      }
      return text;
    };
    const firstUrl = family.findUrl(await boot(`${daemon.httpUrl}/prov/`)) ?? '';
    expect(firstUrl).toMatch(/^https:/);
    const ownUrl = family.findUrl(await boot(firstUrl)) ?? '';
    const account = family.findAccount(await boot(ownUrl));
    expect(account).toMatchObject({ user: extension, host: '127.0.0.1' });
    expect(account.port).toBe(String(daemon.sipPort));
    expect(account.password.length).toBeGreaterThanOrEqual(20);

    phones.push(
      await Baresip.start({
        account: {
          user: account.user,
          authUser: account.authUser,
          password: account.password,
          sipPort: Number(account.port),
          transport: 'udp',
        },
        toneHz: 440,
      }),
    );

    await expect
      .poll(() => admin.expect(200, 'GET', `/devices/${mac}`), { timeout: 10_000 })
      .toMatchObject({ mac, isModelReported: true, registration: { protocol: 'udp' } });
  });
});

test('[DEV-069] a phone that knows no HTTPS gets its account only by the exception of the device', async () => {
  const mac = '000b82aabb06';
  const userAgent = 'Grandstream BT200 (bt200e.bin:1.2.1.4/boot55e.bin:1.1.6.6)';
  const extension = '290';
  const { user } = (await admin.expect(201, 'POST', '/users', {
    name: 'BudgeTone 200',
    extension,
  })) as { user: { id: string } };
  await admin.expect(201, 'POST', '/devices', { macs: [mac], lines: [user.id] });
  const boot = async (base: string): Promise<ReadonlyMap<string, string>> => {
    const file = decodePValues(await download(`${base}cfg${mac}`, userAgent));
    expect(file.mac).toBe(mac);
    return new Map(file.parameters);
  };

  const before = await boot(`${daemon.httpUrl}/prov/`);
  expect([...before.keys()].filter((name) => name !== 'P30')).toEqual([]);

  await admin.expect(200, 'PATCH', `/devices/${mac}`, { tftpException: true }, { 'if-match': '*' });
  const first = await boot(`${daemon.httpUrl}/prov/`);
  expect(first.get('P212')).toBe('1');
  const parameters = await boot(`http://${first.get('P237') ?? ''}/`);
  expect(parameters.get('P35')).toBe(extension);
  const [host, port] = parameters.get('P47')?.split(':') ?? [];
  expect(host).toBe('127.0.0.1');
  phones.push(
    await Baresip.start({
      account: {
        user: parameters.get('P35') ?? '',
        authUser: parameters.get('P36') ?? '',
        password: parameters.get('P34') ?? '',
        sipPort: Number(port),
        transport: 'udp',
      },
      toneHz: 440,
    }),
  );

  await expect
    .poll(() => admin.expect(200, 'GET', `/devices/${mac}`), { timeout: 10_000 })
    .toMatchObject({ model: 'BT200', tftpException: true, registration: { protocol: 'udp' } });
});
