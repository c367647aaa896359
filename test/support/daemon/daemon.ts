/**
 * Runs the real daemon, all planes, as a process of its own on free ports and a temporary data
 * directory: for tests with real phones, browsers and signals.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { daemonCommand } from '../../../scripts/daemon-command.js';
import { chooseRtpRange, findFreePorts } from './free-ports.ts';

export interface TestDaemon {
  /** `https://127.0.0.1:40123` */
  readonly httpsUrl: string;
  readonly httpUrl: string;
  readonly sipPort: number;
  readonly sipTlsPort: number;
  readonly dataDirectory: string;
  /** Of the running process; changes with `start()`. */
  readonly pid: number;
  /** Every log line so far, as printed. */
  readonly log: readonly string[];
  /** Ordered stop; the data stay until `remove()`. Resolves to the exit status. */
  stop(): Promise<number>;
  /** kill -9, and waits until the process is gone. */
  kill(): Promise<void>;
  /** Starts again on the same data and ports after `stop()` or `kill()`. */
  start(): Promise<void>;
  /** Stops when running and deletes the data directory. */
  remove(): Promise<void>;
}

export interface TestDaemonOptions {
  /** Boot settings on top of the free ports. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Extra words before `node`, for example `ip netns exec NAME`. */
  readonly prefix?: readonly string[];
  /** Fills the data directory before the first start, for example with `seedConfiguration`. */
  readonly prepare?: (dataDirectory: string) => Promise<void>;
  /** Every line, as it is printed. */
  readonly onLine?: (line: string) => void;
}

const startTimeoutMs = 30_000;

export async function startDaemon(options: TestDaemonOptions = {}): Promise<TestDaemon> {
  const [sipPort = 0, sipTlsPort = 0, httpsPort = 0, httpPort = 0] = await findFreePorts(4);
  const dataDirectory = mkdtempSync(join(tmpdir(), 'campanile-test-'));
  const settings = {
    listenAddresses: ['127.0.0.1'],
    sipPort,
    sipTlsPort,
    httpsPort,
    httpPort,
    ...chooseRtpRange(),
    ...options.settings,
  };
  const log: string[] = [];
  let child: ChildProcess | undefined;
  let ended = Promise.resolve(0);

  async function start(): Promise<void> {
    const command = daemonCommand(['--data', dataDirectory]);
    const [program = command[0], ...args] = [...(options.prefix ?? []), ...command];
    const started = spawn(program, args, {
      env: { PATH: process.env['PATH'], ...toEnvironment(settings) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    ended = new Promise((done) => {
      started.on('exit', (code) => {
        child = undefined;
        done(code ?? -1);
      });
    });
    await new Promise<void>((done, fail) => {
      const timeout = setTimeout(() => {
        started.kill('SIGKILL');
        fail(new Error(`The daemon was not ready in time:\n${log.join('\n')}`));
      }, startTimeoutMs);
      const listen = (line: string): void => {
        log.push(line);
        options.onLine?.(line);
        if (line.endsWith('is running.')) {
          clearTimeout(timeout);
          done();
        }
      };
      createInterface({ input: started.stdout }).on('line', listen);
      createInterface({ input: started.stderr }).on('line', listen);
      started.on('exit', (code) => {
        clearTimeout(timeout);
        fail(new Error(`The daemon ended with status ${String(code)}:\n${log.join('\n')}`));
      });
    });
  }

  async function stop(): Promise<number> {
    child?.kill('SIGTERM');
    return ended;
  }

  await options.prepare?.(dataDirectory);
  await start();
  return {
    httpsUrl: `https://127.0.0.1:${String(httpsPort)}`,
    httpUrl: `http://127.0.0.1:${String(httpPort)}`,
    sipPort,
    sipTlsPort,
    dataDirectory,
    get pid() {
      return child?.pid ?? 0;
    },
    log,
    stop,
    kill: async () => {
      child?.kill('SIGKILL');
      await ended;
    },
    start,
    remove: async () => {
      await stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** Runs the program until it ends by itself: for starts that must fail. */
export async function runDaemonToEnd(
  dataDirectory: string,
  environment: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Promise<{ readonly status: number; readonly output: string }> {
  const [program, ...args] = daemonCommand(['--data', dataDirectory, ...more]);
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const timeout = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
  const status = await new Promise<number>((done) => {
    child.on('close', (code) => done(code ?? -1));
  });
  clearTimeout(timeout);
  return { status, output };
}

function toEnvironment(settings: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      `CAMPANILE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
      Array.isArray(value) ? value.join(',') : String(value),
    ]),
  );
}
