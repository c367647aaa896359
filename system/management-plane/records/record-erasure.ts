/**
 * Erases what finished calls tell of users who were deleted: of the calls that are stored, and of
 * those that end later. The calls themselves stay, for the other side.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import type { Clock } from '../../foundation/clock.ts';
import type { CallRecord } from '../../records/call-record.ts';
import { inChunks, toSqlBoolean } from '../storage/column-value.ts';
import { eraseUser } from './erase-user.ts';
import { CallInsert } from './call-insert.ts';
import { fromRows, toCallRow } from './record-rows.ts';
import type { RecordsDatabase, RecordsTables } from './records-tables.ts';

/** How many calls one step takes, so that other work goes on in between. */
const callsPerStep = 500;

export class RecordErasure {
  readonly #database: RecordsDatabase;
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #insert: CallInsert;
  readonly #erasedUsers = new Set<string>();

  private constructor(database: RecordsDatabase, clock: Pick<Clock, 'wallMs'>) {
    this.#database = database;
    this.#insert = new CallInsert(database);
    this.#clock = clock;
  }

  /** Also finishes what a crash interrupted. */
  static async open(
    database: RecordsDatabase,
    clock: Pick<Clock, 'wallMs'>,
  ): Promise<RecordErasure> {
    const erasure = new RecordErasure(database, clock);
    const erased = await database.queries.selectFrom('erased_users').selectAll().execute();
    for (const { user_id } of erased) {
      erasure.#erasedUsers.add(user_id);
    }
    await erasure.#eraseStored(
      erased.filter(({ is_done }) => is_done === 0).map(({ user_id }) => user_id),
    );
    return erasure;
  }

  /**
   * Erases what calls tell of these users, also of calls that end later. Survives a crash half way:
   * `open` goes on. Afterwards nothing of it is left in the database's files.
   */
  async erase(userIds: readonly string[]): Promise<void> {
    const atMs = this.#clock.wallMs();
    for (const chunk of inChunks(userIds)) {
      await this.#database.queries
        .replaceInto('erased_users')
        .values(chunk.map((user_id) => ({ user_id, at_ms: atMs, is_done: 0 as const })))
        .execute();
    }
    for (const userId of userIds) {
      this.#erasedUsers.add(userId);
    }
    await this.#eraseStored(userIds);
  }

  async #eraseStored(userIds: readonly string[]): Promise<void> {
    if (userIds.length === 0) {
      return;
    }
    for (const userId of userIds) {
      for (;;) {
        const ids = await this.#findCallsOf(userId);
        if (ids.length === 0) {
          break;
        }
        await this.#database.transaction((transaction) =>
          eraseCalls(transaction, this.#insert, ids, userId),
        );
        await nextTurn();
      }
      await this.#database.queries
        .updateTable('erased_users')
        .set({ is_done: toSqlBoolean(true) })
        .where('user_id', '=', userId)
        .execute();
    }
    await this.#database.flushDeleted();
  }

  async #findCallsOf(userId: string): Promise<number[]> {
    const rows = await this.#database.queries
      .selectFrom('call_records')
      .select('id')
      .where('caller_user_id', '=', userId)
      .union((select) =>
        select.selectFrom('call_records').select('id').where('callee_user_id', '=', userId),
      )
      .union((select) =>
        select.selectFrom('call_legs').select('call_id as id').where('user_id', '=', userId),
      )
      .limit(callsPerStep)
      .execute();
    return rows.map((row) => row.id);
  }

  /** The record as it may be stored. */
  withoutErased(record: CallRecord): CallRecord {
    let kept = record;
    if (this.#erasedUsers.size > 0) {
      const involved = [record.caller, record.callee, ...record.legs];
      for (const { userId } of involved) {
        if (userId !== undefined && this.#erasedUsers.has(userId)) {
          kept = eraseUser(kept, userId);
        }
      }
    }
    return kept;
  }
}

async function eraseCalls(
  transaction: Transaction<RecordsTables>,
  insert: CallInsert,
  ids: readonly number[],
  userId: string,
): Promise<void> {
  const rows = await transaction
    .selectFrom('call_records')
    .selectAll()
    .where('id', 'in', ids)
    .execute();
  const legs = await transaction
    .selectFrom('call_legs')
    .selectAll()
    .where('call_id', 'in', ids)
    .orderBy('call_id')
    .orderBy('position')
    .execute();
  const legsByCall = Map.groupBy(legs, (leg) => leg.call_id);
  await transaction.deleteFrom('call_legs').where('call_id', 'in', ids).execute();
  await transaction.deleteFrom('call_records').where('id', 'in', ids).execute();
  for (const row of rows) {
    const erased = eraseUser(fromRows(row, legsByCall.get(row.id) ?? []), userId);
    insert.run(toCallRow(row.id, erased), erased.legs);
  }
}
