/** The media side of a phone, for tests: an RTP and an RTCP socket that keep what they receive. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

import type { RemoteMedia } from '../../system/media-plane/media.ts';

class Receiver {
  readonly socket: Socket;
  readonly received: Buffer[] = [];
  #read = 0;
  #onPacket: (() => void) | undefined;

  constructor(address: string) {
    this.socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    this.socket.on('message', (packet) => {
      this.received.push(packet);
      this.#onPacket?.();
    });
  }

  async bind(address: string): Promise<void> {
    this.socket.bind(0, address);
    await once(this.socket, 'listening');
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

  close(): void {
    this.rtp.socket.close();
    this.rtcp.socket.close();
  }
}
