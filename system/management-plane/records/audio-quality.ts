/** Mean opinion scores of users' own legs in stored calls: how their phones sounded over time. */
import { inChunks } from '../storage/column-value.ts';
import type { LegMedia } from '../../records/call-record.ts';
import type { RecordsDatabase } from './records-tables.ts';

export interface LegQuality {
  readonly userId: string;
  readonly userAgent: string | undefined;
  readonly startedAtMs: number;
  /** 1 to 4.5 */
  readonly mos: number;
}

/** So many calls of one chunk of users at most, the newest first. */
const maximumCalls = 1_000;

export class AudioQuality {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** Legs of these users in calls that began at this instant or later, as far as audio was measured. */
  async legsOf(userIds: readonly string[], fromMs: number): Promise<readonly LegQuality[]> {
    const found: LegQuality[] = [];
    for (const chunk of inChunks(userIds)) {
      for (const side of ['caller_user_id', 'callee_user_id'] as const) {
        const calls = await this.#database.queries
          .selectFrom('call_records')
          .select('id')
          .where(side, 'in', chunk)
          .where('started_at_ms', '>=', fromMs)
          .where('mos', 'is not', null)
          .orderBy('id', 'desc')
          .limit(maximumCalls)
          .execute();
        for (const ids of inChunks(calls.map(({ id }) => id))) {
          found.push(...(await this.#readLegs(ids, chunk)));
        }
      }
    }
    return found;
  }

  async #readLegs(
    callIds: readonly number[],
    userIds: readonly string[],
  ): Promise<readonly LegQuality[]> {
    const rows = await this.#database.queries
      .selectFrom('call_legs')
      .select(['user_id', 'user_agent', 'started_at_ms', 'media'])
      .where('call_id', 'in', callIds)
      .where('media', 'is not', null)
      .execute();
    return rows.flatMap(({ user_id: userId, user_agent, started_at_ms, media }) => {
      if (userId === null || media === null || !userIds.includes(userId)) {
        return [];
      }
      const { mos } = JSON.parse(media) as LegMedia;
      return mos === undefined
        ? []
        : [{ userId, userAgent: user_agent ?? undefined, startedAtMs: started_at_ms, mos }];
    });
  }
}
