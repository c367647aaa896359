/**
 * Runs sipp, the SIP test program, with scenarios of `test/fixtures/sipp`. A scenario may say
 * `<!-- include parts/NAME.xml -->` and `%NAME%`; both are filled in before sipp reads it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { choosePortsInARow } from '../daemon/free-ports.ts';
import { waitUntil } from '../wait-until.ts';

export interface SippOptions {
  /** A file of `test/fixtures/sipp` without its ending. */
  readonly scenario: string;
  /** Of the daemon. */
  readonly sipPort: number;
  readonly user?: string;
  readonly password?: string;
  /** What `%NAME%` stands for in the scenario, besides USER. */
  readonly values?: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Loopback address it binds to. */
  readonly address?: string;
  readonly transport?: 'udp' | 'tcp';
  /** How many calls; 1 where nothing is said. */
  readonly calls?: number;
  readonly timeoutSec?: number;
  /** More of its options. */
  readonly more?: readonly string[];
}

export interface SippResult {
  /** 0: every call went as the scenario says. */
  readonly exitCode: number;
  /** What it sent and received, and its complaints: for the message of a failed test. */
  readonly report: string;
  /** Everything it sent and received. */
  readonly messages: string;
}

const fixtures = resolve(import.meta.dirname, '../../fixtures/sipp');

export class Sipp {
  readonly port: number;
  readonly #ended: Promise<SippResult>;
  readonly #directory: string;
  readonly #process: ChildProcess;

  private constructor(
    port: number,
    directory: string,
    child: ChildProcess,
    ended: Promise<SippResult>,
  ) {
    this.port = port;
    this.#directory = directory;
    this.#process = child;
    this.#ended = ended;
  }

  /** Starts it and waits until its port is open. */
  static async start(options: SippOptions): Promise<Sipp> {
    const { calls = 1, timeoutSec = 60, transport = 'udp', address = '127.0.0.1' } = options;
    // Of the ports for media it takes several.
    const [port = 0, controlPort = 0, mediaPort = 0] = await choosePortsInARow(10);
    const ownPort = options.port ?? port;
    const directory = mkdtempSync(join(tmpdir(), 'campanile-sipp-'));
    const file = join(directory, `${options.scenario}.xml`);
    const values = { USER: options.user ?? '', ...options.values };
    writeFileSync(file, fillIn(readScenario(options.scenario), values));
    const child = spawn(
      'sipp',
      [
        `127.0.0.1:${String(options.sipPort)}`,
        ...['-sf', file, '-m', String(calls), '-i', address, '-p', String(ownPort)],
        ...['-t', transport === 'udp' ? 'u1' : 't1', '-cp', String(controlPort)],
        ...['-mp', String(mediaPort)],
        ...['-au', options.user ?? '', '-ap', options.password ?? ''],
        ...['-timeout', String(timeoutSec), '-timeout_error', '-nostdin', '-nd'],
        ...['-trace_msg', '-message_file', join(directory, 'messages')],
        ...['-trace_err', '-error_file', join(directory, 'errors')],
        ...(options.more ?? []),
      ],
      { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => {
      complaints += chunk.toString();
    });
    const ended = new Promise<SippResult>((done) => {
      child.on('close', (code) => {
        const messages = readIfAny(directory, 'messages');
        const report = [complaints, readIfAny(directory, 'errors'), messages].join('\n');
        rmSync(directory, { recursive: true, force: true });
        done({ exitCode: code ?? -1, report: report.slice(-6_000), messages });
      });
    });
    const sipp = new Sipp(ownPort, directory, child, ended);
    await waitUntil(
      () => child.exitCode !== null || hasPort(child.pid ?? 0, transport, ownPort),
      `sipp has its port (${complaints})`,
    );
    return sipp;
  }

  /** Resolves when a text has been sent and received so often. */
  async waitForText(text: string, times = 1): Promise<void> {
    const messages = (): string => readIfAny(this.#directory, 'messages');
    try {
      await waitUntil(() => messages().split(text).length > times, `sipp has seen ${text}`);
    } catch (error) {
      throw new Error(`In vain for ${text}:\n${messages().slice(-6_000)}`, { cause: error });
    }
  }

  ended(): Promise<SippResult> {
    return this.#ended;
  }

  /** Throws with what was said on the wire unless every call went as the scenario says. */
  async succeeded(): Promise<string> {
    const { exitCode, report } = await this.#ended;
    if (exitCode !== 0) {
      throw new Error(`sipp ended with ${String(exitCode)}:\n${report}`);
    }
    return report;
  }

  /** Ends it when it still runs. */
  async stop(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }
}

function readScenario(name: string): string {
  return readFileSync(join(fixtures, `${name}.xml`), 'utf8').replaceAll(
    /<!-- include ([a-z0-9/-]+)\.xml -->/g,
    (_, part: string) => readScenario(part),
  );
}

function fillIn(scenario: string, values: Readonly<Record<string, string>>): string {
  return scenario.replaceAll(/%([A-Z_]+)%/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw new Error(`The scenario wants a value for ${name}`);
    }
    return value;
  });
}

function readIfAny(directory: string, name: string): string {
  try {
    return readFileSync(join(directory, name), 'utf8');
  } catch {
    return '';
  }
}

/** Whether the port is the program's own. */
function hasPort(pid: number, transport: 'udp' | 'tcp', port: number): boolean {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync(`/proc/net/${transport}`, 'latin1').split('\n');
  const sockets = rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, address]) => address?.endsWith(local))
    .map((columns) => `socket:[${columns[9] ?? ''}]`);
  return openFiles(pid).some((file) => sockets.includes(file));
}

function openFiles(pid: number): string[] {
  const folder = `/proc/${String(pid)}/fd`;
  try {
    return readdirSync(folder).map((name) => readlinkSync(join(folder, name)));
  } catch {
    // A file that was just closed, or the program has ended: the next look is the one that counts.
    return [];
  }
}
