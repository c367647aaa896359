/** Which device is, or is to be, registered at which service: survives restarts. */
import type { RedirectionServiceName } from '../../configuration/entities/redirection-service.ts';
import type { DoorsDatabase, RedirectionRow } from '../device-access/doors-tables.ts';
import { inChunks } from '../storage/column-value.ts';

export type RedirectionWish = 'registered' | 'removed';
export type RedirectionState = 'waiting' | 'registered' | 'removed' | 'failed';

export interface Redirection {
  readonly service: RedirectionServiceName;
  readonly mac: string;
  readonly wish: RedirectionWish;
  readonly state: RedirectionState;
  readonly serial: string | undefined;
  readonly error: string | undefined;
  readonly attempts: number;
  readonly nextAtMs: number | undefined;
  readonly changedAtMs: number;
  readonly tokenHash: string | undefined;
  readonly tokenUntilMs: number | undefined;
}

export class RedirectionStore {
  readonly #database: DoorsDatabase;

  constructor(database: DoorsDatabase) {
    this.#database = database;
  }

  async all(filter: {
    readonly service?: RedirectionServiceName | undefined;
    readonly mac?: string | undefined;
  }): Promise<readonly Redirection[]> {
    let query = this.#database.queries.selectFrom('redirections').selectAll();
    if (filter.service !== undefined) {
      query = query.where('service', '=', filter.service);
    }
    if (filter.mac !== undefined) {
      query = query.where('mac', '=', filter.mac);
    }
    return (await query.orderBy('mac').orderBy('service').execute()).map(toRedirection);
  }

  async find(
    service: RedirectionServiceName,
    macs: readonly string[],
  ): Promise<ReadonlyMap<string, Redirection>> {
    const found = new Map<string, Redirection>();
    for (const chunk of inChunks(macs)) {
      const rows = await this.#database.queries
        .selectFrom('redirections')
        .selectAll()
        .where('service', '=', service)
        .where('mac', 'in', chunk)
        .execute();
      for (const row of rows) {
        found.set(row.mac, toRedirection(row));
      }
    }
    return found;
  }

  /** Due now, longest waiting first. */
  async due(
    service: RedirectionServiceName,
    nowMs: number,
    limit: number,
  ): Promise<readonly Redirection[]> {
    const rows = await this.#database.queries
      .selectFrom('redirections')
      .selectAll()
      .where('service', '=', service)
      .where('next_at_ms', '<=', nowMs)
      .orderBy('next_at_ms')
      .limit(limit)
      .execute();
    return rows.map(toRedirection);
  }

  /** Undefined when nothing waits. */
  async nextAtMs(services: readonly RedirectionServiceName[]): Promise<number | undefined> {
    if (services.length === 0) {
      return undefined;
    }
    const row = await this.#database.queries
      .selectFrom('redirections')
      .select((select) => select.fn.min('next_at_ms').as('next'))
      .where('service', 'in', services)
      .executeTakeFirst();
    return row?.next ?? undefined;
  }

  async put(redirections: readonly Redirection[]): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      for (const redirection of redirections) {
        const row = toRow(redirection);
        await transaction
          .insertInto('redirections')
          .values(row)
          .onConflict((conflict) => conflict.columns(['service', 'mac']).doUpdateSet(row))
          .execute();
      }
    });
  }

  async delete(service: RedirectionServiceName, macs: readonly string[]): Promise<void> {
    for (const chunk of inChunks(macs)) {
      await this.#database.queries
        .deleteFrom('redirections')
        .where('service', '=', service)
        .where('mac', 'in', chunk)
        .execute();
    }
  }

  /** The device has its own token: its address at the services is not renewed any more. */
  async forgetToken(mac: string): Promise<void> {
    await this.#database.queries
      .updateTable('redirections')
      .set({ token_hash: null, token_until_ms: null, next_at_ms: null })
      .where('mac', '=', mac)
      .where('state', '=', 'registered')
      .execute();
  }
}

function toRedirection(row: RedirectionRow): Redirection {
  return {
    service: row.service as RedirectionServiceName,
    mac: row.mac,
    wish: row.wish as RedirectionWish,
    state: row.state as RedirectionState,
    serial: row.serial ?? undefined,
    error: row.error ?? undefined,
    attempts: row.attempts,
    nextAtMs: row.next_at_ms ?? undefined,
    changedAtMs: row.changed_at_ms,
    tokenHash: row.token_hash ?? undefined,
    tokenUntilMs: row.token_until_ms ?? undefined,
  };
}

function toRow(redirection: Redirection): RedirectionRow {
  return {
    service: redirection.service,
    mac: redirection.mac,
    wish: redirection.wish,
    state: redirection.state,
    serial: redirection.serial ?? null,
    error: redirection.error?.slice(0, 300) ?? null,
    attempts: redirection.attempts,
    next_at_ms: redirection.nextAtMs ?? null,
    changed_at_ms: redirection.changedAtMs,
    token_hash: redirection.tokenHash ?? null,
    token_until_ms: redirection.tokenUntilMs ?? null,
  };
}
