/** DHCP for many phones: each takes an address. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { findMessageType } from '../../../provisioning/dhcp/message/message-type.ts';
import { parseDhcpPacket, serializeDhcpPacket } from '../../../provisioning/dhcp/message/packet.ts';
import { formatIpv4 } from '../../../provisioning/ipv4.ts';
import { createClientMessage } from '../../support/provisioning/dhcp-conversation.ts';
import type { Tally } from './tally.ts';

export interface DhcpRun {
  readonly server: string;
  readonly broadcast: string;
  readonly tally: Tally;
}

/** One socket for all: answers to clients without an address are broadcasts. */
export class DhcpClients {
  readonly #run: DhcpRun;
  readonly #socket: Socket;
  readonly #waiting = new Map<string, (address: string) => void>();

  private constructor(socket: Socket, run: DhcpRun) {
    this.#run = run;
    this.#socket = socket;
    socket.on('message', (datagram) => {
      const reply = parseDhcpPacket(datagram);
      const type = findMessageType(reply.options) ?? '';
      const key = `${reply.hardwareAddress.toString('hex')} ${type}`;
      this.#waiting.get(key)?.(formatIpv4(reply.yourAddress));
    });
  }

  static async open(run: DhcpRun): Promise<DhcpClients> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.bind(68);
    await once(socket, 'listening');
    socket.setBroadcast(true);
    socket.setRecvBufferSize(8_000_000);
    return new DhcpClients(socket, run);
  }

  /** The address, after DISCOVER, OFFER, REQUEST and ACK. */
  async take(mac: string): Promise<string> {
    const requested = await this.#exchange(mac, 'discover', 'offer', {});
    return this.#exchange(mac, 'request', 'acknowledge', { requested, server: this.#run.server });
  }

  /** Resolves when the server answers: after its start it looks for other servers for some seconds. */
  async untilOpen(): Promise<void> {
    await this.#exchange('02000000ffff', 'discover', 'offer', {}, Array<number>(60).fill(500));
    this.#run.tally.retransmissions = 0;
  }

  close(): void {
    this.#socket.close();
  }

  async #exchange(
    mac: string,
    type: 'discover' | 'request',
    wanted: 'offer' | 'acknowledge',
    fields: { readonly requested?: string; readonly server?: string },
    waitsMs: readonly number[] = [4_000, 8_000, 16_000, 16_000],
  ): Promise<string> {
    const options = [
      [55, Buffer.of(1, 3, 6, 15, 42, 43, 66)],
      [60, Buffer.from('yealink')],
    ] as const;
    const { datagram } = serializeDhcpPacket(
      createClientMessage(type, { mac, options, ...fields }),
    );
    const { promise, resolve } = Promise.withResolvers<string>();
    const key = `${mac} ${wanted}`;
    this.#waiting.set(key, resolve);
    try {
      const send = (): void => {
        this.#socket.send(datagram, 67, this.#run.broadcast);
      };
      return await this.#run.tally.askAgain(`DHCP ${type}`, send, promise, waitsMs);
    } finally {
      this.#waiting.delete(key);
    }
  }
}
