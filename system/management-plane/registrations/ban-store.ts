/**
 * Keeps the bans of SIP over a restart of the daemon. Bans come one by one, in an attack from many
 * addresses some hundred in a second: they are gathered and stored together.
 */
import type { CallPlaneEvents, SourceBan } from '../../bus/contract.ts';
import type { ManagementPlaneBus } from '../../bus/ends.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import { inChunks } from '../storage/column-value.ts';
import { WriteBehind } from '../storage/write-behind.ts';
import type { RegistrationDatabase } from './registration-tables.ts';

export interface BanStoreOptions {
  readonly database: RegistrationDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
}

const gatherMs = 500;
/** As many as the call plane knows at once; of more the ones that end first are forgotten. */
const mostBans = 10_000;
/** Of the bus contract. */
const bansPerRequest = 500;
const columns = 4;

export class BanStore {
  readonly #database: RegistrationDatabase;
  readonly #clock: Clock;
  readonly #writer: WriteBehind;
  /** By address: its ban, or that it was lifted. Bounded like the bans. */
  #changes = new Map<string, SourceBan | 'lifted'>();

  constructor(options: BanStoreOptions) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#writer = new WriteBehind({
      ...options,
      name: 'Blocked addresses',
      gatherMs,
      write: () => this.#write(),
    });
  }

  /** Gives the call plane what was stored. Returns how many. Rejects with BusError or StorageError. */
  async restore(bus: Pick<ManagementPlaneBus, 'request'>): Promise<number> {
    const rows = await this.#database.queries
      .selectFrom('bans')
      .selectAll()
      .where('ends_at_ms', '>', this.#clock.wallMs())
      .orderBy('ends_at_ms', 'desc')
      .limit(mostBans)
      .execute();
    let restored = 0;
    for (let start = 0; start < rows.length; start += bansPerRequest) {
      const bans = rows.slice(start, start + bansPerRequest).map((row) => ({
        address: row.address,
        offence: row.offence,
        bannedAtMs: row.banned_at_ms,
        endsAtMs: row.ends_at_ms,
      }));
      restored += (await bus.request('bans.restore', { bans })).restored;
    }
    return restored;
  }

  /** After a restart of the management plane alone: stores what the call plane has. */
  async follow(bus: Pick<ManagementPlaneBus, 'request'>): Promise<number> {
    const { bans } = await bus.request('bans.list', { limit: mostBans });
    await this.#database.queries.deleteFrom('bans').execute();
    this.change({ banned: bans, lifted: [] });
    await this.flush();
    return bans.length;
  }

  change({ banned, lifted }: CallPlaneEvents['bans.changed']): void {
    for (const ban of banned) {
      this.#changes.set(ban.address, ban);
    }
    for (const address of lifted) {
      this.#changes.set(address, 'lifted');
    }
    this.#writer.note();
  }

  /** Resolves when all changes so far are written; never rejects: a ban that is lost comes again. */
  flush(): Promise<void> {
    return this.#writer.flush();
  }

  async #write(): Promise<void> {
    const changes = this.#changes;
    if (changes.size === 0) {
      return;
    }
    this.#changes = new Map();
    const banned = [...changes.values()].filter((change) => change !== 'lifted');
    await this.#database.transaction(async (transaction) => {
      for (const addresses of inChunks([...changes.keys()], 1)) {
        await transaction.deleteFrom('bans').where('address', 'in', addresses).execute();
      }
      for (const chunk of inChunks(banned, columns)) {
        await transaction.insertInto('bans').values(chunk.map(toRow)).execute();
      }
      await transaction
        .deleteFrom('bans')
        .where('ends_at_ms', '<=', this.#clock.wallMs())
        .execute();
    });
  }
}

function toRow(ban: SourceBan) {
  return {
    address: ban.address,
    offence: ban.offence,
    banned_at_ms: ban.bannedAtMs,
    ends_at_ms: ban.endsAtMs,
  };
}
