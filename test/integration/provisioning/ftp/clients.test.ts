/** Our FTP server with Debian's clients, and with clients that mean no good. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FtpFileStore } from '../../../../provisioning/ftp/file-store.ts';
import type { FtpHappening } from '../../../../provisioning/ftp/ftp-event.ts';
import { FtpServer, type FtpLimits } from '../../../../provisioning/ftp/server.ts';
import { systemClock } from '../../../../system/foundation/clock.ts';
import { silentLogger } from '../../../../system/foundation/logger.ts';
import { findFreePorts } from '../../../support/daemon/free-ports.ts';
import { FtpPeer } from '../../../support/provisioning/ftp-peer.ts';
import { waitUntil } from '../../../support/wait-until.ts';

const run = promisify(execFile);
const modifiedMs = Date.UTC(2026, 10, 22, 8, 0, 0);

let folder: string;
let server: FtpServer | undefined;
let port: number;
let happened: FtpHappening[];
let files: Map<string, Buffer>;
let range: { first: number; last: number };

const store: FtpFileStore = {
  find: (path) => {
    const bytes = files.get(path);
    return Promise.resolve(
      bytes === undefined
        ? undefined
        : {
            sizeBytes: bytes.length,
            modifiedMs,
            read: (offset) => Readable.from([bytes.subarray(offset)]),
          },
    );
  },
  isFolder: (path) => path === '/' || path === '/logs',
  list: () =>
    Promise.resolve(
      [...files].map(([path, bytes]) => ({
        name: path.slice(1),
        isFolder: false,
        sizeBytes: bytes.length,
        modifiedMs,
      })),
    ),
  prepareUpload: (path, _client, isAppended) =>
    Promise.resolve(
      path.startsWith('/logs/')
        ? {
            maximumBytes: 1_000_000,
            finish: (content) => {
              const start = isAppended ? (files.get(path) ?? Buffer.alloc(0)) : Buffer.alloc(0);
              files.set(path, Buffer.concat([start, content]));
              return Promise.resolve(true);
            },
          }
        : 'refused',
    ),
  delete: (path) => Promise.resolve(files.delete(path)),
  makeFolder: () => false,
  removeFolder: () => false,
};

async function start(limits: Partial<FtpLimits> = {}): Promise<void> {
  await server?.close();
  const started = new FtpServer({
    store,
    authenticate: (name, password) => name === 'PlcmSpIp' && password === 'PlcmSpIp',
    settings: () => ({ passivePorts: range, passiveAddress: undefined }),
    clock: systemClock,
    logger: silentLogger,
    limits: { failureDelayMs: 0, ...limits },
  });
  server = started;
  started.events.on('happened', ({ happening }) => happened.push(happening));
  port = await started.listen({ address: '127.0.0.1', port: 0 });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'campanile-ftp-'));
  files = new Map();
  happened = [];
  const first = 50_000 + Math.floor(Math.random() * 10_000);
  range = { first, last: first + 50 };
  await start();
});

afterEach(async () => {
  await server?.close();
  rmSync(folder, { recursive: true });
});

const url = (path: string, account = 'PlcmSpIp:PlcmSpIp'): string =>
  `ftp://${account}@127.0.0.1:${String(port)}/${path}`;

/** Rejects with curl's status where it fails. */
async function curlFtp(...words: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return run('curl', ['--silent', '--show-error', '--verbose', '--max-time', '20', ...words], {
    maxBuffer: 50_000_000,
  });
}

const statusOf = async (promise: Promise<unknown>): Promise<number> =>
  promise.then(
    () => 0,
    (error: unknown) => (error as { code: number }).code,
  );

const lftp = (commands: string): Promise<{ stdout: string }> =>
  run('lftp', [
    '-c',
    `set net:max-retries 1; set net:timeout 5; set cmd:fail-exit yes; open ${url('')}; ${commands}`,
  ]);

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('real clients', () => {
  it('curl fetches by EPSV, by PASV and by a connection back to itself, with size and time', async () => {
    const content = randomBytes(3_000_000);
    files.set('/image.ld', content);
    const target = join(folder, 'got');
    for (const words of [[], ['--disable-epsv'], ['--ftp-port', '-'], ['--ftp-method', 'nocwd']]) {
      const { stderr } = await curlFtp(
        ...words,
        '--remote-time',
        '--output',
        target,
        url('image.ld'),
      );
      expect(digestOf(readFileSync(target)), words.join(' ')).toBe(digestOf(content));
      const passive = /Connecting to 127\.0\.0\.1 \([^)]*\) port (\d+)/.exec(stderr)?.[1];
      if (passive !== undefined) {
        expect(Number(passive)).toBeGreaterThanOrEqual(range.first);
        expect(Number(passive)).toBeLessThanOrEqual(range.last);
      }
    }
    const { stdout } = await curlFtp('--head', url('image.ld'));
    expect(stdout).toContain('Content-Length: 3000000');
    expect(stdout).toContain('Last-Modified: Sun, 22 Nov 2026 08:00:00 GMT');
  });

  it('curl and lftp go on where they were cut off', async () => {
    const content = randomBytes(500_000);
    files.set('/image.ld', content);
    for (const fetch of [
      (target: string) => curlFtp('--continue-at', '-', '--output', target, url('image.ld')),
      (target: string) => lftp(`get -c image.ld -o ${target}`),
    ]) {
      const target = join(folder, randomBytes(4).toString('hex'));
      writeFileSync(target, content);
      truncateSync(target, 200_000);
      await fetch(target);
      expect(digestOf(readFileSync(target))).toBe(digestOf(content));
      const last = happened.findLast(({ kind }) => kind === 'transfer');
      expect(last).toMatchObject({ outcome: 'complete', sizeBytes: 300_000 });
    }
  });

  it('lftp and tnftp list, fetch, store and delete', async () => {
    files.set('/a.cfg', Buffer.from('a'));
    const local = join(folder, 'phone.log');
    writeFileSync(local, 'line\n'.repeat(1_000));

    const { stdout } = await lftp(`cls -l; cd logs; put ${local}; cat /a.cfg`);
    expect(stdout).toMatch(/1 .*a\.cfg/);
    expect(stdout.endsWith('a')).toBe(true);
    expect(files.get('/logs/phone.log')?.length).toBe(5_000);
    await lftp('rm a.cfg');
    expect([...files.keys()]).toEqual(['/logs/phone.log']);

    const got = join(folder, 'got');
    await run('tnftp', ['-o', got, url('logs/phone.log')], { timeout: 20_000 });
    expect(readFileSync(got, 'utf8')).toBe('line\n'.repeat(1_000));
    expect((await curlFtp('--list-only', url(''))).stdout).toBe('logs/phone.log\n');
    expect((await curlFtp('--append', '--upload-file', local, url('logs/phone.log'))).stdout).toBe(
      '',
    );
    expect(files.get('/logs/phone.log')?.length).toBe(10_000);
  });

  it('fifty fetch at once through fifty-one ports', async () => {
    const content = randomBytes(200_000);
    files.set('/image.ld', content);
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const target = join(folder, `got-${String(index)}`);
        await curlFtp('--output', target, url('image.ld'));
        expect(digestOf(readFileSync(target))).toBe(digestOf(content));
      }),
    );
    await waitUntil(() => server?.sessionCount === 0, 'all sessions have ended');
  });

  it('IPv6: EPSV and EPRT', async () => {
    files.set('/a.cfg', Buffer.from('six'));
    const six = await server?.listen({ address: '::1', port: 0 });
    for (const words of [[], ['--ftp-port', '-']]) {
      const address = `ftp://PlcmSpIp:PlcmSpIp@[::1]:${String(six)}/a.cfg`;
      expect((await curlFtp(...words, address)).stdout).toBe('six');
    }
  });

  it('a wrong password, an unknown file, a path that climbs and an upload elsewhere fail', async () => {
    files.set('/a.cfg', Buffer.from('a'));
    writeFileSync(join(folder, 'x'), 'x');
    expect(await statusOf(curlFtp(url('a.cfg', 'PlcmSpIp:wrong')))).toBe(67);
    expect(await statusOf(curlFtp(url('b.cfg')))).toBe(78);
    expect(await statusOf(curlFtp('--path-as-is', url('../../etc/passwd')))).toBe(9);
    expect(await statusOf(curlFtp('--upload-file', join(folder, 'x'), url('x')))).toBe(25);
    expect(happened.filter(({ kind }) => kind === 'transfer')).toEqual([]);
  });
});

describe('clients that mean no good', () => {
  it('PORT and EPRT lead nowhere but to the client itself, and to no port of a system', async () => {
    const peer = await FtpPeer.connect(port);
    await peer.logIn();
    for (const line of [
      'PORT 192,0,2,1,200,10',
      'EPRT |1|192.0.2.1|51200|',
      'PORT 127,0,0,1,0,22',
      'PORT 127,0,0,2,200,10',
      'EPRT |2|::1|51200|',
    ]) {
      expect((await peer.say(line)).slice(0, 3), line).toBe('504');
    }
    expect(await peer.say('PORT 1,2,3')).toMatch(/^501/);
    expect(await peer.say('RETR a.cfg')).toMatch(/^425/);
    peer.close();
  });

  it('a stranger on the port for data gets nothing', async () => {
    files.set('/a.cfg', Buffer.from('secret'));
    const peer = await FtpPeer.connect(port);
    await peer.logIn();
    const data = await peer.passive();
    const stranger = connect({ host: '127.0.0.1', port: data, localAddress: '127.0.0.9' });
    let received = '';
    stranger.on('data', (chunk) => {
      received += chunk.toString();
    });
    stranger.on('error', () => undefined);
    await once(stranger, 'close');
    expect(received).toBe('');
    expect(happened).toContainEqual({ kind: 'stranger', address: '127.0.0.9' });

    const own = connect({ host: '127.0.0.1', port: data });
    own.on('data', (chunk) => {
      received += chunk.toString();
    });
    expect(await peer.say('RETR a.cfg')).toMatch(/^150/);
    expect(await peer.reply()).toMatch(/^226/);
    await waitUntil(() => received === 'secret', 'the client has the file');
    peer.close();
  });

  it('without a free port a client is told to try again, and a port given up is free again', async () => {
    const [only = 0] = await findFreePorts(1);
    range = { first: only, last: only };
    const [one, other] = await Promise.all([FtpPeer.connect(port), FtpPeer.connect(port)]);
    await Promise.all([one.logIn(), other.logIn()]);

    expect(await one.passive()).toBe(only);
    expect(await other.say('PASV')).toMatch(/^425/);
    expect(happened).toContainEqual({ kind: 'no-port' });
    expect(await one.say('QUIT')).toMatch(/^221/);
    await waitUntil(
      async () => (await other.say('EPSV')).startsWith('229'),
      'the port is free again',
    );
    other.close();
  });

  it('clients that hang are let go: silent, without a data connection, reading nothing', async () => {
    await start({ idleMs: 1_200, stallMs: 400 });
    files.set('/image.ld', randomBytes(20_000_000));
    const silent = await FtpPeer.connect(port);
    const lazy = await FtpPeer.connect(port);
    await lazy.logIn();

    await lazy.passive();
    expect(await lazy.say('RETR image.ld')).toMatch(/^150/);
    expect(await lazy.reply()).toMatch(/^425/);

    const data = connect({ host: '127.0.0.1', port: await lazy.passive() });
    data.on('error', () => undefined);
    data.pause();
    expect(await lazy.say('RETR image.ld')).toMatch(/^150/);
    expect(await lazy.reply()).toMatch(/^426/);
    expect(happened).toContainEqual(
      expect.objectContaining({ kind: 'transfer', outcome: 'stalled' }),
    );

    expect(await silent.reply()).toMatch(/^421/);
    expect(await lazy.reply()).toMatch(/^421/);
    await waitUntil(() => server?.sessionCount === 0, 'both have gone');
    data.destroy();
  });

  it('ABOR ends a transfer, and the session goes on', async () => {
    files.set('/image.ld', randomBytes(20_000_000));
    const peer = await FtpPeer.connect(port);
    await peer.logIn();
    const data = connect({ host: '127.0.0.1', port: await peer.passive() });
    data.on('error', () => undefined);
    data.pause();
    expect(await peer.say('RETR image.ld')).toMatch(/^150/);
    // As RFC 959 §3.4.1 has it, with Telnet's interrupt and synch in front.
    peer.socket.write(Buffer.from('fff4fff2', 'hex'));
    expect(await peer.say('ABOR')).toMatch(/^426/);
    expect(await peer.reply()).toMatch(/^226/);
    expect(await peer.say('NOOP')).toMatch(/^200/);
    data.destroy();
    peer.close();
  });

  it('uploads that are too long, and the fifth at once, are refused', async () => {
    writeFileSync(join(folder, 'long'), Buffer.alloc(1_000_001));
    expect(await statusOf(curlFtp('--upload-file', join(folder, 'long'), url('logs/a')))).not.toBe(
      0,
    );
    expect(files.size).toBe(0);
    const peers = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const peer = await FtpPeer.connect(port);
        await peer.logIn();
        const data = connect({ host: '127.0.0.1', port: await peer.passive() });
        data.on('error', () => undefined);
        return { peer, data };
      }),
    );
    const replies: string[] = [];
    for (const { peer } of peers) {
      replies.push((await peer.say('STOR logs/a')).slice(0, 3));
    }
    expect(replies).toEqual(['150', '150', '150', '150', '450']);
    for (const { peer, data } of peers) {
      data.destroy();
      peer.close();
    }
  });

  it('wrong passwords end the session at the third, and shut the address out at the tenth', async () => {
    const tries: string[] = [];
    for (let session = 0; session < 4; session += 1) {
      const peer = await FtpPeer.connect(port);
      for (let attempt = 0; attempt < 3 && !peer.hasEnded; attempt += 1) {
        tries.push((await peer.logIn('PlcmSpIp', 'wrong')).slice(0, 3));
      }
      peer.close();
    }
    expect(tries.slice(0, 9)).toEqual([
      '530',
      '530',
      '421',
      '530',
      '530',
      '421',
      '530',
      '530',
      '421',
    ]);
    expect(happened.filter(({ kind }) => kind === 'blocked')).toHaveLength(1);
    expect(await statusOf(curlFtp(url('a.cfg')))).not.toBe(0);
    server?.forgive();
    const peer = await FtpPeer.connect(port);
    expect(await peer.logIn()).toMatch(/^230/);
    peer.close();
  });

  it('hostile bytes are answered or dropped, and others are served all the while', async () => {
    files.set('/a.cfg', Buffer.from('fine'));
    const hostile = [
      Buffer.alloc(2_000_000, 0x41),
      Buffer.from('\n'.repeat(20_000)),
      randomBytes(100_000),
      Buffer.from(`USER ${'x'.repeat(900)}\r\nPASS \u0000\r\n`.repeat(500)),
      Buffer.alloc(50_000, 0xff),
      Buffer.from('USER PlcmSpIp\r\nPASS PlcmSpIp\r\n'.concat('EPSV\r\n'.repeat(3_000))),
    ];
    const peers = await Promise.all(
      hostile.map(async (bytes) => {
        const socket = connect({ host: '127.0.0.1', port });
        socket.on('error', () => undefined);
        // One reads nothing of what it is told.
        if (bytes.length !== 20_000) {
          socket.resume();
        }
        await once(socket, 'connect');
        socket.write(bytes);
        return socket;
      }),
    );
    expect((await curlFtp(url('a.cfg'))).stdout).toBe('fine');
    peers.forEach((socket) => socket.destroy());
    await waitUntil(() => server?.sessionCount === 0, 'the hostile are gone');
  });

  it('a closed server leaves nothing open', async () => {
    files.set('/image.ld', randomBytes(20_000_000));
    const peer = await FtpPeer.connect(port);
    await peer.logIn();
    const data = await peer.passive();
    await server?.close();
    expect(await peer.reply()).toMatch(/^421/);
    const listener = createServer();
    listener.listen(data, '127.0.0.1');
    await once(listener, 'listening');
    listener.close();
  });
});
