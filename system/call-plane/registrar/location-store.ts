/** Where the bindings are. One daemon keeps them in memory; several share them (later). */
import type { UserId } from '../../foundation/ids.ts';
import type { Binding } from './binding.ts';

export interface LocationStore {
  /** All bindings of a user, expired ones included, in the order they were made. */
  find(userId: UserId): readonly Binding[];
  /** Replaces all bindings of a user at once; none at all forgets the user. */
  replace(userId: UserId, bindings: readonly Binding[]): void;
  userIds(): Iterable<UserId>;
  readonly bindingCount: number;
}

const none: readonly Binding[] = [];

export class MemoryLocationStore implements LocationStore {
  readonly #bindings = new Map<UserId, readonly Binding[]>();
  #count = 0;

  get bindingCount(): number {
    return this.#count;
  }

  find(userId: UserId): readonly Binding[] {
    return this.#bindings.get(userId) ?? none;
  }

  replace(userId: UserId, bindings: readonly Binding[]): void {
    this.#count += bindings.length - this.find(userId).length;
    if (bindings.length === 0) {
      this.#bindings.delete(userId);
    } else {
      this.#bindings.set(userId, bindings);
    }
  }

  userIds(): Iterable<UserId> {
    return this.#bindings.keys();
  }
}
