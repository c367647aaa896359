/** Our FTP server with Debian's clients. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { curlFtp, FtpSite, statusOf } from '../../../support/provisioning/ftp-site.ts';
import { waitUntil } from '../../../support/wait-until.ts';

let site: FtpSite;

beforeEach(async () => {
  site = new FtpSite();
  await site.start();
});

afterEach(async () => {
  await site.close();
});

const run = promisify(execFile);

const lftp = (commands: string): Promise<{ stdout: string }> =>
  run('lftp', [
    '-c',
    `set net:max-retries 1; set net:timeout 5; set cmd:fail-exit yes; open ${site.url('')}; ${commands}`,
  ]);

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('real clients', () => {
  it('curl fetches by EPSV, by PASV and by a connection back to itself, with size and time', async () => {
    const content = randomBytes(3_000_000);
    site.files.set('/image.ld', content);
    const target = join(site.folder, 'got');
    for (const words of [[], ['--disable-epsv'], ['--ftp-port', '-'], ['--ftp-method', 'nocwd']]) {
      const { stderr } = await curlFtp(
        ...words,
        '--remote-time',
        '--output',
        target,
        site.url('image.ld'),
      );
      expect(digestOf(readFileSync(target)), words.join(' ')).toBe(digestOf(content));
      const passive = /Connecting to 127\.0\.0\.1 \([^)]*\) site.port (\d+)/.exec(stderr)?.[1];
      if (passive !== undefined) {
        expect(Number(passive)).toBeGreaterThanOrEqual(site.range.first);
        expect(Number(passive)).toBeLessThanOrEqual(site.range.last);
      }
    }
    const { stdout } = await curlFtp('--head', site.url('image.ld'));
    expect(stdout).toContain('Content-Length: 3000000');
    expect(stdout).toContain('Last-Modified: Sun, 22 Nov 2026 08:00:00 GMT');
  });

  it('curl and lftp go on where they were cut off', async () => {
    const content = randomBytes(500_000);
    site.files.set('/image.ld', content);
    for (const fetch of [
      (target: string) => curlFtp('--continue-at', '-', '--output', target, site.url('image.ld')),
      (target: string) => lftp(`get -c image.ld -o ${target}`),
    ]) {
      const target = join(site.folder, randomBytes(4).toString('hex'));
      writeFileSync(target, content);
      truncateSync(target, 200_000);
      await fetch(target);
      expect(digestOf(readFileSync(target))).toBe(digestOf(content));
      const last = site.happened.findLast(({ kind }) => kind === 'transfer');
      expect(last).toMatchObject({ outcome: 'complete', sizeBytes: 300_000 });
    }
  });

  it('lftp and tnftp list, fetch, store and delete', async () => {
    site.files.set('/a.cfg', Buffer.from('a'));
    const local = join(site.folder, 'phone.log');
    writeFileSync(local, 'line\n'.repeat(1_000));

    const { stdout } = await lftp(`cls -l; cd logs; put ${local}; cat /a.cfg`);
    expect(stdout).toMatch(/1 .*a\.cfg/);
    expect(stdout.endsWith('a')).toBe(true);
    expect(site.files.get('/logs/phone.log')?.length).toBe(5_000);
    await lftp('rm a.cfg');
    expect([...site.files.keys()]).toEqual(['/logs/phone.log']);

    const got = join(site.folder, 'got');
    await run('tnftp', ['-o', got, site.url('logs/phone.log')], { timeout: 20_000 });
    expect(readFileSync(got, 'utf8')).toBe('line\n'.repeat(1_000));
    expect((await curlFtp('--list-only', site.url(''))).stdout).toBe('logs/phone.log\n');
    expect(
      (await curlFtp('--append', '--upload-file', local, site.url('logs/phone.log'))).stdout,
    ).toBe('');
    expect(site.files.get('/logs/phone.log')?.length).toBe(10_000);
  });

  it('fifty fetch at once through fifty-one ports', async () => {
    const content = randomBytes(200_000);
    site.files.set('/image.ld', content);
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const target = join(site.folder, `got-${String(index)}`);
        await curlFtp('--output', target, site.url('image.ld'));
        expect(digestOf(readFileSync(target))).toBe(digestOf(content));
      }),
    );
    await waitUntil(() => site.server?.sessionCount === 0, 'all sessions have ended');
  });

  it('IPv6: EPSV and EPRT', async () => {
    site.files.set('/a.cfg', Buffer.from('six'));
    const six = await site.server?.listen({ address: '::1', port: 0 });
    for (const words of [[], ['--ftp-port', '-']]) {
      const address = `ftp://PlcmSpIp:PlcmSpIp@[::1]:${String(six)}/a.cfg`;
      expect((await curlFtp(...words, address)).stdout).toBe('six');
    }
  });

  it('a wrong password, an unknown file, a path that climbs and an upload elsewhere fail', async () => {
    site.files.set('/a.cfg', Buffer.from('a'));
    writeFileSync(join(site.folder, 'x'), 'x');
    expect(await statusOf(curlFtp(site.url('a.cfg', 'PlcmSpIp:wrong')))).toBe(67);
    expect(await statusOf(curlFtp(site.url('b.cfg')))).toBe(78);
    expect(await statusOf(curlFtp('--path-as-is', site.url('../../etc/passwd')))).toBe(9);
    expect(await statusOf(curlFtp('--upload-file', join(site.folder, 'x'), site.url('x')))).toBe(
      25,
    );
    expect(site.happened.filter(({ kind }) => kind === 'transfer')).toEqual([]);
  });
});
