/** Two ends of the loopback network, 10 ms apart, and a caller that records what it hears. */
import type { ClientTransaction } from '../../../system/call-plane/sip/transactions/client-transaction.ts';
import { FakeClock } from '../fake-clock.ts';
import { LoopbackNetwork } from './loopback-transport.ts';
import {
  createSuccessAck,
  createTestRequest,
  RecordedHandlers,
  TransactionPeer,
} from './transaction-peer.ts';

/** Address of the client. */
export const alice = '192.0.2.1';
/** Address of the server. */
export const bob = '192.0.2.2';

export class TransactionPair {
  readonly clock = new FakeClock();
  readonly network = new LoopbackNetwork(this.clock, 10);
  readonly client = new TransactionPeer(this.clock, this.network, alice);
  readonly server = new TransactionPeer(this.clock, this.network, bob);
  /** Of the requests of the client. */
  readonly handlers = new RecordedHandlers();

  invite(protocol: 'udp' | 'tcp' = 'udp'): ClientTransaction {
    return this.client.layer.invite(
      createTestRequest('INVITE'),
      this.client.flowTo(this.server, protocol),
      this.handlers,
    );
  }

  /** When, relative to the first packet, an address sent packets that start like this. */
  timesOf(address: string, start: string): number[] {
    const first = this.network.packets[0]?.atMs ?? 0;
    return this.network.packets
      .filter((packet) => packet.fromAddress === address && packet.startLine.startsWith(start))
      .map((packet) => packet.atMs - first);
  }

  loseAllFrom(address: string): void {
    this.network.disturb = (packet) => (packet.fromAddress === address ? [] : [0]);
  }

  /** Acknowledges each 2xx as the caller's dialog does. */
  acknowledgeSuccesses(): void {
    this.handlers.onResponse = (response) => {
      if (response.cseq.method === 'INVITE' && response.status >= 200 && response.status < 300) {
        this.client.layer.sendAck(
          createSuccessAck(createTestRequest('INVITE'), response),
          this.client.flowTo(this.server),
        );
      }
    };
  }
}

/** A request to bob as it stands in a packet, with any top Via. */
export function createRawRequest(method: string, via: string, toTag = ''): Buffer {
  return Buffer.from(
    [
      `${method} sip:bob@192.0.2.2 SIP/2.0`,
      `Via: ${via}`,
      'Max-Forwards: 70',
      'From: <sip:alice@example.test>;tag=alice',
      `To: <sip:bob@example.test>${toTag}`,
      'Call-ID: raw',
      `CSeq: 1 ${method}`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );
}
