/**
 * Network namespaces joined by a switch (a bridge), for programs that want an interface of their
 * own: DHCP clients and servers on their real ports. Everything goes away with `close`.
 */
import { type ChildProcess, execFileSync, spawn, type SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';

let created = 0;

/** What a run left behind that was killed: its addresses would be in the way. */
function removeAbandoned(): void {
  for (const [name, pid] of ip('netns', 'list').matchAll(/^cmp(\d+)x\S+/gm)) {
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) {
      ip('netns', 'delete', name);
    }
  }
}

export class NetworkLab {
  readonly #prefix: string;
  readonly #namespaces: string[] = [];
  readonly #processes = new Set<ChildProcess>();

  constructor() {
    if (process.getuid?.() !== 0) {
      throw new Error('This test makes network namespaces, which only root may: run it as root.');
    }
    removeAbandoned();
    created += 1;
    this.#prefix = `cmp${String(process.pid)}x${String(created)}`;
  }

  /** A namespace with nothing but its loopback; the name is unique on the machine. */
  addNamespace(label: string): string {
    const name = `${this.#prefix}-${label}`;
    ip('netns', 'add', name);
    this.#namespaces.push(name);
    ip('-n', name, 'link', 'set', 'lo', 'up');
    return name;
  }

  /** A switch inside a namespace, which is an interface of that namespace too. */
  addSwitch(namespace: string, name: string, address?: string): void {
    ip('-n', namespace, 'link', 'add', name, 'type', 'bridge', 'forward_delay', '0');
    if (address !== undefined) {
      ip('-n', namespace, 'address', 'add', address, 'brd', '+', 'dev', name);
    }
    ip('-n', namespace, 'link', 'set', name, 'up');
  }

  /** A cable from an interface of `namespace` to a switch; the hardware address may be chosen. */
  connect(
    namespace: string,
    interfaceName: string,
    to: { readonly namespace: string; readonly switch: string },
    options: { readonly mac?: string; readonly address?: string } = {},
  ): void {
    created += 1;
    const port = `p${String(created)}`;
    const peer = ['peer', 'name', port, 'netns', to.namespace];
    ip('link', 'add', interfaceName, 'netns', namespace, 'type', 'veth', ...peer);
    ip('-n', to.namespace, 'link', 'set', port, 'master', to.switch, 'up');
    if (options.mac !== undefined) {
      ip('-n', namespace, 'link', 'set', interfaceName, 'address', options.mac);
    }
    if (options.address !== undefined) {
      ip('-n', namespace, 'address', 'add', options.address, 'brd', '+', 'dev', interfaceName);
    }
    ip('-n', namespace, 'link', 'set', interfaceName, 'up');
  }

  ip(namespace: string, ...args: string[]): string {
    return ip('-n', namespace, ...args);
  }

  /** Starts a program inside; its process id is the program's own. It is killed by `close`. */
  spawn(
    namespace: string,
    program: string,
    args: readonly string[],
    options: SpawnOptions = {},
  ): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', namespace, program, ...args], options);
    this.#processes.add(child);
    child.on('exit', () => this.#processes.delete(child));
    return child;
  }

  /** Runs a program inside to its end; resolves with what it printed and its exit code. */
  run(
    namespace: string,
    program: string,
    args: readonly string[],
  ): Promise<{ readonly code: number | null; readonly output: string }> {
    const child = this.spawn(namespace, program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr?.on('data', (data: Buffer) => (output += data.toString()));
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, output }));
    });
  }

  close(): void {
    for (const child of this.#processes) {
      child.kill('SIGKILL');
    }
    for (const namespace of this.#namespaces) {
      ip('netns', 'delete', namespace);
    }
  }
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
