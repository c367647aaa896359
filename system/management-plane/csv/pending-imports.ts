/**
 * Files that were previewed and wait for a confirmation, for a while and in a bounded number. They
 * stay in memory only, because they may hold passwords.
 */
import type { Clock } from '../../foundation/clock.ts';
import { randomId } from '../../foundation/ids.ts';
import type { Actor } from '../actor.ts';

const validForMs = 15 * 60_000;
const usualMaximum = 8;

interface PendingImport<Content> {
  readonly content: Content;
  readonly userId: string;
  readonly expiresAtMs: number;
}

export class PendingImports<Content> {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #maximum: number;
  readonly #imports = new Map<string, PendingImport<Content>>();

  /** The oldest is forgotten beyond `maximum`. */
  constructor(clock: Pick<Clock, 'nowMs'>, maximum = usualMaximum) {
    this.#clock = clock;
    this.#maximum = maximum;
  }

  add(actor: Actor, content: Content): string {
    this.#forgetExpired();
    const [oldest] = this.#imports.keys();
    if (this.#imports.size >= this.#maximum && oldest !== undefined) {
      this.#imports.delete(oldest);
    }
    const importId = randomId();
    const expiresAtMs = this.#clock.nowMs() + validForMs;
    this.#imports.set(importId, { content, userId: actor.userId, expiresAtMs });
    return importId;
  }

  /** What the same account previewed; undefined when it is gone. */
  find(actor: Actor, importId: string): Content | undefined {
    this.#forgetExpired();
    const pending = this.#imports.get(importId);
    return pending?.userId === actor.userId ? pending.content : undefined;
  }

  delete(importId: string): void {
    this.#imports.delete(importId);
  }

  #forgetExpired(): void {
    const nowMs = this.#clock.nowMs();
    for (const [importId, { expiresAtMs }] of this.#imports) {
      if (expiresAtMs <= nowMs) {
        this.#imports.delete(importId);
      }
    }
  }
}
