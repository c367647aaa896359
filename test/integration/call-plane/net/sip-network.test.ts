import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type LogFields, silentLogger } from '../../../../system/foundation/logger.ts';
import { systemClock } from '../../../../system/foundation/clock.ts';
import {
  createResponse,
  type SipMessage,
  type SipRequest,
} from '../../../../system/call-plane/sip/messages/message.ts';
import { serializeMessage } from '../../../../system/call-plane/sip/messages/serialize-message.ts';
import type { SipParseError } from '../../../../system/call-plane/sip/messages/sip-parse-error.ts';
import type { TransactionUser } from '../../../../system/call-plane/sip/transactions/server-transaction.ts';
import { TransactionLayer } from '../../../../system/call-plane/sip/transactions/transaction-layer.ts';
import type { Flow } from '../../../../system/call-plane/sip/transport.ts';
import {
  createTestRequest,
  RecordedHandlers,
} from '../../../support/call-plane/transaction-peer.ts';
import {
  createText,
  listenTcp,
  openTcp,
  openUdp,
  Recorder,
  requireFlow,
  startNetwork,
  until,
} from '../../../support/call-plane/sip-sockets.ts';

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
    onTestFinished(() => {
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

it('tells at level debug what comes and goes, without the digits that were dialled', async () => {
  const lines: [string, LogFields | undefined][] = [];
  const recorder = new Recorder();
  const { network, portOf } = await startNetwork(recorder, {
    logger: {
      ...silentLogger,
      isDebugEnabled: () => true,
      debug: (message, fields) => void lines.push([message, fields]),
    },
  });
  const phone = await openTcp(portOf('tcp'));
  phone.write(createText('traced').replaceAll(/sip:[^ >]+/g, 'sip:99101*4711@127.0.0.1'));
  await until(() => recorder.messages.length === 1);
  const { message, flow } = recorder.messages[0] ?? {};
  const answer = createResponse(message as SipRequest, 404, undefined, { toTag: 'b' });
  network.send(serializeMessage(answer), requireFlow(flow));

  const port = phone.localPort;
  const traced = { sipCallId: 'traced', address: '127.0.0.1', port };
  expect(lines).toMatchObject([
    ['received', { message: message?.cseq.method, ...traced }],
    ['sent', { message: '404', ...traced }],
  ]);
  expect(JSON.stringify(lines)).not.toContain('4711');
});
