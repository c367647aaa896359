/**
 * Keeps the records of finished calls: stores them in batches, lists and exports them, deletes what
 * is old, and erases what they tell of a person.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql, type SelectQueryBuilder } from 'kysely';
import type { Clock } from '../../foundation/clock.ts';
import type { CallOutcome, CallRecord } from '../../records/call-record.ts';
import type { Page } from '../configuration-store/configuration-store.ts';
import { toSearchWords } from '../configuration-store/search-text.ts';
import { likeAnywhere } from '../storage/column-value.ts';
import { CallInsert } from './call-insert.ts';
import { RecordErasure } from './record-erasure.ts';
import { fromRows, toCallRow } from './record-rows.ts';
import type { CallRow, RecordsDatabase, RecordsTables } from './records-tables.ts';

export const recordSortKeys = [
  'startedAt',
  'durationSec',
  'callerNumber',
  'calleeNumber',
  'outcome',
] as const;
export type RecordSortKey = (typeof recordSortKeys)[number];

export interface RecordFilter {
  /** Calls that began at this instant or later. */
  readonly fromMs?: number | undefined;
  /** Calls that began before this instant. */
  readonly toMs?: number | undefined;
  /** Words, each in a number or name of either side. */
  readonly party?: string | undefined;
  readonly outcome?: CallOutcome | undefined;
  /** Calls that this user made or that were for this user. */
  readonly userId?: string | undefined;
}

export interface RecordQuery extends RecordFilter {
  readonly sort: RecordSortKey;
  readonly direction: 'asc' | 'desc';
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

/** A call as lists show it. */
export interface HourOfCalls {
  readonly fromMs: number;
  readonly answered: number;
  /** However else they ended. */
  readonly missed: number;
}

export interface CallSummary {
  readonly callRef: string;
  readonly callerUserId: string | undefined;
  readonly callerNumber: string;
  readonly callerName: string;
  readonly calleeUserId: string | undefined;
  readonly calleeNumber: string;
  readonly calleeName: string;
  readonly startedAtMs: number;
  readonly answeredAtMs: number | undefined;
  readonly endedAtMs: number;
  /** From answer to end; 0 when never answered. */
  readonly talkMs: number;
  readonly outcome: CallOutcome;
  readonly hangupSide: CallRecord['hangupSide'];
  readonly sipStatus: number;
  readonly mediaMode: CallRecord['mediaMode'];
  /** The worse of the legs' estimates; undefined when unknown. */
  readonly mos: number | undefined;
}

export interface RecordStoreOptions {
  readonly database: RecordsDatabase;
  readonly clock: Pick<Clock, 'wallMs'>;
}

/** How many calls one step of a long job takes, so that other work goes on in between. */
const callsPerStep = 500;

const columnOfSortKey: Readonly<Record<RecordSortKey, keyof CallRow>> = {
  startedAt: 'started_at_ms',
  durationSec: 'talk_ms',
  callerNumber: 'caller_number',
  calleeNumber: 'callee_number',
  outcome: 'outcome',
};

const summaryColumns = [
  'id',
  'call_ref',
  'caller_user_id',
  'caller_number',
  'caller_name',
  'callee_user_id',
  'callee_number',
  'callee_name',
  'started_at_ms',
  'answered_at_ms',
  'ended_at_ms',
  'talk_ms',
  'outcome',
  'hangup_side',
  'sip_status',
  'media_mode',
  'mos',
] as const;
type SummaryRow = Pick<CallRow, (typeof summaryColumns)[number]>;

const hourMs = 3_600_000;

export class RecordStore {
  readonly #database: RecordsDatabase;
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #erasure: RecordErasure;
  readonly #insert: CallInsert;

  private constructor(options: RecordStoreOptions, erasure: RecordErasure) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#erasure = erasure;
    this.#insert = new CallInsert(options.database);
  }

  /** Also finishes erasures that a crash interrupted. */
  static async open(options: RecordStoreOptions): Promise<RecordStore> {
    const erasure = await RecordErasure.open(options.database, options.clock);
    return new RecordStore(options, erasure);
  }

  /**
   * Stores finished calls in one transaction; those that are there already are left as they are.
   * Returns how many were new.
   */
  async add(records: readonly CallRecord[]): Promise<number> {
    return this.#database.transaction(async (transaction) => {
      const { last } = await transaction
        .selectFrom('call_records')
        .select((select) => select.fn.max<number | null>('id').as('last'))
        .executeTakeFirstOrThrow();
      let added = 0;
      for (const record of records) {
        const kept = this.#erasure.withoutErased(record);
        const call = toCallRow((last ?? 0) + added + 1, kept);
        added += this.#insert.run(call, kept.legs) ? 1 : 0;
      }
      return added;
    });
  }

  /** Keeps what cannot be stored as a call, for whoever looks into it. */
  async reject(entry: string, reason: string): Promise<void> {
    await this.#database.queries
      .insertInto('rejected_records')
      .values({ at_ms: this.#clock.wallMs(), reason: reason.slice(0, 500), entry })
      .execute();
  }

  async list(query: RecordQuery): Promise<Page<CallSummary>> {
    const { queries } = this.#database;
    const { total } = await narrow(queries.selectFrom('call_records'), query)
      .select((select) => select.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    const rows = await narrow(queries.selectFrom('call_records'), query)
      .select(summaryColumns)
      .orderBy(columnOfSortKey[query.sort], query.direction)
      .orderBy('id', query.direction)
      .limit(query.pageSize)
      .offset((query.page - 1) * query.pageSize)
      .execute();
    return { items: rows.map(toSummary), total };
  }

  /**
   * Calls that began in each of `hours` hours from `fromMs` on, the first first; one query over the
   * index of their time.
   */
  async countByHour(fromMs: number, hours: number): Promise<readonly HourOfCalls[]> {
    const index = sql<number>`cast((started_at_ms - ${fromMs}) / ${hourMs} as integer)`;
    const rows = await this.#database.queries
      .selectFrom('call_records')
      .select((select) => [index.as('hour'), 'outcome', select.fn.countAll<number>().as('calls')])
      .where('started_at_ms', '>=', fromMs)
      .where('started_at_ms', '<', fromMs + hours * hourMs)
      .groupBy([index, 'outcome'])
      .execute();
    return Array.from({ length: hours }, (_, hour) => {
      const count = (isAnswered: boolean): number =>
        rows
          .filter((row) => row.hour === hour && (row.outcome === 'answered') === isAnswered)
          .reduce((sum, { calls }) => sum + calls, 0);
      return { fromMs: fromMs + hour * hourMs, answered: count(true), missed: count(false) };
    });
  }

  /** One call with legs, quality and story. */
  async find(callRef: string): Promise<CallRecord | undefined> {
    const { queries } = this.#database;
    const row = await queries
      .selectFrom('call_records')
      .selectAll()
      .where('call_ref', '=', callRef)
      .executeTakeFirst();
    if (row === undefined) {
      return undefined;
    }
    const legs = await queries
      .selectFrom('call_legs')
      .selectAll()
      .where('call_id', '=', row.id)
      .orderBy('position')
      .execute();
    return fromRows(row, legs);
  }

  /**
   * The calls that fit, newest first, at most `limit`: page after page by key, so that nothing is
   * held in memory and calls that end meanwhile do not shift the rest.
   */
  async *iterate(filter: RecordFilter, limit: number): AsyncGenerator<CallSummary> {
    let given = 0;
    let last: SummaryRow | undefined;
    while (given < limit) {
      let page = narrow(this.#database.queries.selectFrom('call_records'), filter);
      if (last !== undefined) {
        const { started_at_ms, id } = last;
        page = page.where((where) =>
          where.or([
            where('started_at_ms', '<', started_at_ms),
            where.and([where('started_at_ms', '=', started_at_ms), where('id', '<', id)]),
          ]),
        );
      }
      const rows = await page
        .select(summaryColumns)
        .orderBy('started_at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(Math.min(callsPerStep, limit - given))
        .execute();
      if (rows.length === 0) {
        return;
      }
      for (const row of rows) {
        yield toSummary(row);
      }
      given += rows.length;
      last = rows.at(-1);
      await nextTurn();
    }
  }

  /** Deletes calls that began before `beforeMs`, step by step. Returns how many. */
  async deleteBefore(beforeMs: number): Promise<number> {
    let deleted = 0;
    for (;;) {
      const rows = await this.#database.queries
        .selectFrom('call_records')
        .select('id')
        .where('started_at_ms', '<', beforeMs)
        .limit(callsPerStep)
        .execute();
      const ids = rows.map((row) => row.id);
      if (ids.length === 0) {
        return deleted;
      }
      await this.#database.transaction(async (transaction) => {
        await transaction.deleteFrom('call_legs').where('call_id', 'in', ids).execute();
        await transaction.deleteFrom('call_records').where('id', 'in', ids).execute();
      });
      deleted += ids.length;
      await nextTurn();
    }
  }

  /** See RecordErasure. */
  async erase(userIds: readonly string[]): Promise<void> {
    await this.#erasure.erase(userIds);
  }
}

function narrow<Selection>(
  query: SelectQueryBuilder<RecordsTables, 'call_records', Selection>,
  filter: RecordFilter,
): SelectQueryBuilder<RecordsTables, 'call_records', Selection> {
  const { fromMs, toMs, outcome, userId } = filter;
  let narrowed = query;
  if (fromMs !== undefined) {
    narrowed = narrowed.where('started_at_ms', '>=', fromMs);
  }
  if (toMs !== undefined) {
    narrowed = narrowed.where('started_at_ms', '<', toMs);
  }
  if (outcome !== undefined) {
    narrowed = narrowed.where('outcome', '=', outcome);
  }
  if (userId !== undefined) {
    narrowed = narrowed.where((where) =>
      where.or([where('caller_user_id', '=', userId), where('callee_user_id', '=', userId)]),
    );
  }
  for (const word of toSearchWords(filter.party)) {
    narrowed = narrowed.where(sql<boolean>`search_text like ${likeAnywhere(word)} escape '!'`);
  }
  return narrowed;
}

function toSummary(row: SummaryRow): CallSummary {
  return {
    callRef: row.call_ref,
    callerUserId: row.caller_user_id ?? undefined,
    callerNumber: row.caller_number,
    callerName: row.caller_name,
    calleeUserId: row.callee_user_id ?? undefined,
    calleeNumber: row.callee_number,
    calleeName: row.callee_name,
    startedAtMs: row.started_at_ms,
    answeredAtMs: row.answered_at_ms ?? undefined,
    endedAtMs: row.ended_at_ms,
    talkMs: row.talk_ms,
    outcome: row.outcome,
    hangupSide: row.hangup_side,
    sipStatus: row.sip_status,
    mediaMode: row.media_mode,
    mos: row.mos ?? undefined,
  };
}
