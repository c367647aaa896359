/**
 * A third make of phone: linphonec, driven by commands on its standard input, with a WAV file as
 * microphone and another as loudspeaker.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePortsInARow } from '../daemon/free-ports.ts';
import { PrintedLines } from './printed-lines.ts';
import { readWav, type Sound, writeTone } from '../media-plane/tone.ts';

export interface LinphoneOptions {
  readonly user: string;
  readonly password: string;
  readonly sipPort: number;
  readonly transport: 'udp' | 'tcp';
  /** What its microphone hears. */
  readonly toneHz: number;
}

const toneSec = 60;
const registerTimeoutMs = 20_000;

export class Linphone {
  readonly directory: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines = new PrintedLines('linphonec');

  private constructor(directory: string) {
    this.directory = directory;
    this.#process = spawn('stdbuf', ['-oL', 'linphonec', '-c', join(directory, 'linphonerc')], {
      cwd: directory,
      env: { PATH: process.env['PATH'], HOME: directory, LC_ALL: 'C' },
    });
    this.#process.stdin.on('error', () => undefined);
    this.#lines.read(this.#process.stdout);
    this.#process.stderr.resume();
  }

  /** Starts the program and waits until it is registered. */
  static async start(options: LinphoneOptions): Promise<Linphone> {
    const { user, password, sipPort, transport, toneHz } = options;
    const directory = mkdtempSync(join(tmpdir(), 'campanile-linphone-'));
    // Without a place for its database it stays off line.
    mkdirSync(join(directory, '.local/share/linphone'), { recursive: true });
    // RTP has the even port, RTCP the next.
    const [audioPort = 0, , ownPort = 0] = await choosePortsInARow(3);
    const server = `127.0.0.1:${String(sipPort)};transport=${transport}`;
    writeTone(join(directory, 'microphone.wav'), toneHz, toneSec);
    writeFileSync(
      join(directory, 'linphonerc'),
      `[sip]
sip_port=${String(transport === 'udp' ? ownPort : 0)}
sip_tcp_port=${String(transport === 'tcp' ? ownPort : 0)}
sip_tls_port=0
guess_hostname=1
contact=sip:${user}@127.0.0.1
default_proxy=0
keepalive_period=30000

[net]
enable_nat_policy_v2=0
firewall_policy=0

[rtp]
audio_rtp_port=${String(audioPort)}
audio_adaptive_jitt_comp_enabled=1

[proxy_0]
reg_proxy=<sip:${server}>
reg_identity=<sip:${user}@127.0.0.1>
reg_expires=300
reg_sendregister=1
publish=0

[auth_info_0]
username=${user}
userid=${user}
passwd=${password}

[audio_codec_0]
mime=PCMU
rate=8000
channels=1
enabled=1

[audio_codec_1]
mime=PCMA
rate=8000
channels=1
enabled=1
`,
    );
    const phone = new Linphone(directory);
    // It does nothing, not even register, before its first command.
    phone.command('soundcard use files');
    phone.command(`play ${join(directory, 'microphone.wav')}`);
    phone.command(`record ${join(directory, 'loudspeaker.wav')}`);
    try {
      await phone.#register();
    } catch (error) {
      await phone.stop();
      throw error;
    }
    return phone;
  }

  /** A command as a person would type it: `call sip:…`, `answer`, `pause`, `resume`, `terminate`. */
  command(text: string): void {
    this.#process.stdin.write(`${text}\n`);
  }

  /** Resolves with the next line it prints that matches and has not been waited for yet. */
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<string> {
    return this.#lines.waitFor(pattern, timeoutMs);
  }

  /** What its loudspeaker has played so far. */
  heard(): Sound {
    const file = join(this.directory, 'loudspeaker.wav');
    return existsSync(file) ? readWav(file) : { sampleRateHz: 8000, samples: new Int16Array() };
  }

  /** It tells nobody that it has registered; it has to be asked. */
  async #register(): Promise<void> {
    const deadline = Date.now() + registerTimeoutMs;
    for (;;) {
      this.command('status register');
      const answer = await this.waitFor(/registered/);
      if (answer.includes('registered, identity')) {
        return;
      }
      if (Date.now() > deadline) {
        throw new Error('linphonec did not register in time');
      }
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = new Promise<void>((done) => this.#process.on('exit', () => done()));
      this.#process.kill('SIGKILL');
      await ended;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}
