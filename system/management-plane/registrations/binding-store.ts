/**
 * Writes registrations behind: changes are gathered and stored together, so that a thousand phones
 * that register at once are one transaction. What a crash loses is at most the last gathering; such
 * phones are back with their next refresh.
 */
import type { BindingRecord, CallPlaneEvents } from '../../bus/contract.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import { inChunks } from '../storage/column-value.ts';
import { WriteBehind } from '../storage/write-behind.ts';
import { bindingKey } from './binding-key.ts';
import type { RegistrationDatabase } from './registration-tables.ts';

export interface BindingStoreOptions {
  readonly database: RegistrationDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
}

type Change =
  | { readonly kind: 'stored'; readonly binding: BindingRecord }
  | { readonly kind: 'removed'; readonly userId: string; readonly contact: string };

/** The call plane has gathered them before. */
const gatherMs = 100;
const columns = 4;

export class BindingStore {
  readonly #database: RegistrationDatabase;
  readonly #clock: Clock;
  readonly #writer: WriteBehind;
  /** The latest change of each binding: bounded by the number of phones. */
  #changes = new Map<string, Change>();

  constructor(options: BindingStoreOptions) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#writer = new WriteBehind({
      ...options,
      name: 'Registrations',
      gatherMs,
      write: () => this.#write(),
    });
  }

  /** Bindings that have not expired; what has is deleted. */
  async load(): Promise<BindingRecord[]> {
    const nowMs = this.#clock.wallMs();
    await this.#database.queries
      .deleteFrom('bindings')
      .where('expires_at_ms', '<=', nowMs)
      .execute();
    const rows = await this.#database.queries.selectFrom('bindings').select('document').execute();
    return rows.map((row) => JSON.parse(row.document) as BindingRecord);
  }

  change({ updated, removed }: CallPlaneEvents['bindings.changed']): void {
    for (const binding of updated) {
      this.#changes.set(bindingKey(binding), { kind: 'stored', binding });
    }
    for (const { userId, contact } of removed) {
      this.#changes.set(bindingKey({ userId, contact }), { kind: 'removed', userId, contact });
    }
    this.#writer.note();
  }

  /** Makes the file hold exactly these: after the two planes had lost sight of each other. */
  async replaceAll(bindings: readonly BindingRecord[]): Promise<void> {
    this.#changes.clear();
    await this.#database.transaction(async (transaction) => {
      await transaction.deleteFrom('bindings').execute();
      for (const chunk of inChunks(bindings, columns)) {
        await transaction.insertInto('bindings').values(chunk.map(toRow)).execute();
      }
    });
  }

  /** Resolves when all changes so far are written; never rejects: the next flush tries again. */
  flush(): Promise<void> {
    return this.#writer.flush();
  }

  async #write(): Promise<void> {
    const changes = this.#changes;
    if (changes.size === 0) {
      return;
    }
    this.#changes = new Map();
    try {
      await this.#store([...changes.values()]);
    } catch (error) {
      // What came meanwhile is newer.
      this.#changes = new Map([...changes, ...this.#changes]);
      throw error;
    }
  }

  async #store(changes: readonly Change[]): Promise<void> {
    const stored = changes.flatMap((change) => (change.kind === 'stored' ? [change.binding] : []));
    await this.#database.transaction(async (transaction) => {
      for (const change of changes) {
        if (change.kind === 'removed') {
          await transaction
            .deleteFrom('bindings')
            .where('user_id', '=', change.userId)
            .where('contact', '=', change.contact)
            .execute();
        }
      }
      for (const chunk of inChunks(stored, columns)) {
        await transaction
          .insertInto('bindings')
          .values(chunk.map(toRow))
          .onConflict((conflict) =>
            conflict.columns(['user_id', 'contact']).doUpdateSet((set) => ({
              document: set.ref('excluded.document'),
              expires_at_ms: set.ref('excluded.expires_at_ms'),
            })),
          )
          .execute();
      }
    });
  }
}

function toRow(binding: BindingRecord) {
  return {
    user_id: binding.userId,
    contact: binding.contact,
    document: JSON.stringify(binding),
    expires_at_ms: binding.expiresAtMs,
  };
}
