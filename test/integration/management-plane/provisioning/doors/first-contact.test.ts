/** Devices that fetch their files, as curl replays them, against a management plane. */
import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger, type Logger } from '../../../../../system/foundation/logger.ts';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { curl } from '../../../../support/programs/curl.ts';
import { TestManagementPlane } from '../../../../support/management-plane/management-plane.ts';

let plane: TestManagementPlane;
let admin: ApiClient;
let warnings: string[];

const logger: Logger = {
  ...silentLogger,
  warn: (message, fields) => {
    warnings.push(`${message} ${JSON.stringify(fields)}`);
  },
  child: () => logger,
};

const mac = '001565aabb01';
const userAgent = 'Yealink SIP-T53W 96.86.0.15 00:15:65:aa:bb:01';
const anyVersion = { 'if-match': '*' };

const userAgents: Readonly<Record<string, string>> = {
  'cisco-mpp': 'Cisco-CP-7832-3PCC/11.0.1 (00562b043615)',
  snom: 'Mozilla/4.0 (compatible; snomD785-SIP 10.1.64.14 1.1.3-u 000413AABB01 SXM:0 UXM:0 UXMC:0)',
};

/** Of base64 with or without the lines around it. */
function toPem(text: string): string {
  return text.includes('BEGIN')
    ? text
    : `-----BEGIN CERTIFICATE-----\n${text.trim()}\n-----END CERTIFICATE-----\n`;
}

beforeEach(async () => {
  warnings = [];
  plane = await TestManagementPlane.start({ logger });
  admin = new ApiClient(plane);
  await admin.firstLogin();
  await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
});

afterEach(async () => {
  await plane.remove();
});

const httpUrl = (path: string): string => `http://127.0.0.1:${String(plane.httpPort)}/prov/${path}`;

function fetchUrlOf(body: string): string {
  const match = /^static\.auto_provision\.server\.url = (\S+)$/m.exec(body);
  return match?.[1] ?? '';
}

/** With generated passwords. */
async function addUser(): Promise<string> {
  const body = { name: 'Anna', extension: '100' };
  const { user } = (await admin.expect(201, 'POST', '/users', body)) as { user: { id: string } };
  return user.id;
}

async function addDevice(lines: readonly string[] = []): Promise<void> {
  await admin.expect(201, 'POST', '/devices', { macs: [mac], lines });
}

describe('first contact', () => {
  test.each(['9c75140a0b0c.cfg', '9C75140A0B0C.cfg', '/9c75140A0B0C.cfg'])(
    'a phone may write its MAC in letters of either case: %s',
    async (path) => {
      const phone = { macs: ['9c75140a0b0c'], vendor: 'wp4x0', model: 'WP480' };
      await admin.expect(201, 'POST', '/devices', phone);
      expect((await curl(httpUrl(path))).body).toMatch(/^Config\.Autoprovision\.GENERAL\.Url = /m);
    },
  );

  test('[DEV-037] a phone that was told a host name alone gets its file, whatever else is asked for goes to WMS', async () => {
    await addDevice();
    const root = `http://127.0.0.1:${String(plane.httpPort)}`;
    const bare = await curl(`${root}/${mac}.cfg`, { userAgent });
    expect(fetchUrlOf(bare.body)).toMatch(/^https:/);
    expect((await curl(`${root}/001565ffffff.cfg`)).status).toBe(404);
    expect((await curl(`${root}/users`)).status).toBe(301);
    await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: false }, anyVersion);
    expect((await curl(`${root}/${mac}.cfg`, { userAgent })).status).toBe(301);
  });

  test('a phone with two MACs is that of its path, and its history says so', async () => {
    await addDevice();
    await curl(httpUrl(`${mac}.cfg`), { userAgent: userAgent.replace('bb:01', 'bb:02') });
    expect(await admin.expect(200, 'GET', '/devices')).toMatchObject({ total: 1 });
    const { items } = (await admin.expect(200, 'GET', `/devices/${mac}/history`)) as {
      items: { kind: string; detail: string }[];
    };
    expect(items.find(({ kind }) => kind === 'doubtful')?.detail).toBe(
      'it also calls itself 001565aabb02',
    );
  });

  test.each([
    ['poly', 'VVX400', '0004f2aabb01', '0004f2aabb01-user.cfg', /customCaCert1="([^"]+)"/],
    [
      'cisco-mpp',
      '7832',
      '00562b043615',
      'Cisco/CP-7832-3PCC/00562b043615.xml',
      /<Custom_CA_Rule>([^<]+)</,
    ],
    ['snom', 'D785', '000413aabb01', 'snomD785.htm', /<certificate type="base64">([^<]+)</],
  ])(
    '[DEV-037] a phone that trusts HTTPS only of whom it knows gets our certificate first: %s',
    async (vendor, model, phone, file, pattern) => {
      await admin.expect(201, 'POST', '/devices', { macs: [phone], vendor, model });
      const userAgent = userAgents[vendor];
      const served = await curl(httpUrl(file), userAgent === undefined ? {} : { userAgent });
      const told = pattern.exec(served.body)?.[1] ?? '';
      const certificate = told.startsWith('http') ? (await curl(told)).body : told;
      const port = Number(new URL(plane.httpsUrl).port);
      const socket = connect({ host: '127.0.0.1', port, ca: toPem(certificate) });
      await once(socket, 'secureConnect');
      expect(socket.authorized).toBe(true);
      socket.destroy();
    },
  );

  test('a phone that speaks HTTP/1.0 is served by HTTP and HTTPS', async () => {
    await addDevice();
    const bootstrap = await curl(httpUrl(`${mac}.cfg`), { more: ['--http1.0'] });
    expect(bootstrap.status).toBe(200);
    const url = `${fetchUrlOf(bootstrap.body)}${mac}.cfg`;
    expect((await curl(url, { more: ['--http1.0'] })).status).toBe(200);
  });

  test('[DEV-038] nothing is served while provisioning is off', async () => {
    await addDevice();
    await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: false }, anyVersion);
    expect((await curl(httpUrl(`${mac}.cfg`), { userAgent })).status).toBe(404);
  });

  test('[DEV-037] [DEV-039] an announced phone is led by HTTP to HTTPS, gets its account there, and then only its own address is good', async () => {
    const anna = await addUser();
    await addDevice([anna]);

    const bootstrap = await curl(httpUrl(`${mac}.cfg`), { userAgent });
    expect(bootstrap.status).toBe(200);
    expect(bootstrap.body).not.toMatch(/account\.1|password/);
    const temporary = fetchUrlOf(bootstrap.body);
    expect(temporary).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/prov\/[0-9a-f]{40}\/$/);

    const first = await curl(`${temporary}${mac}.cfg`, { userAgent });
    expect(first.body).toContain('account.1.user_name = 100');
    expect(first.body).toMatch(/^account\.1\.password = \S{20,}$/m);
    const own = fetchUrlOf(first.body);
    expect(own).not.toBe(temporary);

    const second = await curl(`${own}${mac}.cfg`, { userAgent });
    expect(second).toMatchObject({ status: 200, body: first.body });
    // It has its own address: the first contact is over, by whatever way.
    expect((await curl(`${temporary}${mac}.cfg`, { userAgent })).status).toBe(404);
    expect((await curl(httpUrl(`${mac}.cfg`), { userAgent })).status).toBe(404);
    const unchanged = await curl(`${own}${mac}.cfg`, {
      userAgent,
      more: ['--header', `If-None-Match: ${second.headers['etag'] ?? ''}`],
    });
    expect(unchanged.status).toBe(304);

    const { items } = (await admin.expect(200, 'GET', '/devices')) as { items: unknown[] };
    expect(items).toMatchObject([
      { mac, model: 'T53W', isModelReported: true, firmware: '96.86.0.15', address: '127.0.0.1' },
    ]);
    // [DEV-023] [SEC-004] now there is a password of its web page to be shown.
    const revealed = await admin.expect(200, 'POST', `/devices/${mac}/reveal`);
    const { adminPassword } = revealed as { adminPassword: string };
    expect(second.body).toContain(adminPassword);
  });

  test('[DEV-038] who knows only the MAC gets the same 404 as for a device that does not exist', async () => {
    await addDevice();
    await admin.expect(200, 'POST', '/devices/reset-passwords', { macs: [mac] });
    const answers = [
      await curl(httpUrl(`${mac}.cfg`), { userAgent }),
      await curl(httpUrl('001565ffffff.cfg'), { userAgent }),
      await curl(httpUrl('hello'), { userAgent }),
      await curl(httpUrl(`${'0'.repeat(40)}/${mac}.cfg`), { userAgent }),
    ];

    const [first] = answers;
    for (const answer of answers) {
      expect({ ...answer.headers, date: '' }).toEqual({ ...first?.headers, date: '' });
      expect(answer).toMatchObject({ status: 404, body: first?.body });
    }
  });

  test('the token of one phone opens nothing of another', async () => {
    await admin.expect(201, 'POST', '/devices', { macs: [mac, '001565aabb02'] });
    const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
      provisioningUrl: string;
    };
    expect((await curl(`${provisioningUrl}${mac}.cfg`)).status).toBe(200);
    expect((await curl(`${provisioningUrl}001565aabb02.cfg`)).status).toBe(404);
  });

  test('[DEV-038] over plain HTTP even the right token gets no password', async () => {
    const anna = await addUser();
    await addDevice([anna]);
    const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
      provisioningUrl: string;
    };
    const token = provisioningUrl.split('/')[4] ?? '';

    const answer = await curl(httpUrl(`${token}/${mac}.cfg`), { userAgent });

    expect(answer.status).toBe(200);
    expect(answer.body).not.toMatch(/password|account\./);
    expect(answer.body).not.toContain(token);
  });

  test('an exception for one phone lets it fetch unencrypted, visibly', async () => {
    const anna = await addUser();
    await addDevice([anna]);
    await admin.expect(200, 'PATCH', `/devices/${mac}`, { tftpException: true }, anyVersion);

    const answer = await curl(httpUrl(`${mac}.cfg`), { userAgent });

    expect(answer.body).toContain('account.1.user_name = 100');
    expect(fetchUrlOf(answer.body)).toMatch(/^http:/);
  });

  test('many new phones at once make few revisions, and each gets an address of its own', async () => {
    await admin.expect(200, 'POST', '/provisioning/window', { minutes: 5 });
    await addDevice();
    const phones = Array.from({ length: 40 }, (_, index) => {
      const number = index.toString(16).padStart(2, '0');
      // An address may bring four new devices; this one is known already, as an admin may be faster.
      return { mac: index === 7 ? mac : `001565bbcc${number}`, source: `127.0.9.${String(index)}` };
    });
    const revisions = async () =>
      ((await admin.expect(200, 'GET', '/revisions')) as { total: number }).total;
    const before = await revisions();

    const answers = await Promise.all(
      phones.map((phone) =>
        curl(httpUrl(`${phone.mac}.cfg`), { userAgent, more: ['--interface', phone.source] }),
      ),
    );

    const urls = answers.map(({ status, body }) => (status === 200 ? fetchUrlOf(body) : ''));
    expect(new Set(urls).size).toBe(phones.length);
    expect(urls).not.toContain('');
    const firstFiles = await Promise.all(
      phones.slice(0, 3).map((phone, index) => curl(`${urls[index] ?? ''}${phone.mac}.cfg`)),
    );
    expect(firstFiles.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { total } = (await admin.expect(200, 'GET', '/devices')) as { total: number };
    expect(total).toBe(phones.length);
    // They come within less than a second; a revision gathers a quarter of one.
    expect((await revisions()) - before).toBeLessThanOrEqual(6);
  });

  test('[DEV-040] an unknown phone appears by itself while the window is open, and not before', async () => {
    expect((await curl(httpUrl(`${mac}.cfg`), { userAgent })).status).toBe(404);
    await admin.expect(200, 'POST', '/provisioning/window', { minutes: 5 });

    const [one, two] = await Promise.all([
      curl(httpUrl(`${mac}.boot`), { userAgent }),
      curl(httpUrl(`${mac}.cfg`), { userAgent }),
    ]);
    expect([one.status, two.status]).toEqual([404, 200]);
    const { items } = (await admin.expect(200, 'GET', '/devices')) as { items: unknown[] };
    expect(items).toMatchObject([{ mac, vendor: 'yealink', model: 'T53W', extension: 'login1' }]);
    const history = await admin.expect(200, 'GET', `/devices/${mac}/history`);
    expect((history as { items: { kind: string }[] }).items.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['discovered', 'bootstrap']),
    );
  });

  test('one address cannot fill the list with invented phones', async () => {
    await admin.expect(200, 'POST', '/provisioning/window', { minutes: 5 });
    await curl(httpUrl('001565aabb[10-69].cfg'));
    expect(await admin.expect(200, 'GET', '/devices')).toMatchObject({ total: 50 });
  });

  test('[DEV-038] guessing raises an alarm', async () => {
    await admin.expect(200, 'PATCH', '/provisioning/settings', { scanAlarmMisses: 10 }, anyVersion);
    await curl(httpUrl('001565aabb[10-25].cfg'));

    const window = await admin.expect(200, 'GET', '/provisioning/window');
    expect(window).toMatchObject({
      scanAlarms: [{ kind: 'address', source: '127.0.0.1', misses: 10 }],
    });
    const audit = (await admin.expect(200, 'GET', '/audit')) as { items: { action: string }[] };
    expect(audit.items.map(({ action }) => action)).toContain('provisioning-scan');
  });

  test('[DEV-038] guessing tokens of one phone is guessing, too', async () => {
    await admin.expect(200, 'PATCH', '/provisioning/settings', { scanAlarmMisses: 10 }, anyVersion);
    await addDevice();
    for (let index = 10; index < 21; index += 1) {
      const token = String(index).repeat(20);
      expect((await curl(httpUrl(`${token}/${mac}.cfg`))).body).not.toContain('password');
    }
    expect(await admin.expect(200, 'GET', '/provisioning/window')).toMatchObject({
      scanAlarms: [{ kind: 'address', source: '127.0.0.1', misses: 10 }],
    });
    const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
      provisioningUrl: string;
    };
    expect((await curl(`${provisioningUrl}${mac}.cfg`)).body).toContain('password');
  });

  test('[DEV-038] an open window leads nobody to a phone that has its files already, unless it names the phone', async () => {
    await addDevice([await addUser()]);
    const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
      provisioningUrl: string;
    };
    await curl(`${provisioningUrl}${mac}.cfg`, { userAgent });

    await admin.expect(200, 'POST', '/provisioning/window', { minutes: 5 });
    expect((await curl(httpUrl(`${mac}.cfg`), { userAgent })).status).toBe(404);
    await admin.expect(200, 'POST', '/provisioning/window', { minutes: 5, macs: [mac] });
    expect((await curl(httpUrl(`${mac}.cfg`), { userAgent })).status).toBe(200);
  });

  test('[DEV-016] [DEV-038] new passwords, and a device that is added anew, end the short-lived address of before', async () => {
    await addDevice();
    const issued = async (): Promise<string> => {
      const { body } = await curl(httpUrl(`${mac}.cfg`), { userAgent });
      return `${fetchUrlOf(body)}${mac}.cfg`;
    };
    const first = await issued();
    expect((await curl(first)).status).toBe(200);
    await admin.expect(200, 'POST', '/devices/reset-passwords', { macs: [mac] });
    expect((await curl(first)).status).toBe(404);

    await admin.expect(200, 'POST', '/provisioning/window', { minutes: 5 });
    const second = await issued();
    expect((await curl(second)).status).toBe(200);
    await admin.expect(200, 'POST', '/devices/delete', { macs: [mac] });
    // The window is open: it comes back as a new device, which the old address says nothing about.
    expect((await curl(second, { userAgent })).body).not.toContain('password');
    expect((await curl(second)).body).not.toContain('password');
    expect(await admin.expect(200, 'GET', '/devices')).toMatchObject({ total: 1 });
  });

  test('[DEV-038] asking for many phones of others is guessing too, and then the address is not listened to', async () => {
    await admin.expect(200, 'PATCH', '/provisioning/settings', { scanAlarmMisses: 10 }, anyVersion);
    const macs = Array.from({ length: 10 }, (_, index) => `001565aabb1${String(index)}`);
    await admin.expect(201, 'POST', '/devices', { macs: [...macs, mac] });
    await admin.expect(200, 'POST', '/devices/reset-passwords', { macs });
    await curl(httpUrl('001565aabb[10-19].cfg'));

    expect(await admin.expect(200, 'GET', '/provisioning/window')).toMatchObject({
      scanAlarms: [{ source: '127.0.0.1', misses: 10 }],
    });
    expect((await curl(httpUrl(`${mac}.cfg`))).status).toBe(404);
    const fromElsewhere = { more: ['--interface', '127.0.9.1'] };
    expect((await curl(httpUrl(`${mac}.cfg`), fromElsewhere)).status).toBe(200);
    await admin.expect(200, 'POST', '/provisioning/window', { minutes: 5 });
    expect((await curl(httpUrl(`${mac}.cfg`))).status).toBe(200);
  });

  test('a phone that asks whether there is news (HEAD) has not got it', async () => {
    await addDevice();
    const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
      provisioningUrl: string;
    };
    const url = `${provisioningUrl}${mac}.cfg`;
    const drift = async (): Promise<unknown> =>
      admin.expect(200, 'GET', `/devices/drift?macs=${mac}`);

    const head = await curl(url, { userAgent, more: ['--head'] });
    expect(head.status).toBe(200);
    expect(await drift()).toMatchObject({ items: [{ mac, state: 'never' }] });

    const got = await curl(url, { userAgent });
    expect(got.headers['etag']).toBe(head.headers['etag']);
    expect(await drift()).toMatchObject({ items: [{ mac, state: 'same' }] });
    const change = { settings: { 'phone.language': 'it' } };
    await admin.expect(200, 'PATCH', `/devices/${mac}`, change, anyVersion);
    await curl(url, { userAgent, more: ['--head'] });
    expect(await drift()).toMatchObject({ items: [{ mac, state: 'changed' }] });
    // Times of files have seconds only; this change came within the same one.
    const since = ['--header', `If-Modified-Since: ${got.headers['last-modified'] ?? ''}`];
    expect((await curl(url, { userAgent, more: since })).status).toBe(200);
  });

  test('[DEV-040] a new phone that fits several vendors is not guessed, but waits until somebody says what it is', async () => {
    await admin.expect(200, 'POST', '/provisioning/window', { minutes: 5 });
    const unknown = '02aabbccdd01';
    expect((await curl(httpUrl(`${unknown}.cfg`))).status).toBe(404);
    expect(await admin.expect(200, 'GET', '/devices')).toMatchObject({ total: 0 });
    expect(warnings.join('\n')).toMatch(/cannot be told .*"02aabbccdd01".*"Fanvil"/);
    await admin.expect(201, 'POST', '/devices', { macs: [unknown], vendor: 'fanvil' });
    expect((await curl(httpUrl(`${unknown}.cfg`))).status).toBe(200);
  });

  test('an upload or another method is not an error of ours', async () => {
    await addDevice();
    const answer = await curl(httpUrl(`${mac}-local.cfg`), {
      userAgent,
      more: ['--request', 'PUT', '--data', 'x'.repeat(100_000)],
    });
    expect(answer.status).toBe(404);
  });
});
