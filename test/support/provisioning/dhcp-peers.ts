/** Our DHCP server and Debian's clients inside the namespaces of a NetworkLab. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { DhcpSettings } from '../../../provisioning/dhcp/settings.ts';
import type { NetworkLab } from '../network-lab.ts';

const serverProgram = resolve(import.meta.dirname, 'dhcp-server-process.ts');
const eventTimeoutMs = 15_000;
/** Command → event that answers it. */
const answers = { leases: 'leases', configure: 'configured', reject: 'rejected' } as const;

/** Lines of JSON that a process prints, to be waited for. */
class PrintedEvents {
  readonly #events: { readonly event: string; readonly value: unknown }[] = [];
  readonly #waiting = new Set<() => void>();

  add(event: string, value: unknown): void {
    this.#events.push({ event, value });
    for (const wake of this.#waiting) {
      wake();
    }
  }

  all(event: string): unknown[] {
    return this.#events.filter((printed) => printed.event === event).map(({ value }) => value);
  }

  /** The first such event that was not taken before. */
  async take(event: string): Promise<unknown> {
    const deadline = Date.now() + eventTimeoutMs;
    for (;;) {
      const index = this.#events.findIndex((printed) => printed.event === event);
      const [found] = index === -1 ? [] : this.#events.splice(index, 1);
      if (found !== undefined) {
        return found.value;
      }
      const restMs = deadline - Date.now();
      if (restMs <= 0) {
        throw new Error(`No ${event} within ${String(eventTimeoutMs)} ms`);
      }
      await this.#next(restMs);
    }
  }

  #next(timeoutMs: number): Promise<void> {
    return new Promise((done) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(finish);
        done();
      };
      const timer = setTimeout(finish, timeoutMs);
      this.#waiting.add(finish);
    });
  }
}

export class DhcpServerProcess {
  readonly events = new PrintedEvents();
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const { event, value } = JSON.parse(line) as { event: string; value: unknown };
        this.events.add(event, value);
      });
    }
  }

  /** Resolves when every interface runs or was refused; `states` says which. */
  static async start(
    lab: NetworkLab,
    namespace: string,
    settings: DhcpSettings,
    journal: string,
  ): Promise<{ readonly server: DhcpServerProcess; readonly states: unknown }> {
    const argument = JSON.stringify({ settings, journal, rejected: [] });
    const child = lab.spawn(namespace, process.execPath, [serverProgram, argument], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const server = new DhcpServerProcess(child);
    return { server, states: await server.events.take('started') };
  }

  async ask(command: keyof typeof answers, value?: unknown): Promise<unknown> {
    this.#child.stdin?.write(`${JSON.stringify({ command, value })}\n`);
    return this.events.take(answers[command]);
  }

  /** Power loss, as far as a process can have it. */
  async kill(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.stdin?.write(`${JSON.stringify({ command: 'close' })}\n`);
    await exited;
  }
}

export interface ClientLease {
  /** What udhcpc's script or dhclient's script was called with, e.g. `bound`, `renew`, `nak`. */
  readonly reason: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Prints what it is called with, and gives the interface the address as a client must. */
const udhcpcScript = `#!/bin/sh
case "$1" in
  bound|renew) ip address replace "$ip/$mask" dev "$interface";;
  deconfig) ip address flush dev "$interface";;
esac
echo "== $1"
env
echo "=="
`;

export interface UdhcpcOptions {
  /** Option 60. */
  readonly vendorClass?: string;
  /** Codes or names of options to ask for beside the usual ones. */
  readonly ask?: readonly (number | string)[];
  readonly more?: readonly string[];
}

/**
 * A client in the foreground whose script prints what it is called with; every call is an event
 * named by its reason.
 */
class ClientProcess {
  readonly events = new PrintedEvents();
  readonly #child: ChildProcess;

  constructor(lab: NetworkLab, namespace: string, program: string, args: readonly string[]) {
    this.#child = lab.spawn(namespace, program, args, {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'] },
    });
    let reason = '';
    let variables: Record<string, string> = {};
    if (this.#child.stdout !== null) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => {
        if (line === '==') {
          this.events.add(reason, { reason, variables });
        } else if (line.startsWith('== ')) {
          reason = line.slice(3);
          variables = {};
        } else {
          const end = line.indexOf('=');
          variables[line.slice(0, end)] = line.slice(end + 1);
        }
      });
    }
  }

  async take(reason: string): Promise<ClientLease> {
    return (await this.events.take(reason)) as ClientLease;
  }

  /** udhcpc: SIGUSR1 renews now, SIGUSR2 releases. */
  signal(signal: 'SIGUSR1' | 'SIGUSR2'): void {
    this.#child.kill(signal);
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}

/** BusyBox's client; reasons are `bound`, `renew`, `nak`, `leasefail`, `deconfig`. */
export class Udhcpc extends ClientProcess {
  constructor(lab: NetworkLab, namespace: string, folder: string, options: UdhcpcOptions = {}) {
    const script = join(folder, 'udhcpc-script');
    writeFileSync(script, udhcpcScript, { mode: 0o755 });
    const { vendorClass, ask = [], more = [] } = options;
    super(lab, namespace, 'udhcpc', [
      ...['-f', '-i', 'eth0', '-s', script, '-t', '4', '-T', '2'],
      ...(vendorClass === undefined ? [] : ['-V', vendorClass]),
      ...ask.flatMap((option) => ['-O', String(option)]),
      ...more,
    ]);
  }
}

const dhclientScript = `#!/bin/sh
case "$reason" in
  BOUND|RENEW|REBOOT) ip address replace "$new_ip_address/$new_subnet_mask" dev "$interface";;
  EXPIRE|FAIL|PREINIT) ip address flush dev "$interface"; ip link set "$interface" up;;
esac
echo "== $reason"
env
echo "=="
`;

/** ISC's client; reasons are `BOUND`, `RENEW`, `REBOOT`, `EXPIRE` … It remembers leases in `folder`. */
export class Dhclient extends ClientProcess {
  /** `configuration`: lines of dhclient.conf. */
  constructor(lab: NetworkLab, namespace: string, folder: string, configuration: string) {
    const script = join(folder, 'dhclient-script');
    const configurationFile = join(folder, 'dhclient.conf');
    const leases = join(folder, 'dhclient.leases');
    writeFileSync(script, dhclientScript, { mode: 0o755 });
    writeFileSync(configurationFile, configuration);
    writeFileSync(leases, '', { flag: 'a' });
    const files = ['-cf', configurationFile, '-lf', leases, '-pf', join(folder, 'dhclient.pid')];
    super(lab, namespace, 'dhclient', ['-4', '-d', ...files, '-sf', script, 'eth0']);
  }
}
