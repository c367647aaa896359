/** Our TFTP server with Debian's clients. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { FolderSource } from '../../../../provisioning/tftp/folder-source.ts';
import { TftpServer, type TransferEnded } from '../../../../provisioning/tftp/server.ts';
import { systemClock } from '../../../../system/foundation/clock.ts';
import { silentLogger } from '../../../../system/foundation/logger.ts';
import { LossyRelay } from '../../../support/media-plane/lossy-relay.ts';

const run = promisify(execFile);

let folder: string;
let server: TftpServer;
let port: number;
let ended: TransferEnded[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'campanile-tftp-'));
  mkdirSync(join(folder, 'root'));
  server = new TftpServer({
    source: new FolderSource(join(folder, 'root')),
    clock: systemClock,
    logger: silentLogger,
  });
  ended = [];
  server.events.on('transferEnded', (end) => ended.push(end));
  port = await server.listen({ address: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function writeServed(name: string, sizeBytes: number): string {
  const path = join(folder, 'root', name);
  writeFileSync(path, randomBytes(sizeBytes));
  return hash(path);
}

function hash(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

async function fetchWithAtftp(
  name: string,
  options: readonly string[],
  target = join(folder, 'got'),
  serverPort = port,
  flags: readonly string[] = [],
): Promise<string> {
  const more = options.flatMap((option) => ['--option', option]);
  const file = ['--get', '-r', name, '-l', target];
  await run('atftp', [...flags, ...more, ...file, '127.0.0.1', String(serverPort)]);
  return hash(target);
}

/** tftp-hpa exits with 0 whatever happens: what it says counts. */
async function fetchWithTftpHpa(
  name: string,
  mode: 'binary' | 'ascii' = 'binary',
): Promise<string> {
  const target = join(folder, 'got');
  const { stdout } = await run('tftp', [
    ...['-m', mode, '127.0.0.1', String(port)],
    ...['-c', 'get', name, target],
  ]);
  if (stdout !== '') {
    throw new Error(stdout.trim());
  }
  return hash(target);
}

describe('a file read by a real client', () => {
  it.each([0, 1, 511, 512, 513, 2 * 1_024 * 1_024])(
    '[NET-005] of %i bytes arrives unchanged',
    async (sizeBytes) => {
      const expected = writeServed('file', sizeBytes);

      expect(await fetchWithTftpHpa('file')).toBe(expected);
      expect(await fetchWithAtftp('file', [])).toBe(expected);
    },
  );

  it('of more than 65,535 blocks arrives unchanged: block numbers begin anew', async () => {
    const expected = writeServed('firmware', 40 * 1_024 * 1_024 + 77);

    expect(await fetchWithTftpHpa('firmware')).toBe(expected);
  });

  it.each([
    [['blksize 8']],
    [['blksize 1428']],
    [['blksize 65464', 'tsize 0']],
    [['windowsize 8']],
    [['blksize 1428', 'windowsize 64', 'tsize 0', 'timeout 3']],
    [['BLKSIZE 1024', 'blksize abc', 'nonsense 1', 'windowsize 0']],
  ])('with the options %j arrives unchanged', async (options) => {
    const expected = writeServed('file', 300_001);

    expect(await fetchWithAtftp('file', options)).toBe(expected);
  });
});

describe('many clients at once', () => {
  it('[NET-005] fifty of one file all get it unchanged', async () => {
    const expected = writeServed('firmware', 2 * 1_024 * 1_024);
    const fetches = Array.from({ length: 50 }, (_, index) =>
      fetchWithAtftp(
        'firmware',
        index % 2 === 0 ? ['blksize 1428', 'windowsize 16'] : ['blksize 1428'],
        join(folder, `got${String(index)}`),
      ),
    );

    const hashes = await Promise.all(fetches);

    expect(new Set(hashes)).toEqual(new Set([expected]));
    await expect.poll(() => ended.length).toBe(50);
    expect(ended.every(({ outcome }) => outcome === 'complete')).toBe(true);
    expect(server.transferCount).toBe(0);
  });
});

describe('a network that loses packets', () => {
  it.each([
    [0.01, ['blksize 1428']],
    [0.01, ['blksize 1428', 'windowsize 8']],
    [0.03, ['blksize 1428']],
    [0.03, ['blksize 1428', 'windowsize 8']],
    [0.03, ['windowsize 64']],
  ])('with a loss of %f and the options %j delivers unchanged', async (lossShare, options) => {
    const expected = writeServed('file', 256 * 1_024);
    const relay = new LossyRelay(port, lossShare, 7);
    const relayPort = await relay.listen();
    const more = ['--tftp-timeout', '1'];

    const actual = await fetchWithAtftp('file', options, undefined, relayPort, more);

    relay.close();
    expect(actual).toBe(expected);
    expect(relay.lostCount).toBeGreaterThan(0);
  });
});

describe('what must not be served', () => {
  it.each([
    '../secret',
    '../../../../../../etc/passwd',
    '/etc/passwd',
    '..\\secret',
    'folder/../../secret',
    'link',
    'folder-link/secret',
    'folder',
    'missing',
  ])('[NET-005] %s looks like a file that does not exist', async (name) => {
    writeFileSync(join(folder, 'secret'), 'secret');
    mkdirSync(join(folder, 'root/folder'));
    symlinkSync('../secret', join(folder, 'root/link'));
    symlinkSync('..', join(folder, 'root/folder-link'));

    await expect(fetchWithTftpHpa(name)).rejects.toThrow('Error code 1: File not found');
  });

  it('a link inside the folder that stays inside is followed', async () => {
    const expected = writeServed('real', 100);
    symlinkSync('real', join(folder, 'root/alias'));

    expect(await fetchWithTftpHpa('//alias')).toBe(expected);
  });

  it('[NET-005] writing is refused, and said to be', async () => {
    const requested: string[] = [];
    server.events.on('fileRequested', ({ fileName, outcome }) => {
      requested.push(`${outcome} ${fileName}`);
    });
    writeFileSync(join(folder, 'upload'), 'mine');
    const file = ['put', join(folder, 'upload'), 'config.cfg'];

    const { stdout } = await run('tftp', ['127.0.0.1', String(port), '-c', ...file]);

    expect(stdout).toContain('Error code 2: This server is read only');
    expect(requested).toEqual(['refused config.cfg']);
  });
});

describe('netascii', () => {
  it('turns line ends over and back', async () => {
    writeFileSync(join(folder, 'root/text'), 'one\ntwo\r\n\rthree');

    await fetchWithTftpHpa('text', 'ascii');

    expect(readFileSync(join(folder, 'got'), 'latin1')).toBe('one\ntwo\r\n\rthree');
  });
});
