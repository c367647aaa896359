/** The addresses of the phones on the interface of their network namespace. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';

/** Gives the interface one more address: a phone of its own on the wire. */
export class Addresses {
  readonly #interfaceName: string;
  readonly #ip: ChildProcess = spawn('ip', ['-batch', '-', '-force'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });

  constructor(interfaceName: string) {
    this.#interfaceName = interfaceName;
  }

  async add(address: string): Promise<void> {
    this.#ip.stdin?.write(`address add ${address}/32 dev ${this.#interfaceName}\n`);
    while (!(await isOwn(address))) {
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  close(): void {
    this.#ip.stdin?.end();
  }
}

function isOwn(address: string): Promise<boolean> {
  return new Promise((done) => {
    const probe = createSocket('udp4');
    const tell = (isThere: boolean): void => {
      probe.close();
      done(isThere);
    };
    probe.on('error', () => {
      tell(false);
    });
    probe.bind(0, address, () => {
      tell(true);
    });
  });
}
