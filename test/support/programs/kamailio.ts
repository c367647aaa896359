/** Another registrar: kamailio with one account, for lines that do not belong to the PBX. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from '../daemon/free-ports.ts';
import { PrintedLines } from './printed-lines.ts';

export interface ProviderAccount {
  readonly userName: string;
  readonly authName: string;
  readonly password: string;
}

export class Kamailio {
  readonly port: number;
  readonly #directory: string;
  readonly #process: ChildProcess;
  readonly #lines = new PrintedLines('kamailio');

  private constructor(port: number, directory: string) {
    this.port = port;
    this.#directory = directory;
    // -DD: in the foreground, all processes of one group; -E: what it logs is printed.
    this.#process = spawn(
      'kamailio',
      ['-DD', '-E', '-f', join(directory, 'kamailio.cfg'), '-w', directory, '-Y', directory],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    if (this.#process.stderr !== null) {
      this.#lines.read(this.#process.stderr);
    }
  }

  /** Starts it on a free UDP port and waits until it serves. */
  static async start(account: ProviderAccount): Promise<Kamailio> {
    const [port = 0] = await findFreePorts(1);
    const directory = mkdtempSync(join(tmpdir(), 'campanile-kamailio-'));
    writeFileSync(join(directory, 'kamailio.cfg'), configure(port, account));
    const registrar = new Kamailio(port, directory);
    await registrar.waitFor(/serves as registrar/);
    return registrar;
  }

  async waitFor(line: RegExp): Promise<string> {
    return this.#lines.waitFor(line);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill();
      await ended;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function configure(port: number, { userName, authName, password }: ProviderAccount): string {
  const modules = ['sl', 'pv', 'xlog', 'usrloc', 'registrar', 'auth'];
  return `#!KAMAILIO
children=1
listen=udp:127.0.0.1:${String(port)}
disable_tcp=yes
${modules.map((name) => `loadmodule "${name}.so"`).join('\n')}
event_route[core:worker-one-init] {
  xlog("L_ERR", "serves as registrar\\n");
}
request_route {
  if (method != "REGISTER") {
    sl_send_reply("405", "Method Not Allowed");
    exit;
  }
  if (!pv_www_authenticate("provider.example", "${password}", "0")) {
    www_challenge("provider.example", "0");
    exit;
  }
  if ($au != "${authName}" || $tU != "${userName}") {
    sl_send_reply("403", "Forbidden");
    exit;
  }
  if (save("location")) {
    xlog("L_ERR", "registered $tU as $au\\n");
  }
}
`;
}
