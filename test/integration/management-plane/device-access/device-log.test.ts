/** What phones write to syslog, as util-linux' logger and bare sockets send it. */
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiClient } from '../../../support/management-plane/api-client.ts';
import {
  exampleBinding,
  TestManagementPlane,
} from '../../../support/management-plane/management-plane.ts';
import { waitUntil } from '../../../support/wait-until.ts';

const run = promisify(execFile);
const mac = '001565aabb01';
const other = '0004f2aabb02';
const anyVersion = { 'if-match': '*' };

interface Line {
  readonly severity: string;
  readonly app?: string;
  readonly host?: string;
  readonly text: string;
}

interface Log {
  readonly items: readonly Line[];
  readonly total: number;
  readonly port?: number;
}

let plane: TestManagementPlane;
let admin: ApiClient;
let port: number;

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  await admin.expect(201, 'POST', '/devices', { macs: [mac], vendor: 'yealink', model: 'T46U' });
  await admin.expect(201, 'POST', '/devices', { macs: [other] });
});

afterEach(async () => {
  await plane.remove();
});

async function turnOn(changes: object = {}): Promise<void> {
  const body = { syslogEnabled: true, ...changes };
  await admin.expect(200, 'PATCH', '/device-access', body, anyVersion);
  port = (await stateOf()).syslogPort ?? 0;
}

async function stateOf() {
  return (await admin.expect(200, 'GET', '/device-access/state')) as {
    syslogPort?: number;
    unknownSenders: { address: string; lines: number }[];
  };
}

async function logOf(device: string, query = ''): Promise<Log> {
  return (await admin.expect(200, 'GET', `/devices/${device}/log${query}`)) as Log;
}

/** As a phone: from an address of the loopback network. */
async function logger(...args: string[]): Promise<void> {
  await run('logger', ['-n', '127.0.0.1', '-P', String(port), '--udp', ...args]);
}

async function send(messages: readonly (string | Buffer)[], from = '127.0.0.1'): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((done) => {
    socket.bind(0, from, done);
  });
  for (const message of messages) {
    await new Promise((done) => {
      socket.send(message, port, '127.0.0.1', done);
    });
  }
  socket.close();
}

function registerAt(device: string, remoteAddress: string): void {
  plane.callPlane.bus.emit('bindings.changed', {
    updated: [exampleBinding('nobody', { remoteAddress, device })],
    removed: [],
  });
}

describe('the log of devices', () => {
  test('[DEV-056] a phone sends RFC 3164 and RFC 5424, and an administrator reads, filters, takes and deletes it', async () => {
    await turnOn();
    await logger('--rfc3164', '-t', 'sip', '-p', 'local0.err', `[${mac}] REGISTER refused`);
    await logger('--rfc5424', '-t', 'media', '-p', 'local0.info', `${mac} call 7 begins`);

    await waitUntil(async () => (await logOf(mac)).total === 2, 'both lines came');
    expect(await logOf(mac)).toMatchObject({
      port,
      items: [
        {
          severity: 'info',
          app: 'media',
          text: expect.stringContaining('call 7 begins') as string,
        },
        { severity: 'error', app: 'sip', text: `[${mac}] REGISTER refused` },
      ],
    });
    expect(await logOf(other)).toMatchObject({ total: 0 });
    expect((await logOf(mac, '?severity=warning')).items).toMatchObject([{ app: 'sip' }]);
    expect((await logOf(mac, '?search=MEDIA%20begins')).items).toMatchObject([{ app: 'media' }]);
    expect((await logOf(mac, '?search=100%25')).items).toEqual([]);

    const text = await admin.send('GET', `/devices/${mac}/log/export.txt?severity=error`);
    expect(text.headers['content-disposition']).toContain(`${mac}-`);
    expect(text.body).toMatch(/^\S+Z error sip: \[001565aabb01\] REGISTER refused\n$/);

    await admin.expect(204, 'DELETE', `/devices/${mac}/log`);
    expect(await logOf(mac)).toMatchObject({ total: 0 });
    await admin.expect(404, 'GET', '/devices/001565aabb99/log');
  });

  test('it is off at first: nothing listens and nothing is stored', async () => {
    expect(await stateOf()).toMatchObject({ unknownSenders: [] });
    expect(await logOf(mac)).toEqual({ items: [], total: 0, page: 1, pageSize: 100 });
    expect(existsSync(join(plane.dataDirectory, 'device-log.db'))).toBe(false);
  });

  test('turned off it hears nothing more, and what was written can still be read', async () => {
    await turnOn();
    await send([`<14>${mac} one`]);
    await waitUntil(async () => (await logOf(mac)).total === 1, 'the line came');
    await admin.expect(200, 'PATCH', '/device-access', { syslogEnabled: false }, anyVersion);

    expect(await stateOf()).not.toHaveProperty('syslogPort');
    const log = await logOf(mac);
    expect(log).toMatchObject({ items: [{ text: `${mac} one` }] });
    expect(log).not.toHaveProperty('port');
    // The port is free for others.
    const socket = createSocket('udp4');
    await new Promise<void>((done, fail) => {
      socket.once('error', fail).bind(port, '127.0.0.1', done);
    });
    socket.close();
  });

  test('a phone is known by the address from which it registered; strangers are shown, not stored', async () => {
    registerAt(other, '127.0.0.7');
    await turnOn();
    await send(['<13>without a name'], '127.0.0.7');
    await send(['<13>who am I', '<13>hello'], '127.0.0.8');

    await waitUntil(async () => (await logOf(other)).total === 1, 'the line of the phone came');
    await waitUntil(
      async () => (await stateOf()).unknownSenders.length === 1,
      'the strangers came',
    );
    expect((await stateOf()).unknownSenders).toMatchObject([{ address: '127.0.0.8', lines: 2 }]);
    expect((await logOf(mac)).total).toBe(0);
  });

  test('garbage is harmless: it is read as text without bytes that act, and lines cannot forge others', async () => {
    await turnOn();
    const noise = Array.from({ length: 50 }, (_, at) =>
      Buffer.from(Array.from({ length: 900 }, (_value, index) => (at * 37 + index * 11) % 256)),
    );
    await send([
      ...noise,
      Buffer.alloc(0),
      Buffer.alloc(60_000, 'x'),
      `<15>${mac} \x1b]0;owned\x07\u202e<script>\r\n2026-01-01T00:00:00.000Z emergency forged`,
    ]);

    await waitUntil(async () => (await logOf(mac)).total === 1, 'the line came');
    const [line] = (await logOf(mac)).items;
    expect(line?.text).toBe(
      `${mac} \\x1b]0;owned\\x07\\u{202e}<script>\n2026-01-01T00:00:00.000Z emergency forged`,
    );
    const { body } = await admin.send('GET', `/devices/${mac}/log/export.txt`);
    expect((body as string).split('\n').slice(1)).toEqual([
      '    2026-01-01T00:00:00.000Z emergency forged',
      '',
    ]);
  });

  test('space is bounded: the oldest lines of a talkative device go, those of others stay', async () => {
    await turnOn({ syslogPerDeviceMb: 1 });
    await send([`<14>${other} quiet`]);
    await waitUntil(async () => (await logOf(other)).total === 1, 'the line of the other came');
    const long = 'x'.repeat(3_900);
    for (let round = 0; round < 5; round += 1) {
      await send(
        Array.from({ length: 80 }, (_, at) => `<14>${mac} ${String(round * 80 + at)} ${long}`),
      );
      await waitUntil(
        async () =>
          (await logOf(mac)).items[0]?.text.startsWith(`${mac} ${String(round * 80 + 79)} `) ===
          true,
        'the last of the round came',
      );
    }

    const { total, items } = await logOf(mac);
    expect(total).toBeLessThanOrEqual(260);
    expect(total).toBeGreaterThan(200);
    expect(items).toHaveLength(100);
    expect((await logOf(other)).total).toBe(1);
  });

  test('a flood is dropped and told in the log of its device', async () => {
    registerAt(mac, '127.0.0.7');
    await turnOn();
    await send(
      Array.from({ length: 2_600 }, (_, at) => `<15>${String(at)}`),
      '127.0.0.7',
    );

    await waitUntil(
      async () => (await logOf(mac, '?search=dropped')).total > 0,
      'the count of dropped lines came',
    );
    expect((await logOf(mac, '?search=dropped')).items[0]).toMatchObject({
      severity: 'warning',
      app: 'campanile',
      text: expect.stringMatching(/^\d+ messages were dropped/) as string,
    });
  });

  test('files of devices name the PBX while it receives, unless another server is set', async () => {
    const file = async (): Promise<string> => {
      const { items } = (await admin.expect(200, 'GET', `/devices/${mac}/files`)) as {
        items: { lines: { text: string }[] }[];
      };
      return items.flatMap(({ lines }) => lines.map(({ text }) => text)).join('\n');
    };
    expect(await file()).toContain('static.syslog.enable = 0');
    await turnOn();

    expect(await file()).toContain('static.syslog.enable = 1');
    expect(await file()).toContain(`static.syslog.server_port = ${String(port)}`);
    const settings = (await admin.expect(200, 'GET', `/devices/${mac}/settings`)) as {
      items: { name: string; value?: string; origin: { name: string } }[];
    };
    expect(settings.items.find(({ name }) => name === 'syslog.server')).toMatchObject({
      origin: { name: 'syslog' },
    });

    const own = { settings: { 'syslog.server': '10.0.0.9', 'syslog.port': 514 } };
    await admin.expect(200, 'PATCH', `/devices/${mac}`, own, anyVersion);
    expect(await file()).toContain('static.syslog.server = 10.0.0.9');
    expect(await file()).toContain('static.syslog.server_port = 514');
  });
});
