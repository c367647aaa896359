/** The firmware library and what phones get of it: uploads, refusals, ranges, crashes, a full disk. */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { curl } from '../../../../support/programs/curl.ts';
import { sha256Of, yealinkImage } from '../../../../support/provisioning/firmware-images.ts';
import {
  exampleBinding,
  TestManagementPlane,
} from '../../../../support/management-plane/management-plane.ts';
import { waitUntil } from '../../../../support/wait-until.ts';

/** Never the synchronous one: the server is in this process. */
const run = promisify(execFile);

let plane: TestManagementPlane;
let admin: ApiClient;
let userId: string;

const mac = '001565aabb01';
const agent = (version: string): string => `Yealink SIP-T54W ${version} ${mac}`;
const newVersion = '96.86.0.118';
const image = yealinkImage({
  hardware: 96,
  model: 'T54W',
  version: newVersion,
  sizeBytes: 300_000,
});
const fileName = `T54W(T57W,T53W)-${newVersion}.rom`;

interface Set {
  readonly id: string;
  readonly label: string;
  readonly isActive: boolean;
  readonly devices: number;
  readonly outdated: number;
  readonly files: readonly { readonly id: string; readonly sha256: string }[];
}

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  const settings = { httpEnabled: true, tftpEnabled: true };
  await admin.expect(200, 'PATCH', '/provisioning/settings', settings, { 'if-match': '*' });
  const created = await admin.expect(201, 'POST', '/users', { name: 'Anna', extension: '100' });
  userId = (created as { user: { id: string } }).user.id;
  await admin.expect(201, 'POST', '/devices', { macs: [mac], lines: [userId] });
});

afterEach(async () => {
  await plane.remove();
});

const uploadPath = (name: string, more = ''): string =>
  `/firmware/files?fileName=${encodeURIComponent(name)}${more}`;
const upload = async (status = 201, name = fileName, bytes = image, more = ''): Promise<Set> =>
  (await admin.expect(status, 'POST', uploadPath(name, more), bytes)) as Set;
const change = (id: string, body: object, status = 200) =>
  admin.expect(status, 'PATCH', `/firmware/sets/${id}`, body);
const folder = (): string[] =>
  readdirSync(join(plane.dataDirectory, 'firmware')).filter(
    (name) => !name.includes('firmware.db'),
  );

async function fetchConfiguration(version: string): Promise<string> {
  const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
    provisioningUrl: string;
  };
  const { status, body } = await curl(`${provisioningUrl}${mac}.cfg`, {
    userAgent: agent(version),
  });
  expect(status).toBe(200);
  return body;
}

const firmwareUrlOf = (file: string): string | undefined =>
  /static\.firmware\.url = (\S+)/.exec(file)?.[1];

async function setLabel(label: string | null): Promise<void> {
  const settings = { 'firmware.label': label };
  await admin.expect(200, 'PATCH', `/devices/${mac}`, { settings }, { 'if-match': '*' });
}

test('[DEV-047] an uploaded image is recognised, kept by its hash, activated, and then not changed', async () => {
  const set = await upload(201, fileName, image, `&hash=${sha256Of(image)}`);

  expect(set).toMatchObject({
    vendor: 'yealink',
    vendorName: 'Yealink',
    label: newVersion,
    isActive: false,
    files: [
      {
        kind: 'application',
        fileName,
        models: ['T53', 'T53W', 'T54W', 'T57W'],
        version: newVersion,
        sha256: sha256Of(image),
        sizeBytes: image.length,
        verifiedBy: 'sha256',
        recognisedBy: 'header',
        uploadedBy: 'Administrator',
      },
    ],
  });
  expect(folder()).toEqual([sha256Of(image)]);
  await change(set.id, { notes: 'Release notes: mends the bells.' });
  await change(set.id, { isActive: true });

  await change(set.id, { label: 'spring' }, 409);
  await admin.expect(409, 'DELETE', `/firmware/sets/${set.id}`);
  await admin.expect(409, 'DELETE', `/firmware/sets/${set.id}/files/${set.files[0]?.id ?? ''}`);
  const other = yealinkImage({ hardware: 96, model: 'T54W', version: newVersion, sizeBytes: 900 });
  await upload(409, 'T57W-96.86.0.118.rom', other);
  expect(folder()).toEqual([sha256Of(image)]);
  await change(set.id, { isActive: false });
  await admin.expect(204, 'DELETE', `/firmware/sets/${set.id}`);
  expect(folder()).toEqual([]);

  const { items } = (await admin.expect(200, 'GET', '/audit?pageSize=50')) as {
    items: { action: string }[];
  };
  expect(items.map(({ action }) => action)).toEqual(
    expect.arrayContaining([
      'firmware-uploaded',
      'firmware-activated',
      'firmware-deactivated',
      'firmware-deleted',
    ]),
  );
});

test('the same bytes under two labels are one file, which goes with the last of them', async () => {
  const first = await upload();
  const second = await upload(201, fileName, image, '&label=spring');
  expect(folder()).toHaveLength(1);
  await admin.expect(204, 'DELETE', `/firmware/sets/${first.id}`);
  expect(folder()).toHaveLength(1);
  await admin.expect(204, 'DELETE', `/firmware/sets/${second.id}`);
  expect(folder()).toEqual([]);
});

describe('what is refused leaves nothing behind', () => {
  test('a wrong hash, a wrong model, no firmware at all, an impossible name', async () => {
    const refusals: [string, Buffer, string, string][] = [
      [fileName, image, `&hash=${'0'.repeat(64)}`, 'wrong-hash'],
      [fileName, image, '&models=T46U', 'wrong-model'],
      ['image.bin', Buffer.from('?'), '', 'missing'],
      [fileName, Buffer.from('<html>404</html>'), '', 'not-firmware'],
      ['../../etc/passwd', image, '', 'invalid-value'],
    ];
    for (const [name, bytes, more, code] of refusals) {
      const problem = (await upload(422, name, bytes, more)) as unknown as {
        issues: { code: string; message: string }[];
      };
      expect(problem.issues[0]?.code, name).toBe(code);
      expect(problem.issues[0]?.message).not.toBe('');
    }
    expect(await admin.expect(200, 'GET', '/firmware/sets')).toEqual({ items: [] });
    expect(readdirSync(join(plane.dataDirectory))).not.toContain('passwd');
    expect(folder()).toEqual([]);
  });

  test('an upload that ends half way', async () => {
    await new Promise<void>((resolve, reject) => {
      const outgoing = request(`${plane.httpsUrl}/api/v1${uploadPath(fileName)}`, {
        method: 'POST',
        rejectUnauthorized: false,
        headers: {
          ...admin.browserHeaders,
          'content-type': 'application/octet-stream',
          'content-length': image.length,
        },
      });
      outgoing.on('error', () => {
        resolve();
      });
      outgoing.on('response', () => {
        reject(new Error('half an upload was answered'));
      });
      outgoing.write(image.subarray(0, 200_000), () => {
        setImmediate(() => {
          outgoing.destroy();
        });
      });
    });
    await expect.poll(folder).toEqual([]);
    expect(await admin.expect(200, 'GET', '/firmware/sets')).toEqual({ items: [] });
  });

  test('more than the disk takes', async () => {
    const path = join(plane.dataDirectory, 'firmware');
    mkdirSync(path);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=80m', 'tmpfs', path]);
    onTestFinished(() => {
      // Before the plane's folder goes, in `afterEach`, unless the test failed.
      execFileSync('sh', ['-c', `! mountpoint -q "$0" || umount --lazy "$0"`, path]);
    });
    // What the PBX needs itself is not given to images.
    const large = yealinkImage({
      hardware: 96,
      model: 'T54W',
      version: newVersion,
      sizeBytes: 30_000_000,
    });
    const problem = await admin.expect(507, 'POST', uploadPath(fileName), large);
    expect(problem).toMatchObject({ code: 'no-space' });
    const chunked = await admin.send('POST', uploadPath(fileName), large, {
      'transfer-encoding': 'chunked',
    });
    expect(chunked.status).toBe(507);
    expect(folder()).toEqual([]);
    await upload();
    await plane.stop();
    execFileSync('umount', [path]);
  });
});

test('what a crash left half done is removed, what is stored whole is still there', async () => {
  const set = await upload();
  await change(set.id, { isActive: true });
  const path = join(plane.dataDirectory, 'firmware');
  await plane.stop();
  writeFileSync(join(path, 'abc.part'), 'half');
  writeFileSync(join(path, 'f'.repeat(64)), 'renamed, but never written into the database');

  plane = await TestManagementPlane.start({ dataDirectory: plane.dataDirectory, bootId: 'next' });
  admin = new ApiClient(plane);
  await admin.login('admin', 'Campanile-Test-2026!');

  expect(folder()).toEqual([sha256Of(image)]);
  const { items } = (await admin.expect(200, 'GET', '/firmware/sets')) as { items: Set[] };
  expect(items).toMatchObject([{ id: set.id, isActive: true, files: [{ isMissing: false }] }]);
});

describe('a phone with a label', () => {
  let set: Set;

  beforeEach(async () => {
    set = await upload();
    await change(set.id, { isActive: true });
  });

  test('[DEV-017] [DEV-048] is told the address only while it runs another version; a newer one is marked', async () => {
    expect(firmwareUrlOf(await fetchConfiguration('96.86.0.70'))).toBeUndefined();
    expect(await admin.expect(200, 'GET', `/devices/${mac}`)).toMatchObject({
      firmware: '96.86.0.70',
      newerFirmware: { label: newVersion, version: newVersion },
    });
    const { items } = (await admin.expect(200, 'GET', '/firmware/sets')) as { items: Set[] };
    expect(items[0]).toMatchObject({ devices: 1, outdated: 1 });

    await setLabel(newVersion);
    expect(firmwareUrlOf(await fetchConfiguration('96.86.0.70'))).toContain(`/firmware/${set.id}/`);
    const { items: files } = (await admin.expect(200, 'GET', `/devices/${mac}/files`)) as {
      items: { lines: { text: string; origins: unknown[] }[] }[];
    };
    const line = files
      .flatMap(({ lines }) => lines)
      .find(({ text }) => text.includes('firmware.url'));
    expect(line?.origins).toContainEqual(
      expect.objectContaining({ variable: 'firmware.url', source: 'device', name: mac }),
    );

    expect(firmwareUrlOf(await fetchConfiguration(newVersion))).toBeUndefined();
    expect(await admin.expect(200, 'GET', `/devices/${mac}`)).not.toHaveProperty('newerFirmware');
  });

  test('fetches it as phones do: HEAD, whole, in parts, again only when changed', async () => {
    await setLabel(newVersion);
    const url = firmwareUrlOf(await fetchConfiguration('96.86.0.70')) ?? '';
    const userAgent = agent('96.86.0.70');

    const head = await curl(url, { userAgent, more: ['--head'] });
    expect(head.headers).toMatchObject({
      'content-length': String(image.length),
      'accept-ranges': 'bytes',
      'content-type': 'application/octet-stream',
    });
    const sum = createHash('sha256');
    for (let start = 0; start < image.length; start += 131_072) {
      const path = join(plane.dataDirectory, 'part');
      const range = `${String(start)}-${String(start + 131_071)}`;
      const part = ['--silent', '--insecure', '--range', range, '--output', path];
      await run('curl', [...part, '--user-agent', userAgent, url]);
      const bytes = readFileSync(path);
      expect(bytes.length).toBe(Math.min(131_072, image.length - start));
      sum.update(bytes);
    }
    expect(sum.digest('hex')).toBe(sha256Of(image));
    const again = await curl(url, {
      userAgent,
      more: ['--header', `If-None-Match: ${head.headers['etag'] ?? ''}`],
    });
    expect(again.status).toBe(304);
    expect((await curl(url, { more: ['--range', '999999999-'] })).status).toBe(416);
    const plain = url.replace(/^https:\/\/[^/]+/, `http://127.0.0.1:${String(plane.httpPort)}`);
    expect((await curl(plain, { userAgent, more: ['--head'] })).status).toBe(200);

    const { items } = (await admin.expect(200, 'GET', `/devices/${mac}/history`)) as {
      items: { kind: string }[];
    };
    expect(items.filter(({ kind }) => kind === 'firmware-fetched')).toHaveLength(1);
  });

  test('fetches it by TFTP, where it knows nothing else', async () => {
    await setLabel(newVersion);
    const url = firmwareUrlOf(await fetchConfiguration('96.86.0.70')) ?? '';
    const path = decodeURIComponent(new URL(url).pathname.slice(1));
    const target = join(plane.dataDirectory, 'by-tftp');
    const port = String(plane.devicePorts.tftp);
    const options = ['--option', 'blksize 1428', '--get', '--local-file', target];
    await run('atftp', [...options, '--remote-file', path, '127.0.0.1', port]);
    expect(sha256Of(readFileSync(target))).toBe(sha256Of(image));
  });

  test('fetches it by FTP, and goes on where it was cut off', async () => {
    const settings = { ftpEnabled: true };
    await admin.expect(200, 'PATCH', '/provisioning/settings', settings, { 'if-match': '*' });
    const port = await waitUntil(() => plane.devicePorts.ftp, 'FTP is open');
    await setLabel(newVersion);
    const url = firmwareUrlOf(await fetchConfiguration('96.86.0.70')) ?? '';
    const target = join(plane.dataDirectory, 'by-ftp');
    writeFileSync(target, image.subarray(0, 1_000));
    const options = ['--silent', '--user', 'PlcmSpIp:PlcmSpIp', '--continue-at', '-'];
    const address = `ftp://127.0.0.1:${String(port)}${new URL(url).pathname}`;
    await run('curl', [...options, '--output', target, address]);
    expect(sha256Of(readFileSync(target))).toBe(sha256Of(image));
  });

  test('[DEV-047] gets a 404 for anything else below the address, and when the set is not active any more', async () => {
    await setLabel(newVersion);
    const url = firmwareUrlOf(await fetchConfiguration('96.86.0.70')) ?? '';
    const base = url.slice(0, url.lastIndexOf('/') + 1);
    for (const name of ['firmware.db', '..%2ffirmware.db', sha256Of(image), '']) {
      expect((await curl(`${base}${name}`)).status).toBe(404);
    }
    expect((await curl(url.replace(set.id, 'A'.repeat(16)))).status).toBe(404);
    await change(set.id, { isActive: false });
    expect((await curl(url)).status).toBe(404);
    expect(firmwareUrlOf(await fetchConfiguration('96.86.0.70'))).toBeUndefined();
    expect(await admin.expect(200, 'GET', `/devices/${mac}`)).not.toHaveProperty('newerFirmware');
  });

  test('[DEV-046] [DEV-048] groups that disagree are shown, and the later one counts', async () => {
    await fetchConfiguration('96.86.0.70');
    const ids: string[] = [];
    for (const [name, label] of [
      ['Office', newVersion],
      ['Trial', 'beta'],
    ]) {
      const settings = { 'firmware.label': label };
      const group = await admin.expect(201, 'POST', '/device-groups', { name, settings });
      ids.push((group as { id: string }).id);
    }
    await admin.expect(200, 'PATCH', `/devices/${mac}`, { groups: ids }, { 'if-match': '*' });
    expect(await admin.expect(200, 'GET', `/devices/${mac}/firmware`)).toMatchObject({
      target: { label: 'beta', source: 'group', name: 'Trial', isOffered: false },
      conflict: [
        { group: 'Office', label: newVersion },
        { group: 'Trial', label: 'beta' },
      ],
      choices: [{ label: newVersion, version: newVersion }],
    });
    await setLabel(newVersion);
    expect(await admin.expect(200, 'GET', `/devices/${mac}/firmware`)).toMatchObject({
      target: { label: newVersion, source: 'device', version: newVersion },
    });
  });
});

test('the firmware that a registration tells counts, too', async () => {
  const binding = exampleBinding(userId, { userAgent: agent('96.86.0.75') });
  plane.callPlane.bus.emit('bindings.changed', { updated: [binding], removed: [] });
  await expect
    .poll(() => admin.expect(200, 'GET', `/devices/${mac}`))
    .toMatchObject({ firmware: '96.86.0.75' });
});
