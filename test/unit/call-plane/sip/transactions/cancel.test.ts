/** CANCEL: when it leaves, what it meets, what it changes. */
import { beforeEach, describe, expect, it } from 'vitest';
import { parseMessage } from '../../../../../system/call-plane/sip/messages/parse-message.ts';
import type { FakeClock } from '../../../../support/fake-clock.ts';
import type { LoopbackNetwork } from '../../../../support/call-plane/loopback-transport.ts';
import {
  alice,
  bob,
  createRawRequest,
  TransactionPair,
} from '../../../../support/call-plane/transaction-pair.ts';
import {
  answer,
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

describe('CANCEL (RFC 3261 §9)', () => {
  beforeEach(() => {
    server.onRequest = (transaction) => {
      transaction.onCancel = () => {
        answer(transaction, 487);
      };
    };
  });

  it('leaves at once after a provisional response, and its INVITE ends with 487', () => {
    const transaction = pair.invite();
    clock.advance(300);
    transaction.cancel('SIP;cause=200;text="Call completed elsewhere"');
    transaction.cancel();
    clock.advance(100);
    const cancels = network.packets.filter((packet) => packet.startLine.startsWith('CANCEL'));
    expect(cancels).toHaveLength(1);
    const cancel = parseMessage(Buffer.from(cancels[0]?.text ?? ''));
    const sent = parseMessage(Buffer.from(network.packets[0]?.text ?? ''));
    expect(cancel.via.branch).toBe(sent.via.branch);
    expect(cancel.headers.get('CSeq')).toBe('1 CANCEL');
    expect(cancel.headers.get('To')).toBe('<sip:bob@example.test>');
    expect(cancel.headers.get('Reason')).toContain('cause=200');
    expect(network.startLinesFrom(bob)).toEqual([
      'SIP/2.0 100 Trying',
      'SIP/2.0 200 OK',
      'SIP/2.0 487 Request Terminated',
    ]);
    expect(handlers.outcome).toEqual([100, 487]);
    expect(pair.timesOf(alice, 'ACK')).toHaveLength(1);
  });

  it('waits for a provisional response', () => {
    const transaction = pair.invite();
    transaction.cancel();
    clock.advance(205);
    expect(pair.timesOf(alice, 'CANCEL')).toEqual([]);
    clock.advance(45);
    expect(pair.timesOf(alice, 'CANCEL')).toEqual([220]);
    expect(handlers.outcome).toEqual([100, 487]);
  });

  it('is sent when the user cancels from inside the provisional response', () => {
    const transaction = pair.invite();
    handlers.onResponse = () => {
      transaction.cancel();
    };
    clock.advance(300);
    expect(pair.timesOf(alice, 'CANCEL')).toEqual([220]);
  });

  it('is never sent when a final response comes first, and a late cancel does nothing', () => {
    server.onRequest = (transaction) => answer(transaction, 200);
    pair.acknowledgeSuccesses();
    const transaction = pair.invite();
    transaction.cancel();
    clock.advance(100);
    transaction.cancel();
    clock.advance(100);
    expect(pair.timesOf(alice, 'CANCEL')).toEqual([]);
  });

  it('crossing a 2xx on the wire has no effect on it: the user gets the late 2xx', () => {
    let cancelled = 0;
    server.onRequest = (transaction) => {
      transaction.onCancel = () => (cancelled += 1);
      answer(transaction, 180);
    };
    const transaction = pair.invite();
    clock.advance(100);
    transaction.cancel();
    answer(server.lastTransaction, 200);
    clock.advance(20);
    expect(handlers.outcome).toEqual([180, 200]);
    expect(cancelled).toBe(0);
    expect(network.startLinesFrom(bob)).toContain('SIP/2.0 200 OK');
  });

  it('without any final response lets the INVITE time out 64*T1 later', () => {
    server.onRequest = (transaction) => answer(transaction, 180);
    const transaction = pair.invite();
    clock.advance(1_000);
    transaction.cancel();
    clock.advance(31_999);
    expect(handlers.outcome).toEqual([180]);
    clock.advance(1);
    expect(handlers.outcome).toEqual([180, 'timeout']);
  });

  it('gets 481 when it matches nothing, and 200 again when it is repeated', () => {
    const bytes = createRawRequest('CANCEL', 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnone;rport');
    client.transport.send(bytes, client.flowTo(server));
    clock.advance(50);
    expect(network.startLinesFrom(bob)).toEqual(['SIP/2.0 481 Call/Transaction Does Not Exist']);
    client.transport.send(bytes, client.flowTo(server));
    clock.advance(50);
    expect(network.startLinesFrom(bob)).toHaveLength(2);
    expect(server.received).toEqual([]);
  });

  it('of a retransmitted CANCEL is told to the user once', () => {
    let cancelled = 0;
    server.onRequest = (transaction) => {
      transaction.onCancel = () => (cancelled += 1);
      answer(transaction, 180);
    };
    network.disturb = (packet) => (packet.startLine.startsWith('CANCEL') ? [0, 5, 50] : [0]);
    const transaction = pair.invite();
    clock.advance(50);
    transaction.cancel();
    clock.advance(100);
    expect(cancelled).toBe(1);
    expect(pair.timesOf(bob, 'SIP/2.0 200')).toHaveLength(3);
  });
});
