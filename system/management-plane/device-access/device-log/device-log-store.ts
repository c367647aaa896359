/** Lines of devices on the disk, bounded by device and in all: the oldest go first. */
import { sql, type SelectQueryBuilder } from 'kysely';
import type { Clock } from '../../../foundation/clock.ts';
import type { Page } from '../../configuration-store/configuration-store.ts';
import { inChunks, likeAnywhere } from '../../storage/column-value.ts';
import type { DeviceLogDatabase, DeviceLogTables, LogLineRow } from './device-log-tables.ts';

export interface LogBounds {
  readonly perDeviceBytes: number;
  readonly allBytes: number;
}

export interface LogFilter {
  readonly mac: string;
  /** Every word must occur in program, host or text; ASCII letters match in either case. */
  readonly words: readonly string[];
  /** 0 to 7: less important lines are left out. */
  readonly leastSeverity: number;
}

export type StoredLogLine = Required<LogLineRow>;

/** Of a row beside its text. */
const rowBytes = 60;
/** What is over a bound goes together with a tenth more, so that not every line deletes one. */
const keptShare = 0.9;
const chunkRows = 1_000;

type Selection<Row> = SelectQueryBuilder<DeviceLogTables, 'log_lines', Row>;

export class DeviceLogStore {
  readonly #database: DeviceLogDatabase;
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #bytes = new Map<string, number>();
  #allBytes = 0;
  /** One change after the other. */
  #changing: Promise<unknown> = Promise.resolve();

  static async open(
    database: DeviceLogDatabase,
    clock: Pick<Clock, 'wallMs'>,
  ): Promise<DeviceLogStore> {
    const store = new DeviceLogStore(database, clock);
    await store.#count();
    return store;
  }

  private constructor(database: DeviceLogDatabase, clock: Pick<Clock, 'wallMs'>) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Resolves when they are on the disk and the bounds hold again. */
  add(lines: readonly Omit<LogLineRow, 'id' | 'size_bytes'>[], bounds: LogBounds): Promise<void> {
    return this.#change(async () => {
      const rows = lines.map((line) => ({ ...line, size_bytes: sizeOf(line) }));
      await this.#database.transaction(async (transaction) => {
        for (const chunk of inChunks(rows, 9)) {
          await transaction.insertInto('log_lines').values(chunk).execute();
        }
      });
      for (const { mac, size_bytes: size } of rows) {
        this.#note(mac, size);
      }
      for (const mac of new Set(rows.map((row) => row.mac))) {
        await this.#keepWithin(bounds.perDeviceBytes, () => this.#bytes.get(mac) ?? 0, mac);
      }
      await this.#keepWithin(bounds.allBytes, () => this.#allBytes);
    });
  }

  /** Newest first. */
  async list(
    filter: LogFilter,
    { page, pageSize }: { readonly page: number; readonly pageSize: number },
  ): Promise<Page<StoredLogLine>> {
    const matching = narrow(this.#database.queries.selectFrom('log_lines'), filter);
    const { total } = await matching
      .select((select) => select.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    const items = await matching
      .selectAll()
      .orderBy('id', 'desc')
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute();
    return { items: items as StoredLogLine[], total };
  }

  /** Oldest first; other work goes on between the pieces. */
  async *iterate(filter: LogFilter): AsyncGenerator<StoredLogLine> {
    let after = 0;
    for (;;) {
      const rows = (await narrow(this.#database.queries.selectFrom('log_lines'), filter)
        .selectAll()
        .where('id', '>', after)
        .orderBy('id')
        .limit(chunkRows)
        .execute()) as StoredLogLine[];
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < chunkRows) {
        return;
      }
      after = last.id;
    }
  }

  /** All lines of the device; resolves when none of them is in any file any more. */
  clear(mac: string): Promise<void> {
    return this.#change(async () => {
      await this.#database.queries.deleteFrom('log_lines').where('mac', '=', mac).execute();
      this.#note(mac, -(this.#bytes.get(mac) ?? 0));
      await this.#database.flushDeleted();
    });
  }

  /** What is older than that, and what devices wrote that are gone. */
  sweep(keepMs: number, isKnown: (mac: string) => boolean): Promise<void> {
    return this.#change(async () => {
      const gone = [...this.#bytes.keys()].filter((mac) => !isKnown(mac));
      const { queries } = this.#database;
      for (const macs of inChunks(gone)) {
        await queries.deleteFrom('log_lines').where('mac', 'in', macs).execute();
      }
      const sinceMs = this.#clock.wallMs() - keepMs;
      await queries.deleteFrom('log_lines').where('at_ms', '<', sinceMs).execute();
      await this.#count();
    });
  }

  #change(work: () => Promise<void>): Promise<void> {
    const changing = this.#changing.then(work);
    this.#changing = changing.catch(() => undefined);
    return changing;
  }

  async #count(): Promise<void> {
    const rows = await this.#database.queries
      .selectFrom('log_lines')
      .select((select) => ['mac', select.fn.sum<number>('size_bytes').as('bytes')])
      .groupBy('mac')
      .execute();
    this.#bytes.clear();
    this.#allBytes = 0;
    for (const { mac, bytes } of rows) {
      this.#note(mac, bytes);
    }
  }

  #note(mac: string, bytes: number): void {
    const left = (this.#bytes.get(mac) ?? 0) + bytes;
    this.#allBytes += bytes;
    if (left > 0) {
      this.#bytes.set(mac, left);
    } else {
      this.#bytes.delete(mac);
    }
  }

  /** Without `mac` the oldest of all devices. */
  async #keepWithin(bytes: number, counted: () => number, mac?: string): Promise<void> {
    if (counted() <= bytes) {
      return;
    }
    while (counted() > bytes * keptShare) {
      const rows = await this.#database.queries
        .selectFrom('log_lines')
        .select(['id', 'mac', 'size_bytes'])
        .$if(mac !== undefined, (query) => query.where('mac', '=', mac ?? ''))
        .orderBy('id')
        .limit(chunkRows)
        .execute();
      if (rows.length === 0) {
        return;
      }
      const gone: number[] = [];
      for (const { id, mac: owner, size_bytes: size } of rows) {
        if (counted() <= bytes * keptShare) {
          break;
        }
        gone.push(id ?? 0);
        this.#note(owner, -size);
      }
      await this.#database.queries.deleteFrom('log_lines').where('id', 'in', gone).execute();
    }
  }
}

function narrow<Row>(
  rows: Selection<Row>,
  { mac, words, leastSeverity }: LogFilter,
): Selection<Row> {
  let narrowed = rows.where('mac', '=', mac);
  if (leastSeverity < 7) {
    narrowed = narrowed.where('severity', '<=', leastSeverity);
  }
  for (const word of words) {
    const searched = sql`app || ' ' || host || ' ' || text`;
    narrowed = narrowed.where(sql<boolean>`${searched} like ${likeAnywhere(word)} escape '!'`);
  }
  return narrowed;
}

function sizeOf({ stamp, host, app, text }: Omit<LogLineRow, 'id' | 'size_bytes'>): number {
  return rowBytes + Buffer.byteLength(text) + stamp.length + host.length + app.length;
}
