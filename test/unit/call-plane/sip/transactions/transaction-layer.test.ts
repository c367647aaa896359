/** The layer as a whole: its limits, answers without a transaction, a bad network. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeClock } from '../../../../support/fake-clock.ts';
import {
  disturbAtRandom,
  type LoopbackNetwork,
} from '../../../../support/call-plane/loopback-transport.ts';
import {
  bob,
  createRawRequest,
  TransactionPair,
} from '../../../../support/call-plane/transaction-pair.ts';
import {
  answer,
  createSuccessAck,
  createTestRequest,
  RecordedHandlers,
  TransactionPeer,
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

describe('limits', () => {
  it('refuses new requests with 503 and Retry-After beyond the limit, those in dialogs last', () => {
    const small = new TransactionPeer(clock, network, '192.0.2.3', { maxTransactions: 10 });
    const send = (count: number, toTag?: string): void => {
      for (let index = 0; index < count; index++) {
        const request = createTestRequest('MESSAGE', toTag === undefined ? {} : { toTag });
        client.layer.request(request, client.flowTo(small), handlers);
      }
      clock.advance(20);
    };
    send(12);
    expect(small.received).toHaveLength(9);
    expect(handlers.outcome).toEqual([503, 503, 503]);
    const refusal = network.packets.find((packet) => packet.startLine.includes('503'));
    expect(refusal?.text).toMatch(/^Retry-After: \d+\r$/m);
    send(3, 'bob');
    expect(small.received).toHaveLength(10);
    expect(small.layer.transactionCount).toBe(10);
    clock.advance(33_000);
    send(1);
    expect(small.received).toHaveLength(11);
  });

  it('challenges without keeping anything, a repetition with the same tag, CANCEL and ACK never', () => {
    const guarded = new TransactionPeer(clock, network, '192.0.2.3', {
      maxTransactions: 10,
      user: {
        challenge: () => [['WWW-Authenticate', 'Digest realm="x"']],
        handleRequest: () => undefined,
        handleAck: () => undefined,
      },
    });
    const send = (method: string): string[] => {
      const before = network.packets.length;
      const bytes = createRawRequest(method, 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;rport');
      client.transport.send(bytes, client.flowTo(guarded));
      clock.advance(20);
      return network.packets.slice(before + 1).map((packet) => packet.text);
    };
    for (const method of ['INVITE', 'REGISTER']) {
      const [first = '', ...more] = send(method);
      expect(more).toEqual([]);
      expect(first).toMatch(/^SIP\/2\.0 401 /);
      expect(first).toMatch(/^WWW-Authenticate: Digest realm="x"\r$/m);
      expect(first).toMatch(/^To: .*;tag=[0-9a-z]+\r$/m);
      expect(send(method)).toEqual([first]);
    }
    for (let index = 0; index < 20; index++) {
      client.layer.request(createTestRequest('MESSAGE'), client.flowTo(guarded), handlers);
    }
    clock.advance(20);
    expect(handlers.outcome).toEqual(Array<number>(20).fill(401));
    expect(guarded.layer.transactionCount).toBe(0);
    expect(send('ACK')).toEqual([]);
    expect(send('CANCEL')[0]).toMatch(/^SIP\/2\.0 481 /);
    clock.advance(64_000);
    expect(network.packets.at(-1)?.startLine).toMatch(/^SIP\/2\.0 481 /);
  });

  it('answers a request that can be read in part with the status of its fault', () => {
    const text = createRawRequest(
      'OPTIONS',
      'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;rport',
    ).toString();
    client.transport.send(
      Buffer.from(text.replace('Max-Forwards: 70', 'Max-Forwards: many')),
      client.flowTo(server),
    );
    clock.advance(20);
    expect(network.startLinesFrom(bob)[0]).toMatch(/^SIP\/2\.0 400 /);
    expect(server.layer.transactionCount).toBe(0);
  });

  it('leaves no timer behind when it is closed', () => {
    pair.invite();
    clock.advance(50);
    client.layer.close();
    server.layer.close();
    clock.advance(20);
    expect(clock.pendingCount).toBe(0);
    expect(client.layer.transactionCount + server.layer.transactionCount).toBe(0);
  });
});

describe('on a bad network', () => {
  /** A small generator with a seed, so that a failure can be repeated. */
  function createRandom(seed: number): () => number {
    let state = seed;
    return () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
  }

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'brings every INVITE to one outcome and every transaction to its end (seed %i)',
    (seed) => {
      network.disturb = disturbAtRandom(createRandom(seed), {
        loss: 0.2,
        duplication: 0.2,
        reordering: 0.3,
        longestDelayMs: 700,
      });
      const missing = new Set<string>();
      server.onRequest = (transaction) => {
        const { callId } = transaction.request;
        transaction.onAckTimeout = () => missing.add(callId);
        answer(transaction, 180);
        clock.schedule(300, () => {
          answer(transaction, Number(callId) % 2 === 0 ? 200 : 486);
        });
      };
      const outcomes = Array.from({ length: 40 }, (_, index) => {
        const own = new RecordedHandlers();
        const request = createTestRequest('INVITE', { callId: String(index) });
        const flow = client.flowTo(server);
        own.onResponse = (response) => {
          if (response.status === 200) {
            client.layer.sendAck(createSuccessAck(request, response), flow);
          }
        };
        client.layer.invite(request, flow, own);
        return own.outcome;
      });
      const acknowledgeSeen = (): void => {
        for (const ack of server.acks) {
          server.received
            .find(({ request }) => request.callId === ack.callId)
            ?.transaction.acknowledged();
        }
      };
      for (let step = 0; step < 700; step++) {
        clock.advance(100);
        acknowledgeSeen();
      }

      outcomes.forEach((outcome, index) => {
        const finals = outcome.filter((entry) => typeof entry === 'string' || entry >= 200);
        expect(new Set(finals), String(outcome)).toEqual(new Set([index % 2 === 0 ? 200 : 486]));
        expect(index % 2 === 0 || finals.length === 1).toBe(true);
      });
      expect(server.received).toHaveLength(40);
      expect(missing).toEqual(new Set());
      expect(client.layer.transactionCount + server.layer.transactionCount).toBe(0);
    },
  );
});
