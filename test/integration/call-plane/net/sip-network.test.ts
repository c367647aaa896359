import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../../../system/foundation/logger.ts';
import { systemClock } from '../../../../system/foundation/clock.ts';
import {
  SipNetwork,
  type SipNetworkOptions,
} from '../../../../system/call-plane/net/sip-network.ts';
import type { SipMessage } from '../../../../system/call-plane/sip/messages/message.ts';
import { createResponse } from '../../../../system/call-plane/sip/messages/message.ts';
import { serializeMessage } from '../../../../system/call-plane/sip/messages/serialize-message.ts';
import type { SipParseError } from '../../../../system/call-plane/sip/messages/sip-parse-error.ts';
import type { TransactionUser } from '../../../../system/call-plane/sip/transactions/server-transaction.ts';
import { TransactionLayer } from '../../../../system/call-plane/sip/transactions/transaction-layer.ts';
import type {
  Flow,
  TransportProtocol,
  TransportUser,
} from '../../../../system/call-plane/sip/transport.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { createTestRequest, RecordedHandlers } from '../../../support/transaction-peer.ts';

const openGate = {
  admit: () => 'pass' as const,
  admitRequest: () => 'pass' as const,
  noteMalformed: () => undefined,
};

/** Released after each test, whatever it did. */
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) {
    await cleanUp();
  }
});

class Recorder {
  readonly messages: { message: SipMessage; flow: Flow }[] = [];
  readonly errors: SipParseError[] = [];
  readonly closedConnections: number[] = [];
  onMessage: (message: SipMessage, flow: Flow) => void = () => undefined;

  handleMessage(message: SipMessage, flow: Flow): void {
    this.messages.push({ message, flow });
    this.onMessage(message, flow);
  }

  handleParseError(error: SipParseError): void {
    this.errors.push(error);
  }

  handleConnectionClosed(connectionId: number): void {
    this.closedConnections.push(connectionId);
  }

  get callIds(): string[] {
    return this.messages.map(({ message }) => message.callId);
  }
}

async function startNetwork(user: TransportUser, options: Partial<SipNetworkOptions> = {}) {
  const network = new SipNetwork({
    listen: [
      { protocol: 'udp', address: '127.0.0.1', port: 0 },
      { protocol: 'udp', address: '::1', port: 0 },
      { protocol: 'tcp', address: '127.0.0.1', port: 0 },
      { protocol: 'tcp', address: '::1', port: 0 },
    ],
    clock: systemClock,
    logger: silentLogger,
    gate: openGate,
    ...options,
  });
  cleanUps.push(() => network.close());
  await network.start(user);
  return {
    network,
    portOf: (protocol: TransportProtocol, address = '127.0.0.1'): number =>
      network.boundAddresses.find(
        (bound) => bound.protocol === protocol && bound.address === address,
      )?.port ?? 0,
  };
}

async function openUdp(address = '127.0.0.1'): Promise<UdpSocket> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  cleanUps.push(() => void socket.close());
  return socket;
}

async function openTcp(port: number, address = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: address });
  socket.on('error', () => undefined);
  cleanUps.push(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Unlike `once`, does not mind that the connection was reset. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
}

async function listenTcp(onConnection: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer(onConnection);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => void server.close());
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

function createText(
  callId: string,
  via = 'SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1',
  body = '',
): string {
  return [
    'OPTIONS sip:127.0.0.1 SIP/2.0',
    `Via: ${via}`,
    'Max-Forwards: 70',
    'From: <sip:a@example.test>;tag=a',
    'To: <sip:b@example.test>',
    `Call-ID: ${callId}`,
    'CSeq: 1 OPTIONS',
    `Content-Length: ${String(body.length)}`,
    '',
    body,
  ].join('\r\n');
}

function requireFlow(flow: Flow | undefined): Flow {
  if (flow === undefined) {
    throw new Error('there is no flow');
  }
  return flow;
}

async function until(condition: () => boolean): Promise<void> {
  await vi.waitUntil(condition, { timeout: 5_000, interval: 2 });
}

describe('UDP', () => {
  it.each(['127.0.0.1', '::1'])('[SIP-001] receives and answers on %s', async (address) => {
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder);
    recorder.onMessage = (message, flow) => {
      if (message.kind === 'request') {
        network.send(serializeMessage(createResponse(message, 200)), flow);
      }
    };
    const phone = await openUdp(address);
    const answered = once(phone, 'message');
    phone.send(createText('one'), portOf('udp', address), address);
    const [response] = (await answered) as [Buffer];
    expect(response.toString()).toMatch(/^SIP\/2\.0 200 OK\r\n/);
    expect(recorder.messages[0]?.flow).toEqual({
      protocol: 'udp',
      localAddress: address,
      localPort: portOf('udp', address),
      remoteAddress: address,
      remotePort: phone.address().port,
    });
  });

  it('uses the same flow object for every packet of a peer', async () => {
    const recorder = new Recorder();
    const { portOf } = await startNetwork(recorder);
    const phone = await openUdp();
    phone.send(createText('one'), portOf('udp'), '127.0.0.1');
    phone.send(createText('two'), portOf('udp'), '127.0.0.1');
    await until(() => recorder.messages.length === 2);
    expect(recorder.messages[0]?.flow).toBe(recorder.messages[1]?.flow);
  });

  it.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
  ])('names our address towards the peer when it listens on %s', async (wildcard, address) => {
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder, {
      listen: [{ protocol: 'udp', address: wildcard, port: 0 }],
    });
    const phone = await openUdp(address);
    phone.send(createText('one'), portOf('udp', wildcard), address);
    await until(() => recorder.messages.length === 1);
    expect(recorder.messages[0]?.flow.localAddress).toBe(address);
    expect(network.flowTo('udp', address, 5060)?.localAddress).toBe(address);
    const other = address === '::1' ? '127.0.0.1' : '::1';
    expect(network.flowTo('udp', other, 5060)).toBeUndefined();
  });

  it('sends over a flow that was read from a store', async () => {
    const { network, portOf } = await startNetwork(new Recorder());
    const phone = await openUdp();
    const arrived = once(phone, 'message');
    const flow: Flow = {
      protocol: 'udp',
      localAddress: '127.0.0.1',
      localPort: portOf('udp'),
      remoteAddress: '127.0.0.1',
      remotePort: phone.address().port,
    };
    network.send(Buffer.from(createText('stored')), flow);
    const [, remote] = (await arrived) as [Buffer, { port: number }];
    expect(remote.port).toBe(portOf('udp'));
  });

  it('ignores keep-alives and STUN, reports rubbish to the gate, and lives through all of it', async () => {
    const malformed: string[] = [];
    const recorder = new Recorder();
    const { portOf } = await startNetwork(recorder, {
      gate: { ...openGate, noteMalformed: (address) => void malformed.push(address) },
    });
    const phone = await openUdp();
    const stun = Buffer.alloc(20);
    stun.writeUInt16BE(1, 0);
    const inputs = [
      Buffer.from('\r\n\r\n'),
      Buffer.from('\r\n'),
      Buffer.alloc(4),
      Buffer.alloc(0),
      stun,
      Buffer.from('rubbish'),
      Buffer.alloc(9_000, 255),
      Buffer.from(createText('cut').slice(0, 100)),
      Buffer.from(createText('answerable').replace('70', 'many')),
      Buffer.from(createText('last')),
    ];
    for (const input of inputs) {
      phone.send(input, portOf('udp'), '127.0.0.1');
    }
    await until(() => recorder.callIds.includes('last'));
    expect(malformed).toEqual(Array.from({ length: 4 }, () => '127.0.0.1'));
    expect(recorder.errors.map((error) => error.request?.callId)).toEqual(['answerable']);
  });

  it('drops what the gate does not admit before it is parsed', async () => {
    const recorder = new Recorder();
    let count = 0;
    const { portOf } = await startNetwork(recorder, {
      gate: { ...openGate, admit: () => ((count += 1) <= 2 ? 'pass' : 'drop') },
    });
    const phone = await openUdp();
    for (const callId of ['a', 'b', 'c', 'd']) {
      phone.send(createText(callId), portOf('udp'), '127.0.0.1');
    }
    await until(() => count === 4);
    expect(recorder.callIds).toEqual(['a', 'b']);
  });

  it('survives a user that throws', async () => {
    const recorder = new Recorder();
    recorder.onMessage = (message) => {
      if (message.callId === 'bad') {
        throw new Error('a bug');
      }
    };
    const { portOf } = await startNetwork(recorder);
    const phone = await openUdp();
    phone.send(createText('bad'), portOf('udp'), '127.0.0.1');
    phone.send(createText('good'), portOf('udp'), '127.0.0.1');
    await until(() => recorder.callIds.includes('good'));
    expect(recorder.callIds).toEqual(['bad', 'good']);
  });

  it('tells of a message that could not leave', async () => {
    const { network, portOf } = await startNetwork(new Recorder());
    const failures: Error[] = [];
    const flow = requireFlow(network.flowTo('udp', '127.0.0.1', 5060));
    network.send(Buffer.alloc(70_000), flow, (error) => failures.push(error));
    network.send(Buffer.from('x'), { ...flow, remotePort: 0 }, (error) => failures.push(error));
    network.send(Buffer.from('x'), { ...flow, remoteAddress: '::1' }, (e) => failures.push(e));
    expect(failures).toEqual([]);
    await until(() => failures.length === 3);
    expect(portOf('udp')).toBeGreaterThan(0);
  });

  it('names the address that it cannot listen on, and opens none', async () => {
    const taken = await openUdp();
    const network = new SipNetwork({
      listen: [
        { protocol: 'udp', address: '127.0.0.1', port: 0 },
        { protocol: 'udp', address: '127.0.0.1', port: taken.address().port },
      ],
      clock: systemClock,
      logger: silentLogger,
      gate: openGate,
    });
    await expect(network.start(new Recorder())).rejects.toMatchObject({
      code: 'address-in-use',
      details: { address: '127.0.0.1', port: taken.address().port },
    });
    const second = new SipNetwork({
      listen: [{ protocol: 'tcp', address: '203.0.113.1', port: 0 }],
      clock: systemClock,
      logger: silentLogger,
      gate: openGate,
    });
    await expect(second.start(new Recorder())).rejects.toMatchObject({
      code: 'address-unavailable',
    });
  });

  it('hands the descriptor of every socket that sends to the configuring function', async () => {
    const descriptors = new Set<number>();
    const { network } = await startNetwork(new Recorder(), {
      configureSocket: (descriptor) => descriptors.add(descriptor),
    });
    expect(descriptors.size).toBe(4);
    const port = await listenTcp(() => undefined);
    network.send(
      Buffer.from(createText('x')),
      requireFlow(network.flowTo('tcp', '127.0.0.1', port)),
    );
    await until(() => descriptors.size === 5);
  });
});

describe('TCP', () => {
  it.each(['127.0.0.1', '::1'])(
    '[SIP-001] cuts a fragmented and pipelined stream into messages on %s',
    async (address) => {
      const recorder = new Recorder();
      const { portOf } = await startNetwork(recorder);
      const phone = await openTcp(portOf('tcp', address), address);
      phone.setNoDelay(true);
      const stream = ['a', 'b', 'c'].map((id) => createText(id, undefined, 'v=0\r\n')).join('');
      const pieces = [10, 200, 300, 555, 900];
      let start = 0;
      for (const end of [...pieces, stream.length]) {
        phone.write(stream.slice(start, end));
        start = end;
        await new Promise(setImmediate);
      }
      await until(() => recorder.messages.length === 3);
      expect(recorder.callIds).toEqual(['a', 'b', 'c']);
      expect(recorder.messages[2]?.message.body.toString()).toBe('v=0\r\n');
      expect(recorder.messages[0]?.flow).toMatchObject({
        protocol: 'tcp',
        localAddress: address,
        localPort: portOf('tcp', address),
        remotePort: phone.localPort,
      });
    },
  );

  it('answers CRLF CRLF with CRLF (RFC 5626 §4.4.1)', async () => {
    const { portOf } = await startNetwork(new Recorder());
    const phone = await openTcp(portOf('tcp'));
    phone.write('\r\n\r\n');
    const [answer] = (await once(phone, 'data')) as [Buffer];
    expect(answer.toString()).toBe('\r\n');
  });

  it('answers over the connection that the request came over, and finds it by its address', async () => {
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder);
    const phone = await openTcp(portOf('tcp'));
    phone.write(createText('one'));
    await until(() => recorder.messages.length === 1);
    const flow = requireFlow(recorder.messages[0]?.flow);
    expect(network.connectionTo('127.0.0.1', phone.localPort ?? 0)).toBe(flow);
    network.send(Buffer.from('SIP/2.0 200 OK\r\n\r\n'), flow);
    const [answer] = (await once(phone, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^SIP\/2\.0 200/);
  });

  it('opens a connection for a request, keeps it, and opens it again when it is gone', async () => {
    const connections: Socket[] = [];
    const texts: string[] = [];
    const port = await listenTcp((socket) => {
      connections.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (data) => void texts.push(data.toString()));
    });
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder);
    const flow = requireFlow(network.flowTo('tcp', '127.0.0.1', port));
    expect(flow).toMatchObject({ localAddress: '127.0.0.1', localPort: portOf('tcp') });
    network.send(Buffer.from(createText('one')), flow);
    network.send(Buffer.from(createText('two')), flow);
    await until(() => texts.join('').includes('Call-ID: two'));
    expect(connections).toHaveLength(1);
    const established = requireFlow(network.connectionTo('127.0.0.1', port));

    connections[0]?.destroy();
    await until(() => recorder.closedConnections.length === 1);
    expect(recorder.closedConnections).toEqual([established.connectionId]);
    network.send(Buffer.from(createText('three')), established);
    await until(() => texts.join('').includes('Call-ID: three'));
    expect(connections).toHaveLength(2);
  });

  it('tells of every message that waited for a connection that is refused', async () => {
    const port = await listenTcp(() => undefined);
    await cleanUps.pop()?.();
    const { network } = await startNetwork(new Recorder());
    const failures: Error[] = [];
    const flow = requireFlow(network.flowTo('tcp', '127.0.0.1', port));
    network.send(Buffer.from('a'), flow, (error) => failures.push(error));
    network.send(Buffer.from('b'), flow, (error) => failures.push(error));
    await until(() => failures.length === 2);
    expect(network.connectionCount).toBe(0);
  });

  it.each([
    ['rubbish', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['binary rubbish', Buffer.alloc(100, 255)],
    [
      'a message that is too large',
      Buffer.from(`OPTIONS sip:x SIP/2.0\r\n${'X: y\r\n'.repeat(20_000)}`),
    ],
    [
      'a body that is too large',
      Buffer.from('OPTIONS sip:x SIP/2.0\r\nContent-Length: 99999999\r\n\r\n'),
    ],
  ])('closes a connection that carries %s, and notes it', async (_, bytes) => {
    const malformed: string[] = [];
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder, {
      gate: { ...openGate, noteMalformed: (address) => void malformed.push(address) },
    });
    const phone = await openTcp(portOf('tcp'));
    const closed = closing(phone);
    phone.resume();
    phone.write(bytes);
    await closed;
    await until(() => network.connectionCount === 0);
    expect(malformed).toEqual(['127.0.0.1']);
    expect(recorder.closedConnections).toHaveLength(1);
  });

  it('goes on after a message with a fault that does not hide the next one', async () => {
    const recorder = new Recorder();
    const { portOf } = await startNetwork(recorder);
    const phone = await openTcp(portOf('tcp'));
    phone.write(createText('bad').replace('CSeq: 1', 'CSeq: x') + createText('good'));
    await until(() => recorder.messages.length === 1);
    expect(recorder.errors.map((error) => error.code)).toEqual(['cseq']);
    expect(recorder.callIds).toEqual(['good']);
  });

  it('refuses connections beyond the limit per address, and takes new ones when others end', async () => {
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder, {
      tcpLimits: { connectionsPerAddress: 3 },
    });
    const phones = await Promise.all([1, 2, 3].map(() => openTcp(portOf('tcp'))));
    await until(() => network.connectionCount === 3);
    const refused = await openTcp(portOf('tcp'));
    refused.resume();
    await closing(refused);
    expect(network.connectionCount).toBe(3);

    phones[0]?.destroy();
    await until(() => network.connectionCount === 2);
    const late = await openTcp(portOf('tcp'));
    late.write(createText('late'));
    await until(() => recorder.callIds.includes('late'));
  });

  it('closes the connection of a peer that does not read what it is sent', async () => {
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder, {
      tcpLimits: { unreadOutputBytes: 100_000 },
    });
    const phone = await openTcp(portOf('tcp'));
    phone.write(createText('one'));
    await until(() => recorder.messages.length === 1);
    const flow = requireFlow(recorder.messages[0]?.flow);
    phone.pause();
    const message = Buffer.alloc(50_000, 120);
    for (let sent = 0; sent < 400 && network.connectionCount > 0; sent++) {
      network.send(message, flow);
      await new Promise(setImmediate);
    }
    expect(recorder.closedConnections).toEqual([flow.connectionId]);
  });

  it('closes connections that bring no whole message in time, and keeps those that did', async () => {
    const clock = new FakeClock();
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder, { clock });
    const [silent, trickling, good] = await Promise.all(
      [1, 2, 3].map(() => openTcp(portOf('tcp'))),
    );
    await until(() => network.connectionCount === 3);
    good?.write(createText('good'));
    trickling?.write(createText('one') + createText('two').slice(0, 50));
    await until(() => recorder.messages.length === 2);
    silent?.resume();
    clock.advance(20_000);
    trickling?.write('x');
    clock.advance(20_000);
    await until(() => network.connectionCount === 1);
    clock.advance(7_400_000);
    await new Promise(setImmediate);
    expect(network.connectionCount).toBe(1);
    clock.advance(200_000);
    await until(() => network.connectionCount === 0);
  });

  it('lets a peer that has sent its last byte read its answer', async () => {
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder);
    recorder.onMessage = (message, flow) => {
      if (message.kind === 'request') {
        network.send(serializeMessage(createResponse(message, 200)), flow);
      }
    };
    const phone = await openTcp(portOf('tcp'));
    const chunks: Buffer[] = [];
    phone.on('data', (chunk) => void chunks.push(chunk));
    phone.end(createText('half'));
    await closing(phone);
    expect(Buffer.concat(chunks).toString()).toMatch(/^SIP\/2\.0 200/);
    await until(() => network.connectionCount === 0);
  });

  it('survives connections that are reset', async () => {
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder);
    for (let index = 0; index < 20; index++) {
      const phone = await openTcp(portOf('tcp'));
      phone.write('OPTIONS sip:x SIP');
      phone.resetAndDestroy();
    }
    await until(() => network.connectionCount === 0);
    const phone = await openTcp(portOf('tcp'));
    phone.write(createText('after'));
    await until(() => recorder.callIds.includes('after'));
  });
});

describe('with the transaction layer on real sockets', () => {
  async function startNode(user: Partial<TransactionUser> = {}) {
    const layers: TransactionLayer[] = [];
    const { network, portOf } = await startNetwork({
      handleMessage: (message: SipMessage, flow: Flow) => layers[0]?.receive(message, flow),
      handleParseError: (error: SipParseError, flow: Flow) =>
        layers[0]?.rejectUnparsable(error, flow),
      handleConnectionClosed: () => undefined,
    });
    const layer = new TransactionLayer({
      clock: systemClock,
      transport: network,
      logger: silentLogger,
      user: { handleRequest: () => undefined, handleAck: () => undefined, ...user },
    });
    layers.push(layer);
    cleanUps.push(() => {
      layer.close();
    });
    return { network, portOf, layer };
  }

  it.each([
    ['udp', '127.0.0.1'],
    ['udp', '::1'],
    ['tcp', '127.0.0.1'],
    ['tcp', '::1'],
  ] as const)('[SIP-001] carries a transaction over %s on %s', async (protocol, address) => {
    const server = await startNode({
      handleRequest: (request, transaction) => {
        transaction.respond(createResponse(request, 200, undefined, { toTag: 'b' }));
      },
    });
    const client = await startNode();
    const handlers = new RecordedHandlers();
    const flow = requireFlow(
      client.network.flowTo(protocol, address, server.portOf(protocol, address)),
    );
    client.layer.request(createTestRequest('OPTIONS'), flow, handlers);
    await until(() => handlers.outcome.length > 0);
    expect(handlers.outcome).toEqual([200]);
  });

  it('[SIP-006] answers to the source port when rport is present', async () => {
    const server = await startNode({
      handleRequest: (request, transaction) => {
        transaction.respond(createResponse(request, 200, undefined, { toTag: 'b' }));
      },
    });
    const phone = await openUdp();
    const elsewhere = await openUdp();
    const answered = once(phone, 'message');
    const via = `SIP/2.0/UDP 10.1.1.1:${String(elsewhere.address().port)};rport;branch=z9hG4bKr`;
    phone.send(createText('rport', via), server.portOf('udp'), '127.0.0.1');
    const [response] = (await answered) as [Buffer];
    expect(response.toString()).toContain(
      `;rport=${String(phone.address().port)};branch=z9hG4bKr;received=127.0.0.1`,
    );
  });

  it('[SIP-006] answers to the port of the sent-by when rport is absent', async () => {
    const server = await startNode({
      handleRequest: (request, transaction) => {
        transaction.respond(createResponse(request, 200, undefined, { toTag: 'b' }));
      },
    });
    const phone = await openUdp();
    const elsewhere = await openUdp();
    const answered = once(elsewhere, 'message');
    const via = `SIP/2.0/UDP 10.1.1.1:${String(elsewhere.address().port)};branch=z9hG4bKr`;
    phone.send(createText('no rport', via), server.portOf('udp'), '127.0.0.1');
    const [response] = (await answered) as [Buffer];
    expect(response.toString()).toContain('received=127.0.0.1');
  });

  it('answers over a new connection to the sent-by when the one of the request is gone', async () => {
    const texts: string[] = [];
    const sentByPort = await listenTcp((socket) => {
      socket.on('data', (data) => void texts.push(data.toString()));
    });
    let respond: (() => void) | undefined;
    const server = await startNode({
      handleRequest: (request, transaction) => {
        respond = () => {
          transaction.respond(createResponse(request, 200, undefined, { toTag: 'b' }));
        };
      },
    });
    const phone = await openTcp(server.portOf('tcp'));
    phone.write(createText('gone', `SIP/2.0/TCP 127.0.0.1:${String(sentByPort)};branch=z9hG4bKg`));
    await until(() => respond !== undefined);
    phone.destroy();
    await until(() => server.network.connectionCount === 0);
    respond?.();
    await until(() => texts.join('').startsWith('SIP/2.0 200'));
  });

  it('bounds what a flood of requests leaves behind', async () => {
    let handled = 0;
    const server = await startNode({
      handleRequest: (request, transaction) => {
        handled += 1;
        transaction.respond(createResponse(request, 404, undefined, { toTag: 'b' }));
      },
    });
    const phone = await openUdp();
    for (let index = 0; index < 2_000; index++) {
      const via = `SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK${String(index)}`;
      phone.send(createText('flood', via), server.portOf('udp'), '127.0.0.1');
      if (index % 100 === 0) {
        await new Promise(setImmediate);
      }
    }
    await until(() => handled > 1_000);
    expect(server.layer.transactionCount).toBeLessThanOrEqual(2_000);
  });
});
