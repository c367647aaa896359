/** Devices that begin by FTP, as curl replays them, against a management plane. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { FtpPeer } from '../../../../support/provisioning/ftp-peer.ts';
import { TestManagementPlane } from '../../../../support/management-plane/management-plane.ts';
import { waitUntil } from '../../../../support/wait-until.ts';

const mac = '0004f2aabb01';
const other = '0004f2aabb02';
const factoryAccount = 'PlcmSpIp:PlcmSpIp';
const anyVersion = { 'if-match': '*' };

let plane: TestManagementPlane;
let admin: ApiClient;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'campanile-ftp-'));
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  const { user } = (await admin.expect(201, 'POST', '/users', {
    name: 'Anna',
    extension: '100',
  })) as { user: { id: string } };
  await admin.expect(201, 'POST', '/devices', { macs: [mac, other], lines: [user.id] });
});

afterEach(async () => {
  await plane.remove();
  rmSync(folder, { recursive: true, force: true });
});

const configure = (settings: Readonly<Record<string, unknown>>) =>
  admin.expect(200, 'PATCH', '/provisioning/settings', settings, anyVersion);

async function open(settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const first = 50_000 + Math.floor(Math.random() * 10_000);
  const ports = { ftpPassiveFirstPort: first, ftpPassiveLastPort: first + 50 };
  await configure({ httpEnabled: true, ftpEnabled: true, ...ports, ...settings });
  await waitUntil(() => plane.devicePorts.ftp, 'FTP is open');
}

/** Curl's status besides what it wrote: 0, 67 login denied, 78 no such file, 25 upload, 9 no such folder. */
async function ftp(
  path: string,
  account = factoryAccount,
  ...words: readonly string[]
): Promise<{ status: number; text: string }> {
  const url = `ftp://127.0.0.1:${String(plane.devicePorts.ftp)}/${path}`;
  const user = account === '' ? [] : ['--user', account];
  try {
    const all = ['--silent', '--path-as-is', '--max-time', '20', ...user, ...words, url];
    const { stdout } = await promisify(execFile)('curl', all);
    return { status: 0, text: stdout };
  } catch (error) {
    return { status: (error as { code: number }).code, text: '' };
  }
}

async function store(path: string, text: string, ...words: readonly string[]): Promise<number> {
  const file = join(folder, 'content');
  writeFileSync(file, text);
  return (await ftp(path, factoryAccount, '--upload-file', file, ...words)).status;
}

async function tokenOf(device: string): Promise<string> {
  const revealed = await admin.expect(200, 'POST', `/devices/${device}/reveal`);
  return (revealed as { provisioningUrl: string }).provisioningUrl.split('/')[4] ?? '';
}

const allowUnencrypted = (device: string) =>
  admin.expect(200, 'PATCH', `/devices/${device}`, { tftpException: true }, anyVersion);

async function uploadsOf(device: string): Promise<string[]> {
  const { items } = (await admin.expect(200, 'GET', `/devices/${device}/uploads`)) as {
    items: { name: string; sizeBytes: number }[];
  };
  return items.map(({ name, sizeBytes }) => `${name} ${String(sizeBytes)}`).sort();
}

interface FtpState {
  readonly port?: number;
  readonly url?: string;
  readonly entries: readonly Readonly<Record<string, unknown>>[];
}

const stateOf = async (): Promise<FtpState> =>
  (await admin.expect(200, 'GET', '/provisioning/ftp')) as FtpState;

describe('what devices get', () => {
  test('[DEV-036] FTP is off at first, gives bootstraps only, and passwords to an exception alone', async () => {
    expect(plane.devicePorts.ftp).toBeUndefined();
    expect(await stateOf()).toEqual({ sessions: 0, entries: [] });
    const settings = (await admin.expect(200, 'GET', '/provisioning/settings')) as object;
    const atFirst = Object.entries(settings).filter(([name]) => name.startsWith('ftp'));
    expect(Object.fromEntries(atFirst)).toEqual({
      ...{ ftpEnabled: false, ftpInDhcp: false, ftpUserName: 'PlcmSpIp' },
      ...{ ftpPassiveFirstPort: 50_000, ftpPassiveLastPort: 50_050 },
      ...{ ftpAnonymousEnabled: false, ftpReverseLookupEnabled: false },
      ...{ ftpTransferLogEnabled: false, ftpSystemLogEnabled: false },
      ...{ ftpUploadsEnabled: false, ftpDirectoriesEnabled: false, ftpWritesEnabled: false },
    });
    await open();
    expect((await stateOf()).url).toBe(`ftp://127.0.0.1:${String(plane.devicePorts.ftp)}/`);

    const bootstrap = await ftp(`${mac}-user.cfg`);
    expect(bootstrap.text).toMatch(/device\.prov\.serverName="/);
    expect(bootstrap.text).not.toMatch(/password/i);
    const token = await tokenOf(mac);
    const file = `${mac}-user.cfg`;
    for (const path of [`prov/${file}`, `prov/${token}/${file}`, `${token}/${file}`]) {
      const answer = await ftp(path);
      expect(answer.status, path).toBe(0);
      expect(answer.text, path).not.toMatch(/password/i);
    }

    await allowUnencrypted(mac);
    expect((await ftp(`${mac}-user.cfg`)).text).toMatch(/auth\.password="[^"]{12,}"/);
    expect((await ftp(`${other}-user.cfg`)).text).not.toMatch(/password/i);
    const { items } = (await admin.expect(200, 'GET', `/devices/${mac}/history`)) as {
      items: unknown[];
    };
    expect(JSON.stringify(items)).toContain('"protocol":"FTP"');

    await configure({ ftpEnabled: false });
    await waitUntil(() => plane.devicePorts.ftp === undefined, 'FTP is shut');
  });

  test('[DEV-038] guessing gives 550 whatever is guessed, raises the alarm, and then nothing is given', async () => {
    await open({ scanAlarmMisses: 10 });
    const peer = await FtpPeer.connect(plane.devicePorts.ftp ?? 0);
    await peer.logIn();
    const replies = new Set<string>();
    for (let guess = 16; guess < 32; guess += 1) {
      replies.add(await peer.say(`SIZE 0004f2ffff${guess.toString(16)}.cfg`));
    }
    for (const path of ['../../secrets.key', '/etc/passwd', '..', '%2e%2e/seal.key', 'seal.key']) {
      replies.add(await peer.say(`SIZE ${path}`));
    }
    replies.add(await peer.say(`CWD /prov/${'0'.repeat(39)}`));
    expect([...replies]).toEqual(['550 No such file or folder.']);
    // What a token would open is not told either.
    expect(await peer.say(`CWD /prov/${'0'.repeat(40)}`)).toMatch(/^250/);
    peer.close();
    const { scanAlarms } = (await admin.expect(200, 'GET', '/provisioning/window')) as {
      scanAlarms: { source: string }[];
    };
    expect(scanAlarms).toMatchObject([{ source: '127.0.0.1' }]);
    expect((await ftp(`${mac}.cfg`)).status).toBe(78);
  });

  test('[DEV-036] the account is a setting with a sealed password; anonymous logins are one, too', async () => {
    await open();
    expect((await ftp(`${mac}.cfg`, '')).status).toBe(67);
    expect((await ftp(`${mac}.cfg`, 'PlcmSpIp:wrong')).status).toBe(67);

    const changed = await configure({ ftpUserName: 'phones', ftpPassword: 'A word, secret' });
    expect(changed).toMatchObject({ ftpUserName: 'phones', hasFtpPassword: true });
    expect((await ftp(`${mac}.cfg`)).status).toBe(67);
    expect((await ftp(`${mac}.cfg`, 'phones:A word, secret')).status).toBe(0);
    const text = (await admin.send('GET', '/configuration/export')).body;
    expect(text).not.toContain('A word, secret');

    expect((await ftp(`${mac}.cfg`, '')).status).toBe(67);
    await configure({ ftpAnonymousEnabled: true });
    expect((await ftp(`${mac}.cfg`, '')).status).toBe(0);
    await configure({ ftpAnonymousEnabled: false, ftpUserName: null, ftpPassword: null });
    expect((await ftp(`${mac}.cfg`, '')).status).toBe(67);
    expect((await ftp(`${mac}.cfg`)).status).toBe(0);
  });

  test('[DEV-036] passive ports and passive address are those of the settings; nonsense is refused', async () => {
    await open({ ftpPassiveAddress: '198.51.100.7' });
    const settings = (await admin.expect(200, 'GET', '/provisioning/settings')) as {
      ftpPassiveFirstPort: number;
      ftpPassiveLastPort: number;
    };
    const peer = await FtpPeer.connect(plane.devicePorts.ftp ?? 0);
    await peer.logIn();
    const [, numbers = ''] = /\((198,51,100,7,\d+,\d+)\)/.exec(await peer.say('PASV')) ?? [];
    const [high = 0, low = 0] = numbers.split(',').slice(4).map(Number);
    expect(high * 256 + low).toBeGreaterThanOrEqual(settings.ftpPassiveFirstPort);
    expect(high * 256 + low).toBeLessThanOrEqual(settings.ftpPassiveLastPort);
    peer.close();
    for (const wrong of [
      { ftpPassiveFirstPort: 50_000, ftpPassiveLastPort: 50_003 },
      { ftpPassiveFirstPort: 50_000, ftpPassiveLastPort: 49_000 },
      { ftpPassiveAddress: 'phones.example' },
      { ftpUserName: 'anonymous' },
      { ftpUserName: 'two words' },
    ]) {
      const answer = await admin.send('PATCH', '/provisioning/settings', wrong, anyVersion);
      expect(answer.status, JSON.stringify(wrong)).toBe(422);
    }
  });
});

describe('what devices store', () => {
  const log = `${mac}-app.log`;

  test('[DEV-036] nothing while uploads are off, nothing of others, nothing without the exception', async () => {
    await open();
    await allowUnencrypted(mac);
    expect(await store(log, 'x')).toBe(25);
    await configure({ ftpUploadsEnabled: true });
    expect(await store(`${other}-app.log`, 'x')).toBe(25);
    expect(await store(`${await tokenOf(other)}/${other}-app.log`, 'x')).toBe(25);
    expect(await store('0004f2ffff01-app.log', 'x')).toBe(25);
    expect(await store(`${await tokenOf(mac)}/${other}-app.log`, 'x')).toBe(25);
    expect(await store(`${mac}-user.cfg`, 'x')).toBe(25);
    expect(await store(`${mac}-phone.cfg`, 'a change without the token')).toBe(25);
    expect([...(await uploadsOf(mac)), ...(await uploadsOf(other))]).toEqual([]);

    expect(await store(log, 'line 1\n')).toBe(0);
    expect(await uploadsOf(mac)).toEqual([`${log} 7`]);
    expect((await ftp(log)).status).toBe(78);
  });

  test('[DEV-036] local changes come back to the device; replacing, appending and deleting are writes', async () => {
    await open({ ftpUploadsEnabled: true });
    await allowUnencrypted(mac);
    const token = await tokenOf(mac);
    const changes = `${token}/${mac}-phone.cfg`;
    expect(await store(changes, '<PHONE_CONFIG/>')).toBe(0);
    expect((await ftp(changes)).text).toBe('<PHONE_CONFIG/>');
    expect((await ftp(`${token}/`, factoryAccount, '--list-only')).text).toBe(`${mac}-phone.cfg\n`);
    expect((await ftp('', factoryAccount, '--list-only')).text).toBe('');
    expect(await store(log, 'one\n')).toBe(0);

    expect(await store(changes, '<PHONE_CONFIG a="1"/>')).toBe(25);
    expect(await store(log, 'two\n', '--append')).toBe(25);
    expect((await ftp('', factoryAccount, '--quote', `DELE ${log}`)).status).toBe(21);
    expect((await ftp(changes)).text).toBe('<PHONE_CONFIG/>');

    await configure({ ftpWritesEnabled: true });
    expect(await store(changes, '<PHONE_CONFIG a="1"/>')).toBe(0);
    expect((await ftp(changes)).text).toBe('<PHONE_CONFIG a="1"/>');
    expect(await store(log, 'two\n', '--append')).toBe(0);
    expect(await uploadsOf(mac)).toEqual([`${log} 8`, `${mac}-phone.cfg 21`]);
    expect((await ftp('', factoryAccount, '--quote', `DELE ${log}`)).status).toBe(0);
    expect(await uploadsOf(mac)).toEqual([`${mac}-phone.cfg 21`]);
  });

  test('[DEV-036] folders are created only where that is on', async () => {
    await open({ ftpUploadsEnabled: true });
    await allowUnencrypted(mac);
    expect(await store(`logs/today/${log}`, 'x', '--ftp-create-dirs')).toBe(9);
    await configure({ ftpDirectoriesEnabled: true });
    expect(await store(`logs/today/${log}`, 'x', '--ftp-create-dirs')).toBe(0);
    expect(await uploadsOf(mac)).toEqual([`${log} 1`]);
    expect((await ftp('', factoryAccount, '--list-only')).text).toBe('logs\n');
    expect((await ftp('', factoryAccount, '--quote', 'RMD /logs/today')).status).toBe(21);
    await configure({ ftpWritesEnabled: true });
    expect((await ftp('', factoryAccount, '--quote', 'RMD /logs')).status).toBe(21);
    expect((await ftp('', factoryAccount, '--quote', 'RMD /logs/today')).status).toBe(0);
  });
});

describe('what administrators see', () => {
  test('[DEV-036] transfers, sessions and names by DNS are told while each is on, secret addresses never', async () => {
    await open();
    await ftp(`${mac}.cfg`);
    expect((await stateOf()).entries).toEqual([]);

    await configure({ ftpTransferLogEnabled: true });
    const token = await tokenOf(mac);
    const { text } = await ftp(`prov/${token}/${mac}.cfg`);
    await ftp('0004f2ffff01.cfg');
    await waitUntil(async () => (await stateOf()).entries.length === 2, 'both are told');
    expect((await stateOf()).entries).toMatchObject([
      { what: 'not-found', subject: '/0004f2ffff01.cfg', source: '127.0.0.1' },
      { what: 'sent', subject: `/prov/…/${mac}.cfg`, sizeBytes: text.length },
    ]);

    await configure({
      ftpTransferLogEnabled: false,
      ftpSystemLogEnabled: true,
      ftpReverseLookupEnabled: true,
    });
    await ftp(`${mac}.cfg`, 'PlcmSpIp:wrong');
    await waitUntil(async () => (await stateOf()).entries.length === 4, 'both are told');
    // What 127.0.0.1 is called stands in /etc/hosts.
    const host: unknown = expect.stringMatching(/./);
    expect((await stateOf()).entries.slice(0, 2)).toMatchObject([
      { what: 'ended', host },
      { what: 'wrong-login', subject: 'PlcmSpIp', host },
    ]);
    expect(JSON.stringify(await stateOf())).not.toContain(token);
  });

  test('[DEV-033] phones that understand it are told ftp:// by DHCP once that is chosen', async () => {
    const told = async (): Promise<string[]> => {
      const { items } = (await admin.expect(200, 'GET', '/dhcp/foreign-options')) as {
        items: { family: string; code: number; value: string }[];
      };
      return items
        .filter(({ value }) => value.includes('ftp://') && !value.includes('tftp://'))
        .map(({ family, code }) => `${family} ${String(code)}`);
    };
    await open();
    expect(await told()).toEqual([]);
    await configure({ ftpInDhcp: true });
    expect(await told()).toEqual([
      'Yealink 66',
      'Yealink 43',
      'Poly (Polycom) 66',
      'Poly (Polycom) 160',
      'Poly (Polycom) 161',
      'Mitel and Aastra 66',
      'Mitel and Aastra 43',
      'Mitel and Aastra 159',
    ]);
    await configure({ ftpEnabled: false });
    expect(await told()).toEqual([]);
  });
});
