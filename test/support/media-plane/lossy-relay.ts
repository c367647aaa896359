/**
 * A relay between UDP clients and one server on 127.0.0.1 that loses packets: which ones follows
 * from a seed, so that a test does the same every time. Each client gets a socket of its own towards
 * the server, and the server's later sockets (TFTP answers from a new port) are followed.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const address = '127.0.0.1';

export class LossyRelay {
  readonly #listener = createSocket('udp4');
  readonly #towardsServer = new Map<number, { readonly socket: Socket; serverPort: number }>();
  readonly #serverPort: number;
  readonly #lossShare: number;
  #random: number;
  #lost = 0;

  /** `lossShare`: 0.03 loses three of a hundred, both ways. */
  constructor(serverPort: number, lossShare: number, seed: number) {
    this.#serverPort = serverPort;
    this.#lossShare = lossShare;
    this.#random = seed;
    this.#listener.on('message', (datagram, source) => this.#forward(datagram, source.port));
  }

  get lostCount(): number {
    return this.#lost;
  }

  async listen(): Promise<number> {
    this.#listener.bind(0, address);
    await once(this.#listener, 'listening');
    return this.#listener.address().port;
  }

  close(): void {
    this.#listener.close();
    for (const { socket } of this.#towardsServer.values()) {
      socket.close();
    }
  }

  #forward(datagram: Buffer, clientPort: number): void {
    let path = this.#towardsServer.get(clientPort);
    if (path === undefined) {
      const socket = createSocket('udp4');
      const opened = { socket, serverPort: this.#serverPort };
      socket.on('message', (answer, source) => {
        opened.serverPort = source.port;
        this.#send(this.#listener, answer, clientPort);
      });
      this.#towardsServer.set(clientPort, opened);
      path = opened;
    }
    this.#send(path.socket, datagram, path.serverPort);
  }

  #send(socket: Socket, datagram: Buffer, port: number): void {
    // A linear congruential generator: good enough to scatter losses.
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    if (this.#random / 2 ** 32 < this.#lossShare) {
      this.#lost += 1;
    } else {
      socket.send(datagram, port, address);
    }
  }
}
