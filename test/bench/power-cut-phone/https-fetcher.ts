/** Files by HTTPS. */
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';

const userAgent = (mac: string): string => `Yealink SIP-T46U 108.86.0.20 ${mac}`;

/** Files over one connection that stays open, one request after another. */
export class HttpsFetcher {
  readonly #socket: TLSSocket;
  readonly #server: string;
  readonly #mac: string;
  #received = Buffer.alloc(0);
  #wake: () => void = () => undefined;
  #failure: Error | undefined;

  private constructor(socket: TLSSocket, server: string, mac: string) {
    this.#socket = socket;
    this.#server = server;
    this.#mac = mac;
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    const fail = (error?: Error): void => {
      this.#failure ??= error ?? new Error('the connection was closed');
      this.#wake();
    };
    socket.on('error', fail);
    socket.on('close', () => {
      fail();
    });
  }

  static async open(server: string, mac: string, localAddress: string): Promise<HttpsFetcher> {
    const wire = connectTcp({ host: server, port: 443, localAddress });
    await once(wire, 'connect');
    const socket = connect({ socket: wire, rejectUnauthorized: false, maxVersion: 'TLSv1.2' });
    await once(socket, 'secureConnect');
    return new HttpsFetcher(socket, server, mac);
  }

  async fetch(path: string): Promise<Buffer> {
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${this.#server}\r\nUser-Agent: ${userAgent(this.#mac)}\r\n\r\n`,
    );
    for (;;) {
      const headEnd = this.#received.indexOf('\r\n\r\n');
      const head = headEnd === -1 ? '' : this.#received.toString('latin1', 0, headEnd);
      const length = /^content-length: (\d+)$/im.exec(head)?.[1];
      if (headEnd !== -1) {
        if (!head.startsWith('HTTP/1.1 200') || length === undefined) {
          throw new Error(`${path}: ${head.split('\r\n', 1)[0] ?? ''}`);
        }
        const end = headEnd + 4 + Number(length);
        if (this.#received.length >= end) {
          const body = this.#received.subarray(headEnd + 4, end);
          this.#received = this.#received.subarray(end);
          return body;
        }
      }
      if (this.#failure !== undefined) {
        throw this.#failure;
      }
      await new Promise<void>((done) => {
        this.#wake = done;
      });
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}
