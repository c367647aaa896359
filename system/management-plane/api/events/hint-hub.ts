/**
 * Hands hints to the connections that may have them. Hints of one type are gathered: the first goes
 * at once, what follows within the interval goes as one, so that a thousand registrations after a
 * power cut are a few messages.
 */
import type { Clock, Timer } from '../../../foundation/clock.ts';
import { isPermitted } from '../permission.ts';
import type { UserRole } from '../../../configuration/entities/user.ts';
import { type Hint, type HintType, permissionOfHint } from './hint.ts';

export interface HintReceiver {
  readonly role: UserRole;
  /** One JSON text, the same for all receivers. */
  send(text: string): void;
}

const intervalMs = 500;

interface Gathering {
  readonly timer: Timer;
  /** The latest of the interval. */
  waiting: Hint | undefined;
}

export class HintHub {
  readonly #clock: Clock;
  readonly #receivers = new Set<HintReceiver>();
  readonly #gatherings = new Map<HintType, Gathering>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the function that removes it. */
  add(receiver: HintReceiver): () => void {
    this.#receivers.add(receiver);
    return () => {
      this.#receivers.delete(receiver);
    };
  }

  get receiverCount(): number {
    return this.#receivers.size;
  }

  publish(hint: Hint): void {
    const gathering = this.#gatherings.get(hint.type);
    if (gathering !== undefined) {
      gathering.waiting = hint;
      return;
    }
    this.#gather(hint.type);
    this.#deliver(hint);
  }

  #gather(type: HintType): void {
    const timer = this.#clock.schedule(intervalMs, () => {
      const waiting = this.#gatherings.get(type)?.waiting;
      this.#gatherings.delete(type);
      if (waiting !== undefined) {
        this.#gather(type);
        this.#deliver(waiting);
      }
    });
    this.#gatherings.set(type, { timer, waiting: undefined });
  }

  #deliver(hint: Hint): void {
    const permission = permissionOfHint[hint.type];
    let text: string | undefined;
    for (const receiver of this.#receivers) {
      if (isPermitted(receiver.role, permission)) {
        text ??= JSON.stringify(hint);
        receiver.send(text);
      }
    }
  }
}
