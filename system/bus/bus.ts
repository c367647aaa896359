/**
 * The one way between two planes: requests that are answered, and events that are not. Events are
 * gathered and posted together, because posting is what costs; requests go at once, behind the
 * events that were emitted before them, so the order of one side's messages is kept.
 *
 * Bounds. Requests: at most `maxPendingRequests` wait for an answer, further ones fail with `busy`.
 * Events: the receiver acknowledges each batch; while `maxUnacknowledgedBatches` are on their way,
 * events wait here, at most `maxQueuedEvents` of them. Beyond that the oldest is dropped and
 * counted: an event is a hint or carries the latest state, never the only copy of something.
 */
import type { MessagePort } from 'node:worker_threads';
import type { Clock, Timer } from '../foundation/clock.ts';
import { toErrorMessage } from '../foundation/app-error.ts';
import type { Logger } from '../foundation/logger.ts';
import { BusError } from './bus-error.ts';

/** Name → what is asked and what is answered. */
type RequestMap<Map> = Record<keyof Map, { readonly request: unknown; readonly reply: unknown }>;

/** What one side offers and what it uses: `Bus<Management…, CallPlane…>` for the call plane's end. */
export interface BusOptions {
  readonly port: MessagePort;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long emitted events may wait for company, in ms. Default 20. */
  readonly gatherMs?: number;
}

const maxPendingRequests = 1_000;
const maxUnacknowledgedBatches = 32;
const maxQueuedEvents = 10_000;
const defaultTimeoutMs = 10_000;

type Frame =
  | { readonly kind: 'events'; readonly events: readonly (readonly [string, unknown])[] }
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'request'; readonly id: number; readonly name: string; readonly body: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly body: unknown }
  | {
      readonly kind: 'failure';
      readonly id: number;
      readonly message: string;
      readonly code: string | undefined;
    };

interface PendingRequest {
  readonly resolve: (body: never) => void;
  readonly reject: (error: BusError) => void;
  readonly timeout: Timer;
}

type RequestHandler = (body: never) => unknown;
type EventListener = (body: never) => void;

export class Bus<
  OwnRequests extends RequestMap<OwnRequests>,
  PeerRequests extends RequestMap<PeerRequests>,
  OwnEvents extends object,
  PeerEvents extends object,
> {
  readonly #port: MessagePort;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #gatherMs: number;
  readonly #handlers = new Map<string, RequestHandler>();
  readonly #listeners = new Map<string, EventListener[]>();
  readonly #pending = new Map<number, PendingRequest>();
  #events: [string, unknown][] = [];
  #gathering: Timer | undefined;
  #unacknowledgedBatches = 0;
  #droppedEvents = 0;
  #nextId = 1;
  #isClosed = false;

  constructor(options: BusOptions) {
    this.#port = options.port;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#gatherMs = options.gatherMs ?? 20;
    this.#port.on('message', (frame: Frame) => {
      this.#receive(frame);
    });
    this.#port.on('close', () => {
      this.close();
    });
  }

  /** Events thrown away because the other plane did not keep up, since the start. */
  get droppedEvents(): number {
    return this.#droppedEvents;
  }

  /** Declares who answers a request. One handler per name; it may return a promise. */
  handle<Name extends keyof OwnRequests & string>(
    name: Name,
    handler: (
      body: OwnRequests[Name]['request'],
    ) => OwnRequests[Name]['reply'] | Promise<OwnRequests[Name]['reply']>,
  ): void {
    this.#handlers.set(name, handler);
  }

  on<Name extends keyof PeerEvents & string>(
    name: Name,
    listener: (body: PeerEvents[Name]) => void,
  ): void {
    const listeners = this.#listeners.get(name) ?? [];
    listeners.push(listener);
    this.#listeners.set(name, listeners);
  }

  /** Rejects with BusError. */
  request<Name extends keyof PeerRequests & string>(
    name: Name,
    body: PeerRequests[Name]['request'],
    timeoutMs: number = defaultTimeoutMs,
  ): Promise<PeerRequests[Name]['reply']> {
    if (this.#isClosed) {
      return Promise.reject(new BusError('closed', `The other plane is gone (${name}).`));
    }
    if (this.#pending.size >= maxPendingRequests) {
      return Promise.reject(new BusError('busy', `Too many requests are waiting (${name}).`));
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timeout = this.#clock.schedule(timeoutMs, () => {
        this.#pending.delete(id);
        reject(new BusError('timeout', `The other plane did not answer ${name} in time.`));
      });
      this.#pending.set(id, { resolve: resolve, reject, timeout });
      this.#post({ kind: 'request', id, name, body });
    });
  }

  emit<Name extends keyof OwnEvents & string>(name: Name, body: OwnEvents[Name]): void {
    if (this.#isClosed) {
      return;
    }
    if (this.#events.length >= maxQueuedEvents) {
      this.#events.shift();
      this.#droppedEvents += 1;
    }
    this.#events.push([name, body]);
    this.#gathering ??= this.#clock.schedule(this.#gatherMs, () => {
      this.#gathering = undefined;
      this.#flushEvents();
    });
  }

  /** Idempotent. Requests that wait for an answer fail with `closed`. */
  close(): void {
    if (this.#isClosed) {
      return;
    }
    this.#flushEvents();
    this.#isClosed = true;
    this.#gathering?.cancel();
    for (const [id, pending] of this.#pending) {
      this.#pending.delete(id);
      pending.timeout.cancel();
      pending.reject(new BusError('closed', 'The other plane is gone.'));
    }
    this.#port.close();
  }

  #post(frame: Frame): void {
    this.#flushEvents();
    this.#port.postMessage(frame);
  }

  #flushEvents(): void {
    if (this.#events.length === 0 || this.#unacknowledgedBatches >= maxUnacknowledgedBatches) {
      return;
    }
    const events = this.#events;
    this.#events = [];
    this.#unacknowledgedBatches += 1;
    this.#port.postMessage({ kind: 'events', events } satisfies Frame);
  }

  #receive(frame: Frame): void {
    switch (frame.kind) {
      case 'events':
        for (const [name, body] of frame.events) {
          this.#dispatch(name, body);
        }
        this.#port.postMessage({ kind: 'acknowledged' } satisfies Frame);
        return;
      case 'acknowledged':
        this.#unacknowledgedBatches -= 1;
        if (this.#gathering === undefined) {
          this.#flushEvents();
        }
        return;
      case 'request':
        void this.#answer(frame.id, frame.name, frame.body);
        return;
      case 'reply':
        this.#takePending(frame.id)?.resolve(frame.body as never);
        return;
      case 'failure':
        this.#takePending(frame.id)?.reject(
          new BusError('remote', frame.message, { details: { code: frame.code } }),
        );
        return;
    }
  }

  #dispatch(name: string, body: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        listener(body as never);
      } catch (error) {
        this.#logger.error('A listener of the bus failed', { event: name, error });
      }
    }
  }

  async #answer(id: number, name: string, body: unknown): Promise<void> {
    let frame: Frame;
    try {
      const handler = this.#handlers.get(name);
      if (handler === undefined) {
        throw new Error(`Nobody answers ${name}.`);
      }
      frame = { kind: 'reply', id, body: await handler(body as never) };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
      frame = { kind: 'failure', id, message: toErrorMessage(error), code };
      this.#logger.warn('A request from the other plane failed', { request: name, error });
    }
    if (!this.#isClosed) {
      this.#post(frame);
    }
  }

  #takePending(id: number): PendingRequest | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.timeout.cancel();
    return pending;
  }
}
