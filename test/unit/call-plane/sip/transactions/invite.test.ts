/** INVITE transactions of both sides: timers, failures, 2xx with RFC 6026. */
import { beforeEach, describe, expect, it } from 'vitest';
import { parseMessage } from '../../../../../system/call-plane/sip/messages/parse-message.ts';
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

describe('INVITE without answer', () => {
  it('[SIP-001] is retransmitted on timer A, doubling, until timer B reports a timeout', () => {
    pair.loseAllFrom(alice);
    pair.invite();
    clock.advance(31_999);
    expect(pair.timesOf(alice, 'INVITE')).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]);
    expect(handlers.outcome).toEqual([]);
    clock.advance(1);
    expect(handlers.outcome).toEqual(['timeout']);
    expect(client.layer.transactionCount).toBe(0);
  });

  it('[SIP-001] is not retransmitted over TCP', () => {
    server.onRequest = () => undefined;
    pair.invite('tcp');
    clock.advance(32_000);
    expect(pair.timesOf(alice, 'INVITE')).toEqual([0]);
  });

  it('reports a transport failure at once when the connection is refused', () => {
    network.remove(server.transport);
    pair.invite('tcp');
    clock.advance(1);
    expect(handlers.outcome).toEqual(['transport failure']);
    expect(client.layer.transactionCount).toBe(0);
  });

  it('stops retransmitting upon a 1xx and then waits without limit', () => {
    server.onRequest = (transaction) => answer(transaction, 180);
    pair.invite();
    clock.advance(300_000);
    expect(pair.timesOf(alice, 'INVITE')).toEqual([0]);
    expect(handlers.outcome).toEqual([180]);
  });
});

describe('INVITE server transaction', () => {
  it('answers 100 after 200 ms when the user is silent, and repeats it upon a retransmission', () => {
    network.disturb = (packet) => (packet.startLine.includes('100') ? [] : [0]);
    pair.invite();
    clock.advance(1_600);
    expect(pair.timesOf(bob, 'SIP/2.0 100')).toEqual([210, 510, 1_510]);
    expect(server.received).toHaveLength(1);
  });

  it('sends no 100 of its own when the user has answered', () => {
    server.onRequest = (transaction) => answer(transaction, 180);
    pair.invite();
    clock.advance(1_000);
    expect(network.startLinesFrom(bob)).toEqual(['SIP/2.0 180 Ringing']);
  });

  it('absorbs duplicated INVITEs', () => {
    network.disturb = () => [0, 5, 5];
    server.onRequest = (transaction) => answer(transaction, 180);
    pair.invite();
    clock.advance(100);
    expect(server.received).toHaveLength(1);
  });

  it('[SIP-001] retransmits a failure on timer G until timer H, then reports the missing ACK', () => {
    let missing = 0;
    server.onRequest = (transaction) => {
      transaction.onAckTimeout = () => (missing += 1);
      answer(transaction, 486);
    };
    network.disturb = (packet) => (packet.startLine.startsWith('ACK') ? [] : [0]);
    pair.invite();
    clock.advance(32_009);
    const sent = pair.timesOf(bob, 'SIP/2.0 486').map((atMs) => atMs - 10);
    expect(sent.slice(0, 7)).toEqual([0, 500, 1_500, 3_500, 7_500, 11_500, 15_500]);
    expect(sent).toHaveLength(11);
    expect(missing).toBe(0);
    clock.advance(1);
    expect(missing).toBe(1);
    expect(server.layer.transactionCount).toBe(0);
    expect(handlers.outcome).toEqual([486]);
    expect(pair.timesOf(alice, 'ACK')).toHaveLength(sent.length);
  });

  it('absorbs the ACK to a failure for timer I and tells the user nothing of it', () => {
    server.onRequest = (transaction) => answer(transaction, 404);
    network.disturb = (packet) => (packet.startLine.startsWith('ACK') ? [0, 100, 200] : [0]);
    pair.invite();
    clock.advance(5_025);
    expect(server.acks).toEqual([]);
    expect(server.layer.transactionCount).toBe(1);
    clock.advance(10);
    expect(server.layer.transactionCount).toBe(0);
    expect(pair.timesOf(bob, 'SIP/2.0 404')).toEqual([10]);
  });

  it('[SIP-001] retransmits a 2xx, over TCP as well, until the dialog acknowledges it', () => {
    server.onRequest = (transaction) => answer(transaction, 200);
    pair.invite('tcp');
    clock.advance(2_000);
    expect(pair.timesOf(bob, 'SIP/2.0 200')).toEqual([10, 510, 1_510]);
    expect(handlers.outcome).toEqual([200, 200, 200]);
    server.lastTransaction.acknowledged();
    clock.advance(60_000);
    expect(pair.timesOf(bob, 'SIP/2.0 200')).toHaveLength(3);
    expect(server.layer.transactionCount).toBe(0);
  });

  it('reports a 2xx without ACK after 64*T1, having repeated it at most every T2', () => {
    let missing = 0;
    server.onRequest = (transaction) => {
      transaction.onAckTimeout = () => (missing += 1);
      answer(transaction, 200);
    };
    pair.invite();
    clock.advance(32_009);
    expect(missing).toBe(0);
    expect(pair.timesOf(bob, 'SIP/2.0 200')).toHaveLength(11);
    clock.advance(1);
    expect(missing).toBe(1);
  });

  it('RFC 6026: absorbs the INVITE while its 2xx is acknowledged, and passes the ACK to the user', () => {
    pair.acknowledgeSuccesses();
    network.disturb = (packet) => (packet.startLine.startsWith('INVITE') ? [0, 3_000] : [0]);
    server.onRequest = (transaction) => answer(transaction, 200);
    pair.invite();
    clock.advance(30);
    server.lastTransaction.acknowledged();
    clock.advance(4_000);
    expect(server.received).toHaveLength(1);
    expect(server.acks).toHaveLength(1);
    expect(network.startLinesFrom(bob)).toEqual(['SIP/2.0 200 OK']);
  });

  it('passes an ACK to a 2xx that reuses the branch of the INVITE', () => {
    server.onRequest = (transaction) => answer(transaction, 200);
    pair.invite();
    clock.advance(10);
    const bytes = Buffer.from(
      (network.packets[0]?.text ?? '')
        .replace('INVITE sip', 'ACK sip')
        .replace('1 INVITE', '1 ACK'),
    );
    client.transport.send(bytes, client.flowTo(server));
    clock.advance(10);
    expect(server.acks.map((ack) => ack.method)).toEqual(['ACK']);
  });

  it('answers 500 when the user throws', () => {
    server.onRequest = () => {
      throw new Error('a bug');
    };
    pair.invite();
    clock.advance(20);
    expect(handlers.outcome).toEqual([500]);
  });
});

describe('INVITE client transaction', () => {
  it('acknowledges a failure and each of its retransmissions with the same ACK', () => {
    network.disturb = (packet) => (packet.startLine.startsWith('SIP/2.0 486') ? [0, 400] : [0]);
    server.onRequest = (transaction) => answer(transaction, 486);
    const route: readonly [string, string] = ['Route', '<sip:192.0.2.9;lr>'];
    client.layer.invite(
      createTestRequest('INVITE', { headers: [route] }),
      client.flowTo(server),
      handlers,
    );
    clock.advance(1_000);
    const sent = network.packets.filter((packet) => packet.fromAddress === alice);
    const [first, ...acks] = sent.map((packet) => parseMessage(Buffer.from(packet.text)));
    expect(acks).toHaveLength(2);
    for (const ack of acks) {
      expect(ack.kind === 'request' && ack.method).toBe('ACK');
      expect(ack.headers.getAll('Via')).toEqual(first?.headers.getAll('Via'));
      expect(ack.headers.get('To')).toBe('<sip:bob@example.test>;tag=bob');
      expect(ack.headers.get('CSeq')).toBe('1 ACK');
      expect(ack.headers.get('Route')).toBe('<sip:192.0.2.9;lr>');
    }
    expect(handlers.outcome).toEqual([486]);
    clock.advance(31_000);
    expect(client.layer.transactionCount).toBe(1);
    clock.advance(1_000);
    expect(client.layer.transactionCount).toBe(0);
  });

  it('ends at once over TCP after a failure, and lets no retransmission through', () => {
    server.onRequest = (transaction) => answer(transaction, 486);
    pair.invite('tcp');
    clock.advance(40);
    expect(client.layer.transactionCount).toBe(0);
    expect(server.layer.transactionCount).toBe(0);
    expect(pair.timesOf(alice, 'ACK')).toEqual([20]);
  });

  it('RFC 6026: passes every 2xx to the user until timer M', () => {
    server.onRequest = (transaction) => answer(transaction, 200);
    pair.invite();
    clock.advance(31_000);
    expect(handlers.outcome.length).toBeGreaterThan(5);
    expect(new Set(handlers.outcome)).toEqual(new Set([200]));
    clock.advance(1_020);
    expect(client.layer.transactionCount).toBe(0);
  });

  it('drops responses that match nothing', () => {
    server.onRequest = (transaction) => answer(transaction, 200);
    pair.invite();
    clock.advance(20);
    const late = Buffer.from((network.packets[1]?.text ?? '').replace('z9hG4bK', 'z9hG4bKother'));
    const before = handlers.outcome.length;
    server.transport.send(late, server.flowTo(client));
    clock.advance(10);
    expect(handlers.outcome).toHaveLength(before);
  });
});
