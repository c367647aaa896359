/** Devices that store logs and changes, as curl replays them. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiClient } from '../../../support/management-plane/api-client.ts';
import { curl } from '../../../support/programs/curl.ts';
import { TestManagementPlane } from '../../../support/management-plane/management-plane.ts';
import { waitUntil } from '../../../support/wait-until.ts';

const mac = '0004f2aabb01';
const other = '0004f2aabb02';
const userAgent = 'FileTransport PolycomVVX-VVX_411-UA/5.9.5.0614 Type/Application';
const anyVersion = { 'if-match': '*' };

let plane: TestManagementPlane;
let admin: ApiClient;
let folder: string;
let address: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'campanile-uploads-'));
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
  await admin.expect(200, 'PATCH', '/device-access', { uploadsEnabled: true }, anyVersion);
  await admin.expect(201, 'POST', '/devices', { macs: [mac, other] });
  address = await addressOf(mac);
});

afterEach(async () => {
  await plane.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function addressOf(device: string): Promise<string> {
  const revealed = await admin.expect(200, 'POST', `/devices/${device}/reveal`);
  return (revealed as { provisioningUrl: string }).provisioningUrl;
}

async function put(url: string, content: string | Buffer, method = 'PUT'): Promise<number> {
  const file = join(folder, 'content');
  writeFileSync(file, content);
  const more = ['--request', method, '--data-binary', `@${file}`, '--header', 'Expect:'];
  return (await curl(url, { userAgent, more })).status;
}

interface Upload {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly sizeBytes: number;
}

async function uploadsOf(device: string): Promise<readonly Upload[]> {
  const { items } = (await admin.expect(200, 'GET', `/devices/${device}/uploads`)) as {
    items: Upload[];
  };
  return items;
}

describe('uploads', () => {
  test('a phone stores its log, and an administrator reads and deletes it', async () => {
    expect(await put(`${address}${mac}-app.log`, 'line 1\nline 2\n')).toBe(200);
    expect(await put(`${address}log/${mac}-boot.log`, 'boot\n', 'POST')).toBe(200);

    const items = await uploadsOf(mac);
    expect(items.map(({ name, kind }) => [name, kind]).sort()).toEqual([
      [`${mac}-app.log`, 'log'],
      [`${mac}-boot.log`, 'log'],
    ]);
    const log = items.find(({ name }) => name.endsWith('-app.log'));
    const path = `/devices/${mac}/uploads/${log?.id ?? ''}`;
    const answer = await admin.send('GET', path);
    expect(answer.body).toBe('line 1\nline 2\n');
    expect(answer.headers['content-type']).toBe('application/octet-stream');
    expect(answer.headers['content-disposition']).toContain('attachment');
    await admin.expect(204, 'DELETE', path);
    expect(await uploadsOf(mac)).toHaveLength(1);
    expect(readdirSync(join(plane.dataDirectory, 'uploads'))).toHaveLength(1);
  });

  test('the changes made on a phone come back to it alone, a log to nobody', async () => {
    const changes = '<PHONE_CONFIG><OVERRIDES up.backlight="1"/></PHONE_CONFIG>';
    expect(await put(`${address}${mac}-phone.cfg`, changes)).toBe(200);
    expect(await put(`${address}${mac}-app.log`, 'secret of a call')).toBe(200);

    expect(await curl(`${address}${mac}-phone.cfg`, { userAgent })).toMatchObject({
      status: 200,
      body: changes,
    });
    expect((await curl(`${address}${mac}-app.log`, { userAgent })).status).toBe(404);
    const foreign = await addressOf(other);
    expect((await curl(`${foreign}${mac}-phone.cfg`, { userAgent })).status).toBe(404);
    expect((await curl(`${foreign}${other}-phone.cfg`, { userAgent })).status).toBe(404);
    // What is stored again replaces it.
    expect(await put(`${address}${mac}-phone.cfg`, '<PHONE_CONFIG/>')).toBe(200);
    expect((await curl(`${address}${mac}-phone.cfg`, { userAgent })).body).toBe('<PHONE_CONFIG/>');
    expect(await uploadsOf(mac)).toHaveLength(2);
  });

  test('a phone keeps the contacts that it has itself, with speed dials, too', async () => {
    const contacts = '<directory><item_list/></directory>';
    expect(await put(`${address}${mac}-directory.xml`, contacts)).toBe(200);
    const keys = [{ area: 'line', index: 2, kind: 'speedDial', value: '300', label: 'Bar' }];
    await admin.expect(200, 'PATCH', `/devices/${mac}`, { keys }, anyVersion);

    expect((await curl(`${address}${mac}-directory.xml`, { userAgent })).status).toBe(404);
    expect((await curl(`${address}000000000000-directory.xml`, { userAgent })).status).toBe(404);
    const served = await curl(`${address}${mac}-user.cfg`, { userAgent });
    expect(served.body).toContain('attendant.resourceList.1.address="sip:300@');
  });

  test('nobody stores anything without the token of the device, under another name or unencrypted', async () => {
    const plain = `http://127.0.0.1:${String(plane.httpPort)}/prov/`;
    const token = address.split('/')[4] ?? '';
    const tries = [
      `${plain}${mac}-app.log`,
      `${plain}${token}/${mac}-app.log`,
      `${plain.replace('http:', 'https:').replace(String(plane.httpPort), String(plane.httpsPort))}${'0'.repeat(40)}/${mac}-app.log`,
      `${address}${other}-app.log`,
      `${address}..%2f..%2fetc%2fpasswd`,
      `${address}.hidden`,
    ];
    for (const url of tries) {
      expect(await put(url, 'x'), url).toBe(404);
    }
    expect([...(await uploadsOf(mac)), ...(await uploadsOf(other))]).toEqual([]);
  });

  test('space is bounded: what is too long is refused, the oldest makes room', async () => {
    await admin.expect(200, 'PATCH', '/device-access', { uploadsPerDeviceMb: 1 }, anyVersion);
    expect(await put(`${address}${mac}-app.log`, Buffer.alloc(5_000_001))).toBe(413);
    for (const name of ['a.log', 'b.log', 'c.log']) {
      expect(await put(`${address}${name}`, Buffer.alloc(400_000, name))).toBe(200);
    }

    expect((await uploadsOf(mac)).map(({ name }) => name)).toEqual(['c.log', 'b.log']);
    expect(readdirSync(join(plane.dataDirectory, 'uploads'))).toHaveLength(2);
    // Of one name the newest few are kept.
    for (let version = 0; version < 8; version += 1) {
      await put(`${address}d.log`, `version ${String(version)}`);
    }
    const kept = (await uploadsOf(mac)).filter(({ name }) => name === 'd.log');
    expect(kept).toHaveLength(5);
  });

  test('[DEV-038] a phone that sends many files at once and ends none fills no memory, and others store theirs', async () => {
    const slow: ClientRequest[] = [];
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      const { hostname, port, pathname } = new URL(`${address}slow${String(index)}.log`);
      const headers = { 'content-length': 4_900_000 };
      const options = { hostname, port, path: pathname, method: 'PUT', headers };
      const outgoing = request({ ...options, rejectUnauthorized: false });
      outgoing.on('error', () => undefined);
      outgoing.on('response', (incoming) => statuses.push(incoming.statusCode ?? 0));
      outgoing.write(Buffer.alloc(4_800_000));
      slow.push(outgoing);
    }

    await expect.poll(() => statuses, { timeout: 10_000 }).toEqual([429, 429]);
    expect(await put(`${await addressOf(other)}app.log`, 'all is well')).toBe(200);
    for (const outgoing of slow) {
      outgoing.destroy();
    }
    await expect.poll(() => put(`${address}a.log`, Buffer.alloc(4_000_000))).toBe(200);
  });

  test('a phone reads why its file is refused, also when it does not say how long it is', async () => {
    const file = join(folder, 'large');
    writeFileSync(file, Buffer.alloc(6_000_000));
    const more = ['--request', 'PUT', '--data-binary', `@${file}`, '--header', 'Expect:'];
    const chunked = ['--header', 'Transfer-Encoding: chunked'];
    const url = `${address}${mac}-app.log`;

    expect((await curl(url, { userAgent, more })).status).toBe(413);
    expect((await curl(url, { userAgent, more: [...more, ...chunked] })).status).toBe(413);
    expect(await uploadsOf(mac)).toEqual([]);
  });

  test('what a crash left behind is gone after the next start, what was stored is not', async () => {
    expect(await put(`${address}${mac}-app.log`, 'kept')).toBe(200);
    const { dataDirectory } = plane;
    await plane.stop();
    const uploads = join(dataDirectory, 'uploads');
    const stored = readdirSync(uploads);
    writeFileSync(join(uploads, 'a'.repeat(64)), 'no row names it');
    writeFileSync(join(uploads, `${'b'.repeat(64)}.1.tmp`), 'half');
    mkdirSync(join(dataDirectory, 'firmware'));
    writeFileSync(join(dataDirectory, 'firmware', 'cut-short.part'), 'half an image');

    plane = await TestManagementPlane.start({ dataDirectory });

    await waitUntil(() => readdirSync(uploads).length === 1, 'the leftovers are gone');
    expect(readdirSync(uploads)).toEqual(stored);
    expect(readdirSync(join(dataDirectory, 'firmware'))).toEqual([]);
  });

  test('nothing is taken while it is off', async () => {
    await admin.expect(200, 'PATCH', '/device-access', { uploadsEnabled: false }, anyVersion);

    expect(await put(`${address}${mac}-app.log`, 'x')).toBe(404);
  });
});
