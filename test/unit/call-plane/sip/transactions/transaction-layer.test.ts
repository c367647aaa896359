import { beforeEach, describe, expect, it } from 'vitest';
import { parseMessage } from '../../../../../system/call-plane/sip/messages/parse-message.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { disturbAtRandom, LoopbackNetwork } from '../../../../support/loopback-transport.ts';
import {
  answer,
  createSuccessAck,
  createTestRequest,
  RecordedHandlers,
  TransactionPeer,
} from '../../../../support/transaction-peer.ts';

const alice = '192.0.2.1';
const bob = '192.0.2.2';

let clock: FakeClock;
let network: LoopbackNetwork;
let client: TransactionPeer;
let server: TransactionPeer;
let handlers: RecordedHandlers;

beforeEach(() => {
  clock = new FakeClock();
  network = new LoopbackNetwork(clock, 10);
  client = new TransactionPeer(clock, network, alice);
  server = new TransactionPeer(clock, network, bob);
  handlers = new RecordedHandlers();
});

function invite(protocol: 'udp' | 'tcp' = 'udp') {
  return client.layer.invite(
    createTestRequest('INVITE'),
    client.flowTo(server, protocol),
    handlers,
  );
}

/** When, relative to the first packet, an address sent packets that start like this. */
function timesOf(address: string, start: string): number[] {
  const first = network.packets[0]?.atMs ?? 0;
  return network.packets
    .filter((packet) => packet.fromAddress === address && packet.startLine.startsWith(start))
    .map((packet) => packet.atMs - first);
}

function loseAllFrom(address: string): void {
  network.disturb = (packet) => (packet.fromAddress === address ? [] : [0]);
}

/** Acknowledges each 2xx as the caller's dialog does. */
function acknowledgeSuccesses(): void {
  handlers.onResponse = (response) => {
    if (response.cseq.method === 'INVITE' && response.status >= 200 && response.status < 300) {
      client.layer.sendAck(
        createSuccessAck(createTestRequest('INVITE'), response),
        client.flowTo(server),
      );
    }
  };
}

describe('INVITE without answer', () => {
  it('[SIP-001] is retransmitted on timer A, doubling, until timer B reports a timeout', () => {
    loseAllFrom(alice);
    invite();
    clock.advance(31_999);
    expect(timesOf(alice, 'INVITE')).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]);
    expect(handlers.outcome).toEqual([]);
    clock.advance(1);
    expect(handlers.outcome).toEqual(['timeout']);
    expect(client.layer.transactionCount).toBe(0);
  });

  it('[SIP-001] is not retransmitted over TCP', () => {
    server.onRequest = () => undefined;
    invite('tcp');
    clock.advance(32_000);
    expect(timesOf(alice, 'INVITE')).toEqual([0]);
  });

  it('reports a transport failure at once when the connection is refused', () => {
    network.remove(server.transport);
    invite('tcp');
    clock.advance(1);
    expect(handlers.outcome).toEqual(['transport failure']);
    expect(client.layer.transactionCount).toBe(0);
  });

  it('stops retransmitting upon a 1xx and then waits without limit', () => {
    server.onRequest = (transaction) => answer(transaction, 180);
    invite();
    clock.advance(300_000);
    expect(timesOf(alice, 'INVITE')).toEqual([0]);
    expect(handlers.outcome).toEqual([180]);
  });
});

describe('INVITE server transaction', () => {
  it('answers 100 after 200 ms when the user is silent, and repeats it upon a retransmission', () => {
    network.disturb = (packet) => (packet.startLine.includes('100') ? [] : [0]);
    invite();
    clock.advance(1_600);
    expect(timesOf(bob, 'SIP/2.0 100')).toEqual([210, 510, 1_510]);
    expect(server.received).toHaveLength(1);
  });

  it('sends no 100 of its own when the user has answered', () => {
    server.onRequest = (transaction) => answer(transaction, 180);
    invite();
    clock.advance(1_000);
    expect(network.startLinesFrom(bob)).toEqual(['SIP/2.0 180 Ringing']);
  });

  it('absorbs duplicated INVITEs', () => {
    network.disturb = () => [0, 5, 5];
    server.onRequest = (transaction) => answer(transaction, 180);
    invite();
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
    invite();
    clock.advance(32_009);
    const sent = timesOf(bob, 'SIP/2.0 486').map((atMs) => atMs - 10);
    expect(sent.slice(0, 7)).toEqual([0, 500, 1_500, 3_500, 7_500, 11_500, 15_500]);
    expect(sent).toHaveLength(11);
    expect(missing).toBe(0);
    clock.advance(1);
    expect(missing).toBe(1);
    expect(server.layer.transactionCount).toBe(0);
    expect(handlers.outcome).toEqual([486]);
    expect(timesOf(alice, 'ACK')).toHaveLength(sent.length);
  });

  it('absorbs the ACK to a failure for timer I and tells the user nothing of it', () => {
    server.onRequest = (transaction) => answer(transaction, 404);
    network.disturb = (packet) => (packet.startLine.startsWith('ACK') ? [0, 100, 200] : [0]);
    invite();
    clock.advance(5_025);
    expect(server.acks).toEqual([]);
    expect(server.layer.transactionCount).toBe(1);
    clock.advance(10);
    expect(server.layer.transactionCount).toBe(0);
    expect(timesOf(bob, 'SIP/2.0 404')).toEqual([10]);
  });

  it('[SIP-001] retransmits a 2xx, over TCP as well, until the dialog acknowledges it', () => {
    server.onRequest = (transaction) => answer(transaction, 200);
    invite('tcp');
    clock.advance(2_000);
    expect(timesOf(bob, 'SIP/2.0 200')).toEqual([10, 510, 1_510]);
    expect(handlers.outcome).toEqual([200, 200, 200]);
    server.lastTransaction.acknowledged();
    clock.advance(60_000);
    expect(timesOf(bob, 'SIP/2.0 200')).toHaveLength(3);
    expect(server.layer.transactionCount).toBe(0);
  });

  it('reports a 2xx without ACK after 64*T1, having repeated it at most every T2', () => {
    let missing = 0;
    server.onRequest = (transaction) => {
      transaction.onAckTimeout = () => (missing += 1);
      answer(transaction, 200);
    };
    invite();
    clock.advance(32_009);
    expect(missing).toBe(0);
    expect(timesOf(bob, 'SIP/2.0 200')).toHaveLength(11);
    clock.advance(1);
    expect(missing).toBe(1);
  });

  it('RFC 6026: absorbs the INVITE while its 2xx is acknowledged, and passes the ACK to the user', () => {
    acknowledgeSuccesses();
    network.disturb = (packet) => (packet.startLine.startsWith('INVITE') ? [0, 3_000] : [0]);
    server.onRequest = (transaction) => answer(transaction, 200);
    invite();
    clock.advance(30);
    server.lastTransaction.acknowledged();
    clock.advance(4_000);
    expect(server.received).toHaveLength(1);
    expect(server.acks).toHaveLength(1);
    expect(network.startLinesFrom(bob)).toEqual(['SIP/2.0 200 OK']);
  });

  it('passes an ACK to a 2xx that reuses the branch of the INVITE', () => {
    server.onRequest = (transaction) => answer(transaction, 200);
    invite();
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
    invite();
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
    invite('tcp');
    clock.advance(40);
    expect(client.layer.transactionCount).toBe(0);
    expect(server.layer.transactionCount).toBe(0);
    expect(timesOf(alice, 'ACK')).toEqual([20]);
  });

  it('RFC 6026: passes every 2xx to the user until timer M', () => {
    server.onRequest = (transaction) => answer(transaction, 200);
    invite();
    clock.advance(31_000);
    expect(handlers.outcome.length).toBeGreaterThan(5);
    expect(new Set(handlers.outcome)).toEqual(new Set([200]));
    clock.advance(1_020);
    expect(client.layer.transactionCount).toBe(0);
  });

  it('drops responses that match nothing', () => {
    server.onRequest = (transaction) => answer(transaction, 200);
    invite();
    clock.advance(20);
    const late = Buffer.from((network.packets[1]?.text ?? '').replace('z9hG4bK', 'z9hG4bKother'));
    const before = handlers.outcome.length;
    server.transport.send(late, server.flowTo(client));
    clock.advance(10);
    expect(handlers.outcome).toHaveLength(before);
  });
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
    const transaction = invite();
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
    expect(timesOf(alice, 'ACK')).toHaveLength(1);
  });

  it('waits for a provisional response', () => {
    const transaction = invite();
    transaction.cancel();
    clock.advance(205);
    expect(timesOf(alice, 'CANCEL')).toEqual([]);
    clock.advance(45);
    expect(timesOf(alice, 'CANCEL')).toEqual([220]);
    expect(handlers.outcome).toEqual([100, 487]);
  });

  it('is sent when the user cancels from inside the provisional response', () => {
    const transaction = invite();
    handlers.onResponse = () => {
      transaction.cancel();
    };
    clock.advance(300);
    expect(timesOf(alice, 'CANCEL')).toEqual([220]);
  });

  it('is never sent when a final response comes first, and a late cancel does nothing', () => {
    server.onRequest = (transaction) => answer(transaction, 200);
    acknowledgeSuccesses();
    const transaction = invite();
    transaction.cancel();
    clock.advance(100);
    transaction.cancel();
    clock.advance(100);
    expect(timesOf(alice, 'CANCEL')).toEqual([]);
  });

  it('crossing a 2xx on the wire has no effect on it: the user gets the late 2xx', () => {
    let cancelled = 0;
    server.onRequest = (transaction) => {
      transaction.onCancel = () => (cancelled += 1);
      answer(transaction, 180);
    };
    const transaction = invite();
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
    const transaction = invite();
    clock.advance(1_000);
    transaction.cancel();
    clock.advance(31_999);
    expect(handlers.outcome).toEqual([180]);
    clock.advance(1);
    expect(handlers.outcome).toEqual([180, 'timeout']);
  });

  it('gets 481 when it matches nothing, and 200 again when it is repeated', () => {
    const bytes = createCancelBytes('z9hG4bKnone');
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
    const transaction = invite();
    clock.advance(50);
    transaction.cancel();
    clock.advance(100);
    expect(cancelled).toBe(1);
    expect(timesOf(bob, 'SIP/2.0 200')).toHaveLength(3);
  });
});

describe('non-INVITE', () => {
  function options(protocol: 'udp' | 'tcp' = 'udp'): void {
    client.layer.request(createTestRequest('OPTIONS'), client.flowTo(server, protocol), handlers);
  }

  it('is retransmitted on timer E, at most every T2, until timer F', () => {
    loseAllFrom(alice);
    options();
    clock.advance(31_999);
    expect(timesOf(alice, 'OPTIONS')).toEqual([
      0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
    ]);
    clock.advance(1);
    expect(handlers.outcome).toEqual(['timeout']);
  });

  it('is retransmitted every T2 after a provisional response', () => {
    server.onRequest = (transaction) => answer(transaction, 183);
    options();
    clock.advance(12_600);
    expect(timesOf(alice, 'OPTIONS')).toEqual([0, 500, 4_500, 8_500, 12_500]);
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

describe('Via', () => {
  it('[SIP-006] asks for rport, and a server writes received and rport into its response', () => {
    server.onRequest = (transaction) => answer(transaction, 200);
    client.layer.request(createTestRequest('OPTIONS'), client.flowTo(server), handlers);
    clock.advance(20);
    const sent = parseMessage(Buffer.from(network.packets[0]?.text ?? ''));
    const branch = sent.via.branch ?? '';
    expect(sent.headers.get('Via')).toBe(`SIP/2.0/UDP 192.0.2.1:5060;branch=${branch};rport`);
    expect(server.received[0]?.request.via.parameters).toEqual(
      new Map([
        ['branch', branch],
        ['rport', '5060'],
        ['received', alice],
      ]),
    );
    const response = parseMessage(Buffer.from(network.packets[1]?.text ?? ''));
    expect(response.via.parameters.get('rport')).toBe('5060');
  });

  it.each([
    ['with rport, to the source port', '10.0.0.1:5070;rport', 41_000, 41_000],
    ['without rport, to the port of the sent-by', '10.0.0.1:5070', 41_000, 5_070],
    ['without rport and port, to 5060', 'phone.example.test', 41_000, 5_060],
    ['never to a maddr', '10.0.0.1:5070;maddr=203.0.113.9', 41_000, 5_070],
  ])('[SIP-006] answers %s', (_, sentBy, sourcePort, expectedPort) => {
    server.onRequest = (transaction) => answer(transaction, 200);
    const source = network.open(alice, sourcePort);
    const expected = expectedPort === sourcePort ? source : network.open(alice, expectedPort);
    const texts: string[] = [];
    expected.start({
      handleMessage: (message) => void texts.push(message.headers.get('Via') ?? ''),
      handleParseError: () => undefined,
      handleConnectionClosed: () => undefined,
    });
    source.send(
      createOptionsBytes(`SIP/2.0/UDP ${sentBy};branch=z9hG4bK1;received=203.0.113.7`),
      source.flowTo('udp', bob, 5060),
    );
    clock.advance(20);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain(`received=${alice}`);
    expect(texts[0]).not.toContain('received=203');
  });

  it('keeps the Vias below the top one as they are', () => {
    server.onRequest = (transaction) => answer(transaction, 200);
    client.transport.send(
      createOptionsBytes(
        'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;rport, SIP/2.0/UDP 10.9.9.9;branch=z9hG4bK0',
      ),
      client.flowTo(server),
    );
    clock.advance(20);
    const response = parseMessage(Buffer.from(network.packets[1]?.text ?? ''));
    expect(response.headers.getAll('Via')).toEqual([
      'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;rport=5060;received=192.0.2.1',
      'SIP/2.0/UDP 10.9.9.9;branch=z9hG4bK0',
    ]);
  });

  it('RFC 2543: matches retransmissions and the ACK of a peer without the magic cookie', () => {
    server.onRequest = (transaction) => answer(transaction, 486);
    const via = 'SIP/2.0/UDP 192.0.2.1:5060;branch=1';
    const invitation = createBytes('INVITE', via);
    client.transport.send(invitation, client.flowTo(server));
    client.transport.send(invitation, client.flowTo(server));
    clock.advance(20);
    client.transport.send(createBytes('ACK', via, ';tag=bob'), client.flowTo(server));
    clock.advance(10_000);
    expect(server.received).toHaveLength(1);
    expect(server.acks).toEqual([]);
    expect(network.startLinesFrom(bob)).toHaveLength(2);
  });

  it('[SIP-029] sends a request over 1300 bytes over a connection to the same peer, if there is one', () => {
    const body = Buffer.alloc(1_300, 120);
    client.layer.request(createTestRequest('MESSAGE', { body }), client.flowTo(server), handlers);
    client.transport.connect(bob);
    client.layer.request(
      createTestRequest('MESSAGE', { body, cseq: 2 }),
      client.flowTo(server),
      handlers,
    );
    client.layer.request(
      createTestRequest('MESSAGE', { cseq: 3 }),
      client.flowTo(server),
      handlers,
    );
    clock.advance(20);
    expect(
      server.received.map(({ request, flow }) => [flow.protocol, request.via.protocol]),
    ).toEqual([
      ['udp', 'UDP'],
      ['tcp', 'TCP'],
      ['udp', 'UDP'],
    ]);
  });
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
      const bytes = createBytes(method, 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;rport');
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
    const text = createBytes('OPTIONS', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;rport').toString();
    client.transport.send(
      Buffer.from(text.replace('Max-Forwards: 70', 'Max-Forwards: many')),
      client.flowTo(server),
    );
    clock.advance(20);
    expect(network.startLinesFrom(bob)[0]).toMatch(/^SIP\/2\.0 400 /);
    expect(server.layer.transactionCount).toBe(0);
  });

  it('leaves no timer behind when it is closed', () => {
    invite();
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

function createBytes(method: string, via: string, toTag = ''): Buffer {
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

function createOptionsBytes(via: string): Buffer {
  return createBytes('OPTIONS', via);
}

function createCancelBytes(branch: string): Buffer {
  return createBytes('CANCEL', `SIP/2.0/UDP 192.0.2.1:5060;branch=${branch};rport`);
}
