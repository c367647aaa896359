/** Transactions of every other method: timers E to K. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeClock } from '../../../../support/fake-clock.ts';
import type { LoopbackNetwork } from '../../../../support/call-plane/loopback-transport.ts';
import { alice, bob, TransactionPair } from '../../../../support/call-plane/transaction-pair.ts';
import {
  answer,
  createTestRequest,
  type RecordedHandlers,
  type TransactionPeer,
} from '../../../../support/call-plane/transaction-peer.ts';

let pair: TransactionPair;
let clock: FakeClock;
let network: LoopbackNetwork;
let client: TransactionPeer;
let server: TransactionPeer;
let handlers: RecordedHandlers;

beforeEach(() => {
  pair = new TransactionPair();
  ({ clock, network, client, server, handlers } = pair);
});

describe('non-INVITE', () => {
  function options(protocol: 'udp' | 'tcp' = 'udp'): void {
    client.layer.request(createTestRequest('OPTIONS'), client.flowTo(server, protocol), handlers);
  }

  it('is retransmitted on timer E, at most every T2, until timer F', () => {
    pair.loseAllFrom(alice);
    options();
    clock.advance(31_999);
    expect(pair.timesOf(alice, 'OPTIONS')).toEqual([
      0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
    ]);
    clock.advance(1);
    expect(handlers.outcome).toEqual(['timeout']);
  });

  it('is retransmitted every T2 after a provisional response', () => {
    server.onRequest = (transaction) => answer(transaction, 183);
    options();
    clock.advance(12_600);
    expect(pair.timesOf(alice, 'OPTIONS')).toEqual([0, 500, 4_500, 8_500, 12_500]);
    expect(handlers.outcome[0]).toBe(183);
  });

  it('is answered with the same final response for timer J, and absorbs responses for timer K', () => {
    server.onRequest = (transaction) => answer(transaction, 200);
    options();
    clock.advance(1_000);
    const again = Buffer.from(network.packets[0]?.text ?? '');
    client.transport.send(again, client.flowTo(server));
    clock.advance(20);
    expect(server.received).toHaveLength(1);
    expect(handlers.outcome).toEqual([200]);
    const [first, second] = network.packets.filter((packet) => packet.fromAddress === bob);
    expect(second?.text).toBe(first?.text);
    clock.advance(4_000);
    expect(client.layer.transactionCount).toBe(0);
    expect(server.layer.transactionCount).toBe(1);
    clock.advance(27_000);
    expect(server.layer.transactionCount).toBe(0);
  });

  it('ends at once over TCP with the final response', () => {
    server.onRequest = (transaction) => answer(transaction, 200);
    options('tcp');
    clock.advance(20);
    expect(server.layer.transactionCount + client.layer.transactionCount).toBe(0);
    expect(handlers.outcome).toEqual([200]);
  });

  it('is forgotten after 64*T1 when the user never answers', () => {
    options();
    clock.advance(32_020);
    expect(handlers.outcome).toEqual(['timeout']);
    expect(server.layer.transactionCount).toBe(0);
    answer(server.lastTransaction, 200);
    expect(network.startLinesFrom(bob)).toEqual([]);
  });
});
