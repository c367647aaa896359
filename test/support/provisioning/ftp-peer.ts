/** The control connection of an FTP client, line by line, for what real clients never say. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { waitUntil } from '../wait-until.ts';

export class FtpPeer {
  readonly socket: Socket;
  #received = '';
  #hasEnded = false;

  /** Resolves with the greeting read. */
  static async connect(port: number, address = '127.0.0.1'): Promise<FtpPeer> {
    const socket = connect({ host: address, port });
    const peer = new FtpPeer(socket);
    await once(socket, 'connect');
    await peer.reply();
    return peer;
  }

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#hasEnded = true;
    });
    socket.on('data', (chunk) => {
      this.#received += chunk.toString();
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The next reply, its last line; empty when the server closed. */
  async reply(): Promise<string> {
    return waitUntil(
      () => {
        const match = /^(?:\d{3}-[^]*?\r\n(?! ))?(\d{3} [^\r]*)\r\n/.exec(this.#received);
        if (match !== null) {
          this.#received = this.#received.slice(match[0].length);
          return match[1] ?? '';
        }
        return this.#hasEnded ? ' ' : undefined;
      },
      'the server replies',
      10_000,
    );
  }

  say(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`);
    return this.reply();
  }

  async logIn(name = 'PlcmSpIp', password = 'PlcmSpIp'): Promise<string> {
    await this.say(`USER ${name}`);
    return this.say(`PASS ${password}`);
  }

  /** Port of the data connection that EPSV gives. */
  async passive(): Promise<number> {
    return Number(/\|\|\|(\d+)\|/.exec(await this.say('EPSV'))?.[1]);
  }

  close(): void {
    this.socket.destroy();
  }
}
