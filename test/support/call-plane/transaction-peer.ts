/** One end of the loopback network with a transaction layer and a user that records what it hears. */
import type { Clock } from '../../../system/foundation/clock.ts';
import { silentLogger } from '../../../system/foundation/logger.ts';
import {
  createRequest,
  createResponse,
  type SipRequest,
  type SipResponse,
} from '../../../system/call-plane/sip/messages/message.ts';
import { parseNameAddr } from '../../../system/call-plane/sip/messages/name-addr.ts';
import { parseUri } from '../../../system/call-plane/sip/messages/uri.ts';
import type { ClientHandlers } from '../../../system/call-plane/sip/transactions/client-transaction.ts';
import type { ServerTransaction } from '../../../system/call-plane/sip/transactions/server-transaction.ts';
import {
  TransactionLayer,
  type TransactionLayerOptions,
} from '../../../system/call-plane/sip/transactions/transaction-layer.ts';
import type { Flow, TransportProtocol } from '../../../system/call-plane/sip/transport.ts';
import type { LoopbackNetwork, LoopbackTransport } from './loopback-transport.ts';

export class TransactionPeer {
  readonly layer: TransactionLayer;
  readonly transport: LoopbackTransport;
  /** New requests in order of arrival. */
  readonly received: { request: SipRequest; transaction: ServerTransaction; flow: Flow }[] = [];
  readonly acks: SipRequest[] = [];
  /** What is done with each new request; nothing unless a test says so. */
  onRequest: (transaction: ServerTransaction) => void = () => undefined;

  constructor(
    clock: Clock,
    network: LoopbackNetwork,
    address: string,
    options: Partial<TransactionLayerOptions> = {},
  ) {
    this.transport = network.open(address);
    this.layer = new TransactionLayer({
      clock,
      transport: this.transport,
      logger: silentLogger,
      user: {
        handleRequest: (request, transaction, flow) => {
          this.received.push({ request, transaction, flow });
          this.onRequest(transaction);
        },
        handleAck: (ack) => {
          this.acks.push(ack);
        },
      },
      ...options,
    });
    this.transport.start({
      handleMessage: (message, flow) => {
        this.layer.receive(message, flow);
      },
      handleParseError: (error, flow) => {
        this.layer.rejectUnparsable(error, flow);
      },
      handleConnectionClosed: () => undefined,
    });
  }

  /** Of the request that came last. */
  get lastTransaction(): ServerTransaction {
    const last = this.received.at(-1);
    if (last === undefined) {
      throw new Error('no request was received');
    }
    return last.transaction;
  }

  flowTo(peer: TransactionPeer, protocol: TransportProtocol = 'udp'): Flow {
    return this.transport.flowTo(protocol, peer.transport.address, peer.transport.port);
  }
}

/** Records the outcome of client transactions: statuses, `timeout`, `transport failure`. */
export class RecordedHandlers implements ClientHandlers {
  readonly outcome: (number | string)[] = [];
  onResponse: (response: SipResponse) => void = () => undefined;

  response(response: SipResponse): void {
    this.outcome.push(response.status);
    this.onResponse(response);
  }

  timeout(): void {
    this.outcome.push('timeout');
  }

  transportFailure(): void {
    this.outcome.push('transport failure');
  }
}

export function createTestRequest(
  method: string,
  options: {
    readonly cseq?: number;
    readonly callId?: string;
    readonly toTag?: string;
    readonly headers?: readonly (readonly [name: string, value: string])[];
    readonly body?: Buffer;
  } = {},
): SipRequest {
  const toTag = options.toTag === undefined ? '' : `;tag=${options.toTag}`;
  return createRequest({
    method,
    requestUri: parseUri('sip:bob@192.0.2.2'),
    from: parseNameAddr('<sip:alice@example.test>;tag=alice'),
    to: parseNameAddr(`<sip:bob@example.test>${toTag}`),
    callId: options.callId ?? 'call-1',
    cseq: options.cseq ?? 1,
    ...(options.headers === undefined ? {} : { headers: options.headers }),
    ...(options.body === undefined ? {} : { body: options.body }),
  });
}

/** The ACK to a 2xx, as the dialog of the caller makes it. */
export function createSuccessAck(invite: SipRequest, response: SipResponse): SipRequest {
  return createRequest({
    method: 'ACK',
    requestUri: invite.requestUri,
    from: invite.from,
    to: response.to,
    callId: invite.callId,
    cseq: invite.cseq.sequence,
  });
}

/** Answers with a To tag. */
export function answer(transaction: ServerTransaction, status: number): void {
  transaction.respond(createResponse(transaction.request, status, undefined, { toTag: 'bob' }));
}
