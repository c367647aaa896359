/** Our FTP server with files of the test in it, and Debian's curl. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { FtpFileStore } from '../../../provisioning/ftp/file-store.ts';
import type { FtpHappening } from '../../../provisioning/ftp/ftp-event.ts';
import { FtpServer, type FtpLimits } from '../../../provisioning/ftp/server.ts';
import { systemClock } from '../../../system/foundation/clock.ts';
import { silentLogger } from '../../../system/foundation/logger.ts';

const run = promisify(execFile);

/** When every file was changed. */
const modifiedMs = Date.UTC(2026, 10, 22, 8, 0, 0);

export class FtpSite {
  /** For what clients keep. */
  readonly folder = mkdtempSync(join(tmpdir(), 'campanile-ftp-'));
  /** By path. */
  readonly files = new Map<string, Buffer>();
  readonly happened: FtpHappening[] = [];
  /** Of passive ports. */
  range: { first: number; last: number };
  port = 0;
  server: FtpServer | undefined;

  readonly #store: FtpFileStore = {
    find: (path) => {
      const bytes = this.files.get(path);
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
        [...this.files].map(([path, bytes]) => ({
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
                const start = isAppended
                  ? (this.files.get(path) ?? Buffer.alloc(0))
                  : Buffer.alloc(0);
                this.files.set(path, Buffer.concat([start, content]));
                return Promise.resolve(true);
              },
            }
          : 'refused',
      ),
    delete: (path) => Promise.resolve(this.files.delete(path)),
    makeFolder: () => false,
    removeFolder: () => false,
  };

  constructor() {
    const first = 50_000 + Math.floor(Math.random() * 10_000);
    this.range = { first, last: first + 50 };
  }

  /** Again with other limits, if it runs. */
  async start(limits: Partial<FtpLimits> = {}): Promise<void> {
    await this.server?.close();
    const started = new FtpServer({
      store: this.#store,
      authenticate: (name, password) => name === 'PlcmSpIp' && password === 'PlcmSpIp',
      settings: () => ({ passivePorts: this.range, passiveAddress: undefined }),
      clock: systemClock,
      logger: silentLogger,
      limits: { failureDelayMs: 0, ...limits },
    });
    this.server = started;
    started.events.on('happened', ({ happening }) => this.happened.push(happening));
    this.port = await started.listen({ address: '127.0.0.1', port: 0 });
  }

  url(path: string, account = 'PlcmSpIp:PlcmSpIp'): string {
    return `ftp://${account}@127.0.0.1:${String(this.port)}/${path}`;
  }

  async close(): Promise<void> {
    await this.server?.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** Rejects with curl's status where it fails. */
export async function curlFtp(
  ...words: readonly string[]
): Promise<{ stdout: string; stderr: string }> {
  return run('curl', ['--silent', '--show-error', '--verbose', '--max-time', '20', ...words], {
    maxBuffer: 50_000_000,
  });
}

/** Curl's status; 0 when it went well. */
export const statusOf = async (promise: Promise<unknown>): Promise<number> =>
  promise.then(
    () => 0,
    (error: unknown) => (error as { code: number }).code,
  );
