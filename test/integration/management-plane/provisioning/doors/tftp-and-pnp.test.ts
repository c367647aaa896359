/** Devices that begin by TFTP or by SIP multicast, against a management plane. */
import { execFile } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { curl } from '../../../../support/programs/curl.ts';
import { TestManagementPlane } from '../../../../support/management-plane/management-plane.ts';

let plane: TestManagementPlane;
let admin: ApiClient;

const mac = '805ec0aabb01';
const anyVersion = { 'if-match': '*' };

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
});

afterEach(async () => {
  await plane.remove();
});

const configure = (settings: Readonly<Record<string, unknown>>) =>
  admin.expect(200, 'PATCH', '/provisioning/settings', settings, anyVersion);

async function addUser(): Promise<string> {
  const body = { name: 'Anna', extension: '100' };
  const { user } = (await admin.expect(201, 'POST', '/users', body)) as { user: { id: string } };
  return user.id;
}

describe('TFTP', () => {
  const fetchByTftp = async (path: string): Promise<string | undefined> => {
    const folder = mkdtempSync(join(tmpdir(), 'campanile-tftp-'));
    try {
      const file = join(folder, 'file');
      const url = `tftp://127.0.0.1:${String(plane.devicePorts.tftp)}/${path}`;
      await promisify(execFile)('curl', ['--silent', '--max-time', '10', '--output', file, url]);
      return readFileSync(file, 'utf8');
    } catch {
      return undefined;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  test('[DEV-035] [NET-005] is off at first, serves bootstraps only, and passwords to an exception alone', async () => {
    const anna = await addUser();
    await admin.expect(201, 'POST', '/devices', { macs: [mac], lines: [anna] });
    expect(plane.devicePorts.tftp).toBeUndefined();
    await configure({ tftpEnabled: true, httpEnabled: true });
    await expect.poll(() => plane.devicePorts.tftp).toBeDefined();

    const bootstrap = await fetchByTftp(`${mac}.cfg`);
    expect(bootstrap).toMatch(/server\.url = https:/);
    expect(bootstrap).not.toMatch(/password|account\./);
    const revealed = await admin.expect(200, 'POST', `/devices/${mac}/reveal`);
    const token = (revealed as { provisioningUrl: string }).provisioningUrl.split('/')[4] ?? '';
    expect(await fetchByTftp(`${token}/${mac}.cfg`)).not.toMatch(/password/);
    expect(await fetchByTftp('805ec0ffffff.cfg')).toBeUndefined();
    expect(await fetchByTftp('../../secrets.key')).toBeUndefined();

    await admin.expect(200, 'PATCH', `/devices/${mac}`, { tftpException: true }, anyVersion);
    expect(await fetchByTftp(`${mac}.cfg`)).toContain('account.1.user_name = 100');

    await configure({ tftpEnabled: false });
    await expect.poll(() => plane.devicePorts.tftp).toBeUndefined();
  });
});

test('[DEV-038] a scan by TFTP, whose source may be forged, raises an alarm and shuts no phone out', async () => {
  await admin.expect(201, 'POST', '/devices', { macs: [mac], lines: [await addUser()] });
  await configure({ tftpEnabled: true, httpEnabled: true, scanAlarmMisses: 10 });
  await expect.poll(() => plane.devicePorts.tftp).toBeDefined();
  const forger = createSocket('udp4');
  const refusals: Buffer[] = [];
  forger.on('message', (refusal) => refusals.push(refusal));
  for (let index = 0; index < 12; index += 1) {
    const name = `805ec0ffff${String(index + 10)}.cfg`;
    forger.send(`\0\x01${name}\0octet\0`, plane.devicePorts.tftp ?? 0, '127.0.0.1');
    await expect.poll(() => refusals.length).toBe(index + 1);
  }
  forger.close();

  expect(await admin.expect(200, 'GET', '/provisioning/window')).toMatchObject({
    scanAlarms: [{ kind: 'unproven', source: '127.0.0.1' }],
  });
  const url = `http://127.0.0.1:${String(plane.httpPort)}/prov/${mac}.cfg`;
  const { stdout } = await promisify(execFile)('curl', ['--silent', '--fail', url]);
  expect(stdout).toMatch(/server\.url = https:/);
});

describe('SIP PnP', () => {
  /** Known, and answered whatever is set. */
  const witness = '805ec0aabb09';
  const phones: Socket[] = [];

  interface Announcement {
    readonly received: readonly string[];
    /** Resolves with the NOTIFY. */
    readonly notified: Promise<unknown>;
  }

  /** As Yealink sends it (multicast ua-profile). */
  async function announce(
    announced: string,
    change: (text: string) => string = (text) => text,
  ): Promise<Announcement> {
    const phone = createSocket('udp4');
    phones.push(phone);
    phone.bind(0, '127.0.0.1');
    await once(phone, 'listening');
    const { port } = phone.address();
    const subscribe = [
      `SUBSCRIBE sip:MAC%3a${announced}@224.0.1.75 SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${String(port)};branch=z9hG4bK1234`,
      `From: <sip:MAC%3a${announced}@224.0.1.75>;tag=abc`,
      `To: <sip:MAC%3a${announced}@224.0.1.75>`,
      'Call-ID: 1@127.0.0.1',
      'CSeq: 1 SUBSCRIBE',
      `Contact: <sip:127.0.0.1:${String(port)}>`,
      'Max-Forwards: 70',
      'Expires: 0',
      'Event: ua-profile;profile-type="device";vendor="Yealink";model="SIP-T53W";version="96.86.0.70"',
      'Accept: application/url',
      'User-Agent: Yealink SIP-T53W 96.86.0.70',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    const received: string[] = [];
    const notified = new Promise<void>((resolve) => {
      phone.on('message', (datagram, source) => {
        const text = datagram.toString();
        received.push(text);
        if (text.startsWith('NOTIFY')) {
          const via = /^Via: (.*)$/m.exec(text)?.[1]?.trim() ?? '';
          phone.send(`SIP/2.0 200 OK\r\nVia: ${via}\r\n\r\n`, source.port, source.address, () =>
            resolve(),
          );
        }
      });
    });
    phone.setMulticastInterface('127.0.0.1');
    phone.send(change(subscribe), plane.devicePorts.pnp ?? 0, '224.0.1.75');
    return { received, notified };
  }

  /** What comes back until the NOTIFY. */
  async function answersTo(announced: string): Promise<readonly string[]> {
    const { received, notified } = await announce(announced);
    await notified;
    return received;
  }

  /** Until another phone, which asked later, has got everything. */
  async function expectSilence(change?: (text: string) => string): Promise<void> {
    const { received } = await announce(mac, change);
    await answersTo(witness);
    expect(received).toEqual([]);
  }

  /** Until the server says why it did not answer; `outcomes`: of this phone so far. */
  async function expectRefusal(...outcomes: readonly string[]): Promise<void> {
    const { received } = await announce(mac);
    await expect
      .poll(() => admin.expect(200, 'GET', '/provisioning/pnp'))
      .toMatchObject({ heard: outcomes.map((outcome) => ({ mac, outcome })) });
    expect(received).toEqual([]);
  }

  afterEach(() => {
    for (const phone of phones.splice(0)) {
      phone.close();
    }
  });

  beforeEach(async () => {
    await configure({ pnpEnabled: true, httpEnabled: true });
    await expect.poll(() => plane.devicePorts.pnp).toBeDefined();
    await admin.expect(201, 'POST', '/devices', { macs: [witness] });
  });

  test('[DEV-031] [DEV-039] a known phone is told by NOTIFY where its files are, and finds them there', async () => {
    await admin.expect(201, 'POST', '/devices', { macs: [mac] });

    const [answer = '', notify = ''] = await answersTo(mac);

    expect(answer).toMatch(
      /^SIP\/2\.0 200 OK\r\nVia: SIP\/2\.0\/UDP 127\.0\.0\.1:\d+;branch=z9hG4bK1234\r\n/,
    );
    expect(notify).toMatch(/^NOTIFY sip:127\.0\.0\.1:\d+ SIP\/2\.0\r\n/);
    expect(notify).toMatch(/\r\nTo: <sip:MAC%3a805ec0aabb01@224\.0\.1\.75>;tag=abc\r\n/);
    expect(notify).toContain('\r\nContent-Type: application/url\r\n');
    const url = notify.split('\r\n\r\n')[1] ?? '';
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/prov\/$/);
    expect((await curl(`${url}${mac}.cfg`)).status).toBe(200);
    const { items } = (await admin.expect(200, 'GET', '/devices')) as { items: unknown[] };
    expect(items).toMatchObject([{ mac, model: 'T53W', firmware: '96.86.0.70' }, { mac: witness }]);
  });

  test('[DEV-040] a new phone is not answered, unless everybody is and the window is open', async () => {
    await expectRefusal('not-listed');
    await admin.expect(200, 'POST', '/provisioning/window', { minutes: 5 });
    await expectRefusal('not-listed', 'not-listed');
    expect(await admin.expect(200, 'GET', '/devices')).toMatchObject({ items: [{ mac: witness }] });

    await configure({ pnpAnswers: 'all' });
    expect(await answersTo(mac)).toHaveLength(2);
    expect(await admin.expect(200, 'GET', '/devices')).toMatchObject({ total: 2 });
  });

  test('[DEV-038] [DEV-040] a phone that has its files already is not answered while no window is open', async () => {
    await admin.expect(201, 'POST', '/devices', { macs: [mac], lines: [await addUser()] });
    const revealed = await admin.expect(200, 'POST', `/devices/${mac}/reveal`);
    const { provisioningUrl } = revealed as { provisioningUrl: string };
    const { status } = await curl(`${provisioningUrl}${mac}.cfg`, {
      userAgent: `Yealink SIP-T53W 96.86.0.70 ${mac}`,
    });
    expect(status).toBe(200);

    await expectRefusal('already-provisioned');
  });

  test('[DEV-058] a rejected phone is not answered, whatever is open, and its request is counted', async () => {
    await admin.expect(200, 'POST', '/provisioning/window', { minutes: 5 });
    await configure({ pnpAnswers: 'all' });
    await admin.expect(200, 'POST', '/devices/reject', { macs: [mac] });

    await expectSilence();

    expect(await admin.expect(200, 'GET', '/devices')).toMatchObject({ items: [{ mac: witness }] });
    expect(await admin.expect(200, 'GET', '/rejected-devices')).toMatchObject({
      items: [{ mac, asked: 1 }],
    });
    expect(await admin.expect(200, 'GET', '/provisioning/pnp')).toMatchObject({
      heard: [
        { mac: witness, outcome: 'accepted' },
        { mac, outcome: 'rejected' },
      ],
    });
  });

  test('what is no SUBSCRIBE for ua-profile is not answered', async () => {
    await admin.expect(201, 'POST', '/devices', { macs: [mac] });
    for (const change of [
      (text: string) => text.replace('ua-profile', 'presence'),
      (text: string) => text.replaceAll('SUBSCRIBE', 'OPTIONS'),
      (text: string) => text.replace(/Contact: .*\r\n/, ''),
      (text: string) => text.replace('Call-ID: 1', `Call-ID: ${'x'.repeat(5000)}`),
      () => '\r\n\r\n',
    ]) {
      await expectSilence(change);
    }
  });
});
