import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { mapFile } from '../../../system/foundation/map-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'map-file-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const moduleUrl = new URL('../../../system/foundation/map-file.ts', import.meta.url).href;

describe('a mapped file', () => {
  it('is created for its owner alone, with the size asked for, and full of zeros', () => {
    const path = join(folder, 'journal');

    const buffer = mapFile(path, 1_000_000);

    expect(buffer.byteLength).toBe(1_000_000);
    expect(statSync(path).size).toBe(1_000_000);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(new Uint8Array(buffer).every((byte) => byte === 0)).toBe(true);
  });

  it('keeps what is in it, and never shrinks', () => {
    const path = join(folder, 'journal');
    writeFileSync(path, Buffer.alloc(10_000, 7));

    const buffer = mapFile(path, 4096);

    expect(new Uint8Array(buffer)[4095]).toBe(7);
    expect(statSync(path).size).toBe(10_000);
  });

  it('survives a SIGKILL of the process that wrote it', async () => {
    const path = join(folder, 'journal');
    const program = join(folder, 'writer.mts');
    writeFileSync(
      program,
      `import { mapFile } from ${JSON.stringify(moduleUrl)};
       const view = new Uint32Array(mapFile(${JSON.stringify(path)}, 65_536));
       for (let n = 0; n < view.length; n++) view[n] = n * 3;
       process.send('written');
       setInterval(() => undefined, 1000);`,
    );
    const child = fork(program, { execArgv: [] });
    await once(child, 'message');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const stored = readFileSync(path);
    expect(stored).toHaveLength(65_536);
    for (let n = 0; n < 16_384; n++) {
      expect(stored.readUInt32LE(4 * n)).toBe(n * 3);
    }
  });

  it('shows the same bytes to every thread that maps it', async () => {
    const path = join(folder, 'journal');
    const view = new Uint8Array(mapFile(path, 4096));
    const program = join(folder, 'worker.mts');
    writeFileSync(
      program,
      `import { mapFile } from ${JSON.stringify(moduleUrl)};
       const view = new Uint8Array(mapFile(${JSON.stringify(path)}, 4096));
       view[1] = view[0] + 1;`,
    );
    view[0] = 41;

    await once(new Worker(program), 'exit');

    expect(view[1]).toBe(42);
  });

  it('fails with the code of the system', () => {
    expect(() => mapFile(join(folder, 'missing', 'journal'), 4096)).toThrow(
      expect.objectContaining({ code: 'ENOENT' }),
    );
    expect(() => mapFile(folder, 4096)).toThrow(expect.objectContaining({ code: 'EISDIR' }));
    expect(() => mapFile(join(folder, 'journal'), 0)).toThrow(RangeError);
    expect(() => mapFile(join(folder, 'journal'), 2 ** 52)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^E(FBIG|NOSPC|INVAL)$/) as string }),
    );
  });
});
