/**
 * The transaction layer (RFC 3261 §17): matches messages to transactions, begins new ones, and
 * stands between the transport and the user agent core. Merged requests (§8.2.2.2) and everything
 * about dialogs are matters of the layers above.
 */
import type { Clock } from '../../../foundation/clock.ts';
import { randomId } from '../../../foundation/ids.ts';
import type { Logger } from '../../../foundation/logger.ts';
import {
  createResponse,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../messages/message.ts';
import { serializeMessage } from '../messages/serialize-message.ts';
import type { SipParseError } from '../messages/sip-parse-error.ts';
import type { Flow, SipTransport } from '../transport.ts';
import {
  InviteClientSide,
  NonInviteClientSide,
  type ClientHandlers,
  type ClientTransaction,
  type InviteClientRunner,
  type NonInviteClientRunner,
} from './client-transaction.ts';
import { inviteClient } from './invite-client.ts';
import { inviteServer } from './invite-server.ts';
import { KeptBytes } from './kept-bytes.ts';
import { nonInviteClient } from './non-invite-client.ts';
import { nonInviteServer } from './non-invite-server.ts';
import { createRandomBranch } from './own-via.ts';
import { prepareRequest, type PreparedRequest } from './prepared-request.ts';
import { stampTopVia, toResponseFlow } from './response-route.ts';
import {
  InviteServerSide,
  NonInviteServerSide,
  type InviteServerRunner,
  type NonInviteServerRunner,
  type ServerEnvironment,
  type ServerTransaction,
  type TransactionUser,
} from './server-transaction.ts';
import { respondStatelessly } from './stateless-response.ts';
import { TimerQueue } from './timer-queue.ts';
import { deriveTimers, rfcTimerBase, type TimerBase, type TimerName } from './timers.ts';
import {
  toClientKey,
  toInviteServerKey,
  toNonInviteClientKey,
  toNonInviteServerKey,
} from './transaction-key.ts';
import { TransactionRunner, type RunnerEnvironment } from './transaction-runner.ts';

export interface TransactionLayerOptions {
  readonly clock: Clock;
  readonly transport: SipTransport;
  readonly user: TransactionUser;
  readonly logger: Logger;
  readonly timers?: TimerBase;
  /**
   * How many transactions may exist, lingering ones included: 500 calls/s keep about 130,000. From
   * nine tenths on, requests outside a dialog are refused with 503, so that what is left ends the
   * calls that exist; at the limit every new request is.
   */
  readonly maxTransactions?: number;
  /** Unique in time and space, beginning with the magic cookie (§8.1.1.7). */
  readonly createBranch?: () => string;
  readonly createTag?: () => string;
}

const defaultMaxTransactions = 400_000;
const shareOfNewCalls = 0.9;
const retryAfterSec = 10;

const unwatched: ClientHandlers = {
  response: () => undefined,
  timeout: () => undefined,
  transportFailure: () => undefined,
};

export class TransactionLayer {
  readonly #transport: SipTransport;
  readonly #user: TransactionUser;
  readonly #createBranch: () => string;
  readonly #createTag: () => string;
  readonly #maxTransactions: number;
  readonly #maxOutsideDialogs: number;
  readonly #runnerEnvironment: RunnerEnvironment;
  readonly #serverEnvironment: ServerEnvironment;
  readonly #cancelEnvironment: ServerEnvironment;
  readonly #inviteServers = new Map<string, InviteServerRunner>();
  readonly #nonInviteServers = new Map<string, NonInviteServerRunner>();
  readonly #inviteClients = new Map<string, InviteClientRunner>();
  readonly #nonInviteClients = new Map<string, NonInviteClientRunner>();

  constructor(options: TransactionLayerOptions) {
    const timers = options.timers ?? rfcTimerBase;
    this.#transport = options.transport;
    this.#user = options.user;
    this.#createBranch = options.createBranch ?? createRandomBranch;
    this.#createTag = options.createTag ?? randomId;
    this.#maxTransactions = options.maxTransactions ?? defaultMaxTransactions;
    this.#maxOutsideDialogs = Math.floor(this.#maxTransactions * shareOfNewCalls);
    this.#runnerEnvironment = {
      transport: options.transport,
      timerQueue: new TimerQueue<TimerName>(options.clock),
      keptBytes: new KeptBytes(),
      reliableTimers: deriveTimers(timers, true),
      unreliableTimers: deriveTimers(timers, false),
      logger: options.logger,
    };
    this.#serverEnvironment = {
      user: options.user,
      logger: options.logger,
      createTag: this.#createTag,
    };
    this.#cancelEnvironment = {
      ...this.#serverEnvironment,
      user: {
        handleRequest: (cancel, transaction) => {
          this.#answerCancel(cancel, transaction);
        },
        handleAck: () => undefined,
      },
    };
  }

  /** How many transactions there are, those included that only absorb retransmissions. */
  get transactionCount(): number {
    return (
      this.#inviteServers.size +
      this.#nonInviteServers.size +
      this.#inviteClients.size +
      this.#nonInviteClients.size
    );
  }

  /**
   * Whether nothing is open: every request of ours has its final response, and every final response
   * to an INVITE its ACK. What else there is only absorbs retransmissions.
   */
  get isSettled(): boolean {
    return (
      hasNoneIn(this.#inviteClients, ['calling', 'proceeding']) &&
      hasNoneIn(this.#nonInviteClients, ['trying', 'proceeding']) &&
      hasNoneIn(this.#inviteServers, ['proceeding', 'completed', 'accepted'])
    );
  }

  /** A message from the transport. */
  receive(message: SipMessage, flow: Flow): void {
    if (message.kind === 'response') {
      this.#receiveResponse(message);
      return;
    }
    switch (message.method) {
      case 'INVITE':
        this.#receiveInvite(message, flow);
        break;
      case 'ACK':
        this.#receiveAck(message, flow);
        break;
      case 'CANCEL':
        // A CANCEL is a transaction of its own, whose user is this layer.
        this.#receiveNonInvite(this.#cancelEnvironment, message, flow);
        break;
      default:
        if (!this.#isChallenged(message, flow)) {
          this.#receiveNonInvite(this.#serverEnvironment, message, flow);
        }
    }
  }

  /** Answers, without a transaction, a request that could be read only in part. */
  rejectUnparsable(error: SipParseError, flow: Flow): void {
    const { request } = error;
    if (request !== undefined) {
      stampTopVia(request, flow);
      respondStatelessly(this.#transport, request, flow, {
        status: error.status,
        reason: error.message,
      });
    }
  }

  /**
   * Sends a request in a transaction of its own. The layer adds the Via, in place of any that is
   * there. A request too large for a datagram goes over a connection to the same address and port,
   * where there is one; otherwise it goes in fragments. An INVITE goes by `invite`.
   */
  request(request: SipRequest, flow: Flow, handlers: ClientHandlers): void {
    const branch = this.#createBranch();
    this.#startNonInviteClient(
      request,
      prepareRequest(this.#transport, request, flow, branch),
      branch,
      handlers,
    );
  }

  /** As `request`, for an INVITE. */
  invite(request: SipRequest, flow: Flow, handlers: ClientHandlers): ClientTransaction {
    const branch = this.#createBranch();
    return this.#startInviteClient(
      request,
      prepareRequest(this.#transport, request, flow, branch),
      branch,
      handlers,
    );
  }

  /** Sends the ACK to a 2xx, to which there is no transaction (§13.2.2.4). */
  sendAck(ack: SipRequest, flow: Flow): void {
    const prepared = prepareRequest(this.#transport, ack, flow, this.#createBranch());
    this.#transport.send(prepared.bytes, prepared.flow);
  }

  /** Ends every transaction without a word to anyone. */
  close(): void {
    this.#runnerEnvironment.timerQueue.close();
    this.#inviteServers.clear();
    this.#nonInviteServers.clear();
    this.#inviteClients.clear();
    this.#nonInviteClients.clear();
  }

  #receiveResponse(response: SipResponse): void {
    const key = toClientKey(response);
    if (key === undefined) {
      return;
    }
    const { status } = response;
    if (response.cseq.method === 'INVITE') {
      const kind = status < 200 ? 'provisional' : status < 300 ? 'success' : 'failure';
      this.#inviteClients.get(key)?.handle(kind, response);
    } else {
      this.#nonInviteClients.get(key)?.handle(status < 200 ? 'provisional' : 'final', response);
    }
  }

  #receiveInvite(invite: SipRequest, flow: Flow): void {
    if (this.#isChallenged(invite, flow)) {
      return;
    }
    const key = toInviteServerKey(invite);
    const existing = this.#inviteServers.get(key);
    if (existing !== undefined) {
      existing.handle('request');
      return;
    }
    stampTopVia(invite, flow);
    if (this.#refuseWhenFull(invite, flow)) {
      return;
    }
    const runner: InviteServerRunner = new TransactionRunner(
      inviteServer,
      this.#runnerEnvironment,
      this.#inviteServers,
      key,
      toResponseFlow(invite, flow),
    );
    this.#inviteServers.set(key, runner);
    runner.start(new InviteServerSide(runner, invite, flow, this.#serverEnvironment), invite);
  }

  #receiveAck(ack: SipRequest, flow: Flow): void {
    const transaction = this.#inviteServers.get(toInviteServerKey(ack));
    if (transaction === undefined) {
      this.#user.handleAck(ack, flow);
    } else {
      transaction.handle('ack', ack);
    }
  }

  #receiveNonInvite(environment: ServerEnvironment, request: SipRequest, flow: Flow): void {
    const key = toNonInviteServerKey(request);
    const existing = this.#nonInviteServers.get(key);
    if (existing !== undefined) {
      existing.handle('request');
      return;
    }
    stampTopVia(request, flow);
    if (this.#refuseWhenFull(request, flow)) {
      return;
    }
    const runner: NonInviteServerRunner = new TransactionRunner(
      nonInviteServer,
      this.#runnerEnvironment,
      this.#nonInviteServers,
      key,
      toResponseFlow(request, flow),
    );
    this.#nonInviteServers.set(key, runner);
    runner.start(new NonInviteServerSide(runner, request, flow, environment), request);
  }

  /** §9.2. Only an INVITE can be cancelled: a CANCEL of anything else matches nothing. */
  #answerCancel(cancel: SipRequest, transaction: ServerTransaction): void {
    const invite = this.#inviteServers.get(toInviteServerKey(cancel));
    const toTag = invite?.side?.toTag ?? this.#createTag();
    const status = invite === undefined ? 481 : 200;
    transaction.respond(createResponse(cancel, status, undefined, { toTag }));
    invite?.side?.cancelled();
  }

  /** The user never lets a challenged request through, so no transaction can be waiting for it. */
  #isChallenged(request: SipRequest, flow: Flow): boolean {
    const headers = this.#user.challenge?.(request, flow);
    if (headers === undefined) {
      return false;
    }
    stampTopVia(request, flow);
    respondStatelessly(this.#transport, request, flow, { status: 401, headers });
    return true;
  }

  #refuseWhenFull(request: SipRequest, flow: Flow): boolean {
    const isInDialog = request.to.parameters.has('tag') || request.method === 'CANCEL';
    const limit = isInDialog ? this.#maxTransactions : this.#maxOutsideDialogs;
    if (this.transactionCount < limit) {
      return false;
    }
    respondStatelessly(this.#transport, request, flow, {
      status: 503,
      headers: [['Retry-After', String(retryAfterSec)]],
    });
    return true;
  }

  #startInviteClient(
    request: SipRequest,
    prepared: PreparedRequest,
    branch: string,
    handlers: ClientHandlers,
  ): ClientTransaction {
    const runner: InviteClientRunner = new TransactionRunner(
      inviteClient,
      this.#runnerEnvironment,
      this.#inviteClients,
      branch,
      prepared.flow,
    );
    this.#inviteClients.set(branch, runner);
    const { bytes, flow } = prepared;
    const side = new InviteClientSide(runner, request, handlers, (cancel) => {
      // §9.1: the CANCEL has the INVITE's Via, and so its branch.
      this.#startNonInviteClient(
        cancel,
        { bytes: serializeMessage(cancel), flow },
        branch,
        unwatched,
      );
    });
    runner.start(side, request, bytes);
    return side;
  }

  #startNonInviteClient(
    request: SipRequest,
    prepared: PreparedRequest,
    branch: string,
    handlers: ClientHandlers,
  ): void {
    const key = toNonInviteClientKey(branch, request.method);
    const runner: NonInviteClientRunner = new TransactionRunner(
      nonInviteClient,
      this.#runnerEnvironment,
      this.#nonInviteClients,
      key,
      prepared.flow,
    );
    this.#nonInviteClients.set(key, runner);
    runner.start(new NonInviteClientSide(handlers), request, prepared.bytes);
  }
}

function hasNoneIn<State extends string>(
  transactions: ReadonlyMap<string, { readonly state: State }>,
  states: readonly State[],
): boolean {
  for (const { state } of transactions.values()) {
    if (states.includes(state)) {
      return false;
    }
  }
  return true;
}
