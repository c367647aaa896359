/** The media side of a phone, for tests: an RTP and an RTCP socket that keep what they receive. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

import type { RemoteMedia } from '../../../system/media-plane/media.ts';

class Receiver {
  socket: Socket;
  readonly received: Buffer[] = [];
  #read = 0;
  #onPacket: (() => void) | undefined;

  constructor(address: string) {
    this.socket = this.#createSocket(address);
  }

  async bind(address: string, port = 0): Promise<void> {
    this.socket.bind(port, address);
    await once(this.socket, 'listening');
  }

  /** The same port again, after its socket was closed. */
  async reopen(address: string, port: number): Promise<void> {
    this.socket = this.#createSocket(address);
    await this.bind(address, port);
  }

  #createSocket(address: string): Socket {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    socket.on('message', (packet) => {
      this.received.push(packet);
      this.#onPacket?.();
    });
    return socket;
  }

  get port(): number {
    return this.socket.address().port;
  }

  /** The next packet in order of arrival, waiting for it where need be. */
  async next(): Promise<Buffer> {
    for (;;) {
      const packet = this.received[this.#read];
      if (packet !== undefined) {
        this.#read += 1;
        return packet;
      }
      await new Promise<void>((resolve) => {
        this.#onPacket = resolve;
      });
    }
  }
}

export class RtpPhone {
  readonly address: string;
  readonly rtp: Receiver;
  readonly rtcp: Receiver;
  #closedRtpPort = 0;

  private constructor(address: string) {
    this.address = address;
    this.rtp = new Receiver(address);
    this.rtcp = new Receiver(address);
  }

  static async open(address = '127.0.0.1'): Promise<RtpPhone> {
    const phone = new RtpPhone(address);
    await Promise.all([phone.rtp.bind(address), phone.rtcp.bind(address)]);
    return phone;
  }

  /** What it says in SDP. */
  get media(): RemoteMedia {
    return { address: this.address, rtpPort: this.rtp.port, rtcpPort: this.rtcp.port };
  }

  /** To an endpoint on the address of this phone. */
  sendRtp(packet: Buffer, endpoint: { localAddress: string; rtpPort: number }): void {
    this.rtp.socket.send(packet, endpoint.rtpPort, endpoint.localAddress);
  }

  sendRtcp(compound: Buffer, endpoint: { localAddress: string; rtpPort: number }): void {
    this.rtcp.socket.send(compound, endpoint.rtpPort + 1, endpoint.localAddress);
  }

  /** Keeps the number of its RTP port in mind, for `reopenRtp`. */
  async closeRtp(): Promise<void> {
    this.#closedRtpPort = this.rtp.port;
    this.rtp.socket.close();
    await once(this.rtp.socket, 'close');
  }

  async reopenRtp(): Promise<void> {
    await this.rtp.reopen(this.address, this.#closedRtpPort);
  }

  close(): void {
    this.rtp.socket.close();
    this.rtcp.socket.close();
  }
}
