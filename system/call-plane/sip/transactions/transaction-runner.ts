/**
 * Runs one state machine: takes its steps, owns its timers and the bytes it retransmits, and
 * performs the effects. What differs between client and server is behind `TransactionSide`. After
 * the final response the runner is all that is left of a transaction: a key, a state, at most the
 * bytes of the last message.
 */
import { toErrorMessage } from '../../../foundation/app-error.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type { SipMessage } from '../messages/message.ts';
import { serializeMessage } from '../messages/serialize-message.ts';
import { isReliable, type Flow, type SipTransport } from '../transport.ts';
import type { KeptBytes } from './kept-bytes.ts';
import type { QueuedTimer, TimerQueue, TimerTarget } from './timer-queue.ts';
import type {
  LifetimeTimerName,
  RetransmissionTimerName,
  TimerName,
  TransactionTimers,
} from './timers.ts';
import type { Effect, Machine, RetransmissionPace, TimerEvent, Transition } from './transition.ts';

/** The part of a transaction that knows its user. */
export interface TransactionSide {
  /** Only of an INVITE: the client's ACK to the failure that was received, the server's 100. */
  createOwnMessage?(received: SipMessage | undefined): SipMessage | undefined;
  pass(message: SipMessage): void;
  /** Timer B, F or H, or L without an ACK. */
  reportTimeout(): void;
  reportTransportFailure(error: Error): void;
}

/** What a runner needs of the layer around it. */
export interface RunnerEnvironment {
  readonly transport: SipTransport;
  readonly timerQueue: TimerQueue<TimerName>;
  readonly keptBytes: KeptBytes;
  readonly reliableTimers: TransactionTimers;
  readonly unreliableTimers: TransactionTimers;
  readonly logger: Logger;
}

/** The table that finds the transaction until it ends. */
interface Registry {
  delete(key: string): boolean;
}

export class TransactionRunner<
  State extends string,
  Event extends string,
  Side extends TransactionSide,
> implements TimerTarget<TimerName> {
  readonly #machine: Machine<State, Event>;
  readonly #environment: RunnerEnvironment;
  readonly #registry: Registry;
  readonly #key: string;
  readonly #flow: Flow;
  #state: State;
  #side: Side | undefined;
  #bytes: Buffer | undefined;
  #retransmission: QueuedTimer<TimerName> | undefined;
  #retransmissionDelayMs = 0;
  #lifetime: QueuedTimer<TimerName> | undefined;
  #failure: Error | undefined;

  constructor(
    machine: Machine<State, Event>,
    environment: RunnerEnvironment,
    registry: Registry,
    key: string,
    flow: Flow,
  ) {
    this.#machine = machine;
    this.#environment = environment;
    this.#registry = registry;
    this.#key = key;
    this.#flow = flow;
    this.#state = machine.start.next;
  }

  get state(): State {
    return this.#state;
  }

  /** Undefined when the transaction user will hear nothing more. */
  get side(): Side | undefined {
    return this.#side;
  }

  /** `bytes`: what a client sends, serialized. */
  start(side: Side, request: SipMessage, bytes?: Buffer): void {
    this.#side = side;
    this.#bytes = bytes;
    this.#take(this.#machine.start, request);
  }

  handle(event: Event, message?: SipMessage): void {
    this.#take(this.#machine.step(this.#state, event), message);
  }

  /** Of the timer queue only. */
  handleTimer(name: TimerName): void {
    if (this.#lifetime?.name === name) {
      this.#lifetime = undefined;
    } else {
      this.#retransmission = undefined;
    }
    const event: TimerEvent = `timer-${name}`;
    // A machine starts only timers that are among its events.
    this.handle(event as string as Event);
  }

  #take(transition: Transition<State>, message: SipMessage | undefined): void {
    const { next, effects } = transition;
    const hadEnded = this.#state === 'terminated';
    this.#state = next;
    if (next === 'terminated' && !hadEnded) {
      this.#end();
    }
    let expired: LifetimeTimerName | undefined;
    for (const effect of effects) {
      expired = this.#perform(effect, message) ?? expired;
    }
    if (next === 'terminated') {
      this.#side = undefined;
    } else if (expired !== undefined && this.#state === next) {
      this.handleTimer(expired);
    }
  }

  /** Returns the name of a lifetime timer of 0 ms: it has expired before it was started. */
  #perform(effect: Effect, message: SipMessage | undefined): LifetimeTimerName | undefined {
    switch (effect.kind) {
      case 'send':
        if (message?.kind === 'response') {
          this.#bytes = serializeMessage(message);
          // A response over UDP leaves or is lost: nobody could act on knowing.
          this.#sendBytes(isReliable(this.#flow.protocol));
        } else {
          this.#sendBytes(true);
        }
        return undefined;
      case 'acknowledge':
      case 'send-trying':
        this.#sendOwnMessage(message);
        return undefined;
      case 'retransmit':
        this.#sendBytes(false);
        return undefined;
      case 'pass':
      case 'report-timeout':
      case 'report-missing-ack':
      case 'report-transport-failure':
        this.#tellUser(effect.kind, message);
        return undefined;
      case 'release-bytes':
        this.#bytes = undefined;
        return undefined;
      case 'release-user':
        this.#side = undefined;
        this.#bytes = this.#bytes && this.#environment.keptBytes.keep(this.#bytes);
        return undefined;
      case 'start-retransmission':
        this.#startRetransmission(effect.timer, effect.pace);
        return undefined;
      case 'stop-retransmission':
        this.#stopRetransmission();
        return undefined;
      case 'start-lifetime':
        return this.#startLifetime(effect.timer);
      case 'stop-lifetime':
        this.#stopLifetime();
        return undefined;
    }
  }

  /** What the user's code throws is a bug of its own: it must not reach timers or other calls. */
  #tellUser(
    kind: 'pass' | 'report-timeout' | 'report-missing-ack' | 'report-transport-failure',
    message: SipMessage | undefined,
  ): void {
    const side = this.#side;
    if (side === undefined) {
      return;
    }
    try {
      switch (kind) {
        case 'pass':
          if (message !== undefined) {
            side.pass(message);
          }
          break;
        case 'report-timeout':
        case 'report-missing-ack':
          side.reportTimeout();
          break;
        case 'report-transport-failure':
          side.reportTransportFailure(this.#failure ?? new Error('transport failure'));
          break;
      }
    } catch (error) {
      this.#environment.logger.error('a transaction user threw', {
        during: kind,
        error: toErrorMessage(error),
        stack: error instanceof Error ? error.stack : undefined,
      });
    }
  }

  #sendOwnMessage(received: SipMessage | undefined): void {
    const message = this.#side?.createOwnMessage?.(received);
    if (message !== undefined) {
      this.#bytes = serializeMessage(message);
      this.#sendBytes(false);
    }
  }

  #sendBytes(isWatched: boolean): void {
    if (this.#bytes === undefined) {
      return;
    }
    const { transport } = this.#environment;
    if (isWatched) {
      transport.send(this.#bytes, this.#flow, (error) => {
        this.#fail(error);
      });
    } else {
      transport.send(this.#bytes, this.#flow);
    }
  }

  #fail(error: Error): void {
    this.#failure = error;
    // Every machine has this event.
    this.handle('transport-failure' as string as Event);
  }

  #timers(): TransactionTimers {
    return isReliable(this.#flow.protocol)
      ? this.#environment.reliableTimers
      : this.#environment.unreliableTimers;
  }

  #startRetransmission(name: RetransmissionTimerName, pace: RetransmissionPace): void {
    this.#stopRetransmission();
    const timer = this.#timers().retransmission[name];
    if (timer === undefined) {
      return;
    }
    switch (pace) {
      case 'first':
        this.#retransmissionDelayMs = timer.firstMs;
        break;
      case 'doubled':
        this.#retransmissionDelayMs = Math.min(this.#retransmissionDelayMs * 2, timer.longestMs);
        break;
      case 'longest':
        this.#retransmissionDelayMs = timer.longestMs;
        break;
    }
    this.#retransmission = this.#environment.timerQueue.start(
      this.#retransmissionDelayMs,
      name,
      this,
    );
  }

  #startLifetime(name: LifetimeTimerName): LifetimeTimerName | undefined {
    this.#stopLifetime();
    const durationMs = this.#timers().lifetimeMs[name];
    if (durationMs === 0) {
      return name;
    }
    this.#lifetime = this.#environment.timerQueue.start(durationMs, name, this);
    return undefined;
  }

  #stopRetransmission(): void {
    this.#retransmission?.cancel();
    this.#retransmission = undefined;
  }

  #stopLifetime(): void {
    this.#lifetime?.cancel();
    this.#lifetime = undefined;
  }

  #end(): void {
    this.#registry.delete(this.#key);
    this.#stopRetransmission();
    this.#stopLifetime();
    this.#bytes = undefined;
  }
}
