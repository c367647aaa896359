/**
 * A real phone: baresip, driven over its control socket, with a sine generator as microphone and a
 * WAV file as loudspeaker.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findFreePorts } from './free-ports.ts';
import { readWav } from './tone.ts';
import type { Sound } from './tone.ts';

export interface BaresipOptions {
  /** `<sip:100@127.0.0.1:5060;transport=tcp>;auth_pass=…` as baresip's accounts file wants it. */
  readonly account: string;
  /** What its microphone hears. */
  readonly toneHz: number;
  /** More lines of its config file. */
  readonly config?: readonly string[];
}

const programTimeoutMs = 15_000;

export class Baresip {
  readonly sipPort: number;
  readonly #directory: string;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  #socket: Socket | undefined;

  private constructor(directory: string, sipPort: number) {
    this.#directory = directory;
    this.sipPort = sipPort;
    // Its control socket loses events that follow each other quickly; what it prints is complete.
    this.#process = spawn('stdbuf', ['-oL', 'baresip', '-v', '-f', directory], {
      cwd: directory,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    if (this.#process.stdout !== null) {
      createInterface({ input: this.#process.stdout }).on('line', (line) => {
        this.#lines.push(line);
        for (const wake of this.#waiting) {
          wake();
        }
        this.#waiting.clear();
      });
    }
  }

  /** Starts the program and waits for its control socket. */
  static async start(options: BaresipOptions): Promise<Baresip> {
    const directory = mkdtempSync(join(tmpdir(), 'campanile-baresip-'));
    const [sipPort = 0, controlPort = 0] = await findFreePorts(2);
    mkdirSync(join(directory, 'sound'));
    // aubridge takes the played sound to nowhere; sndfile writes down what was decoded.
    const modules = ['g711', 'ausine', 'aubridge', 'sndfile', 'uuid'];
    const applications = ['account', 'menu', 'ctrl_tcp'];
    writeFileSync(
      join(directory, 'config'),
      [
        'module_path /usr/lib/baresip/modules',
        `sip_listen 127.0.0.1:${String(sipPort)}`,
        'net_interface 127.0.0.1',
        `audio_source ausine,${String(options.toneHz)}`,
        'audio_player aubridge,ear',
        'audio_alert aubridge,ringer',
        `snd_path ${join(directory, 'sound')}`,
        'ausrc_srate 48000',
        'auplay_srate 8000',
        'ausrc_channels 2',
        'auplay_channels 1',
        `ctrl_tcp_listen 127.0.0.1:${String(controlPort)}`,
        ...modules.map((name) => `module ${name}.so`),
        ...applications.map((name) => `module_app ${name}.so`),
        ...(options.config ?? []),
        '',
      ].join('\n'),
    );
    writeFileSync(join(directory, 'accounts'), `${options.account}\n`);
    writeFileSync(join(directory, 'contacts'), '');
    const phone = new Baresip(directory, sipPort);
    await phone.#connect(controlPort);
    return phone;
  }

  /** Sends a command of baresip's menu, for example `dial`, `accept`, `hangup`, `hold`, `resume`. */
  command(command: string, params = ''): void {
    const text = JSON.stringify({ command, params });
    this.#socket?.write(`${String(Buffer.byteLength(text))}:${text},`);
  }

  /** Resolves with the next line it prints that matches and has not been waited for yet. */
  async waitFor(pattern: RegExp, timeoutMs = programTimeoutMs): Promise<string> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const index = this.#lines.findIndex((line) => pattern.test(line));
      if (index !== -1) {
        return this.#lines.splice(0, index + 1).at(-1) ?? '';
      }
      if (Date.now() > deadline) {
        throw new Error(`baresip did not print ${String(pattern)} but:\n${this.#lines.join('\n')}`);
      }
      await new Promise<void>((wake) => {
        const timeout = setTimeout(wake, deadline - Date.now() + 1);
        this.#waiting.add(() => {
          clearTimeout(timeout);
          wake();
        });
      });
    }
  }

  /** What its loudspeaker has played so far in the newest call. */
  heard(): Sound {
    const folder = join(this.#directory, 'sound');
    const files = readdirSync(folder)
      .filter((name) => name.endsWith('dec.wav'))
      .sort();
    const newest = files.at(-1);
    return newest === undefined
      ? { sampleRateHz: 8000, samples: new Int16Array() }
      : readWav(join(folder, newest));
  }

  get directory(): string {
    return this.#directory;
  }

  async stop(): Promise<void> {
    this.#socket?.destroy();
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = new Promise<void>((done) => this.#process.on('exit', () => done()));
      this.#process.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #connect(port: number): Promise<void> {
    const deadline = Date.now() + programTimeoutMs;
    for (;;) {
      try {
        this.#socket = await new Promise<Socket>((done, fail) => {
          const socket = connect(port, '127.0.0.1', () => done(socket));
          socket.on('error', fail);
        });
        break;
      } catch (error) {
        if (Date.now() > deadline) {
          await this.stop();
          throw error;
        }
        await new Promise((wake) => setTimeout(wake, 50));
      }
    }
    this.#socket.on('error', () => undefined);
    this.#socket.resume();
  }
}
