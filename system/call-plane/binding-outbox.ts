/**
 * Changes of registrations on their way to the management plane, which stores and shows them. They
 * are gathered, and of one contact only the latest state goes: a phone that registers every minute
 * costs one row a minute, a flood costs no queue.
 */
import type { BindingRecord, CallPlaneEvents } from '../bus/contract.ts';
import type { Clock, Timer } from '../foundation/clock.ts';
import type { Binding } from './registrar/binding.ts';
import type { BindingChange } from './registrar/registrar.ts';

type BindingsChanged = CallPlaneEvents['bindings.changed'];

/** A single phone is stored at once, as people count: what a crash loses is little more than this. */
const gatherMs = 100;
/** After a gathering of so many they come in a flood, each piece of which costs the disk a transaction. */
const manyChanges = 20;
const gatherManyMs = 1_000;
const largestPiece = 500;

export class BindingOutbox {
  readonly #clock: Clock;
  readonly #send: (change: BindingsChanged) => void;
  readonly #changes = new Map<string, { readonly binding: Binding; readonly isRemoved: boolean }>();
  #timer: Timer | undefined;
  #sentLast = 0;

  constructor(clock: Clock, send: (change: BindingsChanged) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  add(change: BindingChange): void {
    for (const binding of change.updated) {
      this.#changes.set(keyOf(binding), { binding, isRemoved: false });
    }
    for (const binding of change.removed) {
      this.#changes.set(keyOf(binding), { binding, isRemoved: true });
    }
    const delayMs = this.#sentLast < manyChanges ? gatherMs : gatherManyMs;
    this.#timer ??= this.#clock.schedule(delayMs, () => {
      this.flush();
    });
  }

  /** Sends what has been gathered at once. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#sentLast = this.#changes.size;
    let updated: BindingRecord[] = [];
    let removed: BindingsChanged['removed'][number][] = [];
    for (const { binding, isRemoved } of this.#changes.values()) {
      if (isRemoved) {
        removed.push({ userId: binding.userId, contact: binding.contact });
      } else {
        updated.push(toBindingRecord(binding));
      }
      if (updated.length + removed.length === largestPiece) {
        this.#send({ updated, removed });
        updated = [];
        removed = [];
      }
    }
    if (updated.length + removed.length > 0) {
      this.#send({ updated, removed });
    }
    this.#changes.clear();
  }
}

/** A user identifier has no space. */
function keyOf(binding: Binding): string {
  return `${binding.userId} ${binding.contact}`;
}

export function toBindingRecord(binding: Binding): BindingRecord {
  const { flow } = binding;
  return {
    userId: binding.userId,
    contact: binding.contact,
    protocol: flow.protocol,
    localAddress: flow.localAddress,
    localPort: flow.localPort,
    remoteAddress: flow.remoteAddress,
    remotePort: flow.remotePort,
    callId: binding.callId,
    cseq: binding.cseq,
    q: binding.q,
    registeredAtMs: binding.registeredAtMs,
    expiresAtMs: binding.expiresAtMs,
    userAgent: binding.userAgent,
    instanceId: binding.instanceId,
    regId: binding.regId,
    device: binding.device,
  };
}

/** Without its connection, which did not survive: a TCP phone is reached again when it connects. */
export function fromBindingRecord(record: BindingRecord): Binding {
  return {
    userId: record.userId,
    contact: record.contact,
    flow: {
      protocol: record.protocol,
      localAddress: record.localAddress,
      localPort: record.localPort,
      remoteAddress: record.remoteAddress,
      remotePort: record.remotePort,
    },
    callId: record.callId,
    cseq: record.cseq,
    q: record.q,
    registeredAtMs: record.registeredAtMs,
    expiresAtMs: record.expiresAtMs,
    userAgent: record.userAgent,
    instanceId: record.instanceId,
    regId: record.regId,
    device: record.device,
  };
}
