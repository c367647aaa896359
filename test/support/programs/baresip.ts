/**
 * A real phone: baresip, driven over its control socket, with a sine generator as microphone and a
 * WAV file as loudspeaker.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePortsInARow } from '../daemon/free-ports.ts';
import { PrintedLines } from './printed-lines.ts';
import { readWav, type Sound } from '../media-plane/tone.ts';

export interface BaresipAccount {
  readonly user: string;
  readonly password: string;
  /** Name in the digest, where it is not the user. */
  readonly authUser?: string;
  /** Of the daemon. */
  readonly sipPort: number;
  readonly transport: 'udp' | 'tcp' | 'tls';
}

export interface BaresipOptions {
  readonly account: BaresipAccount;
  /** What its microphone hears. */
  readonly toneHz: number;
  /** How its first registration is answered; 200 where nothing is said. */
  readonly registration?: RegExp;
  /** More lines of its config file. */
  readonly config?: readonly string[];
}

const programTimeoutMs = 15_000;
const attempts = 3;

export class Baresip {
  readonly sipPort: number;
  readonly #directory: string;
  readonly #process: ChildProcess;
  readonly #lines = new PrintedLines('baresip');
  readonly #questions = new Map<string, (answer: string) => void>();
  #received = '';
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
      this.#lines.read(this.#process.stdout);
    }
  }

  /** Starts the program and waits until its registration is answered. */
  static async start(options: BaresipOptions): Promise<Baresip> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const phone = await Baresip.#startOnce(options);
      if (phone !== undefined) {
        return phone;
      }
    }
    throw new Error('baresip finds its ports taken');
  }

  /** Undefined when somebody was faster at one of its ports. */
  static async #startOnce(options: BaresipOptions): Promise<Baresip | undefined> {
    const { user, authUser = user, password, sipPort: serverPort, transport } = options.account;
    const directory = mkdtempSync(join(tmpdir(), 'campanile-baresip-'));
    // It listens for TLS at the port after its own, asked or not.
    const [sipPort = 0, , controlPort = 0] = await choosePortsInARow(3);
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
    writeFileSync(
      join(directory, 'accounts'),
      `<sip:${user}@127.0.0.1:${String(serverPort)};transport=${transport}>;auth_user=${authUser};auth_pass=${password}\n`,
    );
    writeFileSync(join(directory, 'contacts'), '');
    const phone = new Baresip(directory, sipPort);
    try {
      // It goes on without its control socket, and ends without its SIP sockets.
      const state = await phone.waitFor(/baresip is ready|Address already in use/);
      if (state.includes('in use')) {
        await phone.stop();
        return undefined;
      }
      await phone.#connect(controlPort);
      await phone.waitFor(options.registration ?? /200 OK/);
    } catch (error) {
      await phone.stop();
      throw error;
    }
    return phone;
  }

  /** Sends a command of baresip's menu, for example `dial`, `accept`, `hangup`, `hold`, `resume`. */
  command(command: string, params = ''): void {
    const text = JSON.stringify({ command, params });
    this.#socket?.write(`${String(Buffer.byteLength(text))}:${text},`);
  }

  /** Sends a command and resolves with what it answers, for example to `audio_debug`. */
  async ask(command: string, params = ''): Promise<string> {
    const token = randomUUID();
    const answer = new Promise<string>((done) => this.#questions.set(token, done));
    const text = JSON.stringify({ command, params, token });
    this.#socket?.write(`${String(Buffer.byteLength(text))}:${text},`);
    return answer;
  }

  /** Audio packets that it has received in its call, by its own count. */
  async packetsReceived(): Promise<number> {
    const answer = await this.ask('audio_debug');
    return Number(/rcvd=(\d+)/.exec(answer)?.[1] ?? 0);
  }

  /** Resolves with the next line it prints that matches and has not been waited for yet. */
  waitFor(pattern: RegExp, timeoutMs = programTimeoutMs): Promise<string> {
    return this.#lines.waitFor(pattern, timeoutMs);
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
    this.#socket = await new Promise<Socket>((done, fail) => {
      const socket = connect(port, '127.0.0.1', () => done(socket));
      socket.on('error', fail);
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', (chunk) => {
      this.#readAnswers(chunk.toString('utf8'));
    });
  }

  /** Netstrings of JSON: `42:{…},` */
  #readAnswers(text: string): void {
    this.#received += text;
    for (;;) {
      const start = /^,?(\d+):/.exec(this.#received);
      const end = start === null ? Infinity : start[0].length + Number(start[1]);
      if (start === null || this.#received.length < end) {
        return;
      }
      const message = JSON.parse(this.#received.slice(start[0].length, end)) as {
        readonly token?: string;
        readonly data?: string;
      };
      this.#received = this.#received.slice(end + 1);
      this.#questions.get(message.token ?? '')?.(message.data ?? '');
      this.#questions.delete(message.token ?? '');
    }
  }
}
