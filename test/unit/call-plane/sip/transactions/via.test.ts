/** The top Via: what is asked with it, where responses go, which flow takes a request. */
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
  createTestRequest,
  type RecordedHandlers,
  type TransactionPeer,
} from '../../../../support/call-plane/transaction-peer.ts';

let clock: FakeClock;
let network: LoopbackNetwork;
let client: TransactionPeer;
let server: TransactionPeer;
let handlers: RecordedHandlers;

beforeEach(() => {
  ({ clock, network, client, server, handlers } = new TransactionPair());
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
      createRawRequest('OPTIONS', `SIP/2.0/UDP ${sentBy};branch=z9hG4bK1;received=203.0.113.7`),
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
      createRawRequest(
        'OPTIONS',
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
    const invitation = createRawRequest('INVITE', via);
    client.transport.send(invitation, client.flowTo(server));
    client.transport.send(invitation, client.flowTo(server));
    clock.advance(20);
    client.transport.send(createRawRequest('ACK', via, ';tag=bob'), client.flowTo(server));
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
