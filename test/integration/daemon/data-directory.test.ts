import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeDataDirectory } from '../../../system/daemon/data-directory.ts';
import { waitUntil } from '../../support/wait-until.ts';

let directory = '';

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'campanile-lock-')), 'data');
});

afterEach(() => {
  rmSync(join(directory, '..'), { recursive: true });
});

function readStat(pid: number): readonly string[] {
  return readFileSync(`/proc/${String(pid)}/stat`, 'utf8').split(' ');
}

test('is made for its owner alone, and belongs to one daemon at a time', () => {
  const lock = takeDataDirectory(directory);

  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(() => takeDataDirectory(directory)).toThrow('Another daemon uses');

  lock.release();
  takeDataDirectory(directory).release();
});

test.each(['4194000 1', `${String(process.pid)} 1`, '', 'rubbish'])(
  'is taken over when the lock names no process that runs (%j)',
  (text) => {
    takeDataDirectory(directory);
    writeFileSync(join(directory, 'daemon.lock'), text);

    takeDataDirectory(directory).release();
  },
);

test('is taken over from a killed daemon whose parent has not asked how it ended', async () => {
  takeDataDirectory(directory);
  // The shell becomes `sleep`, which never looks after the child it inherits.
  const parent = spawn('sh', ['-c', 'head -c 1 <&3 >&2 & echo $!; exec sleep 60 3<&-'], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  try {
    const [, output] = parent.stdio;
    const [line] = output === null ? [] : ((await once(output, 'data')) as [Buffer]);
    const pid = Number(String(line));
    await waitUntil(() => readStat(parent.pid ?? 0)[1] === '(sleep)', 'the shell became sleep');
    (parent.stdio[3] as Writable).end('x');
    await waitUntil(() => readStat(pid)[2] === 'Z', 'the child has ended');
    writeFileSync(join(directory, 'daemon.lock'), `${String(pid)} ${readStat(pid)[21] ?? ''}`);

    takeDataDirectory(directory).release();
  } finally {
    parent.kill();
  }
});
