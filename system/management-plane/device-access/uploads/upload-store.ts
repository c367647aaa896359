/**
 * What devices stored: facts in the database, contents in files named by their hash, outside of every
 * folder that is served. Bounded by device and in all; the oldest goes first.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../foundation/clock.ts';
import { randomId } from '../../../foundation/ids.ts';
import type { DoorsDatabase, UploadRow } from '../doors-tables.ts';
import type { UploadName } from './classify-upload.ts';

export interface UploadBounds {
  readonly perDeviceBytes: number;
  readonly perDeviceCount: number;
  readonly allBytes: number;
  readonly keepMs: number;
}

/** Of one name so many are kept; of what a device reads back the newest only. */
const versionsKept = 5;

export class UploadStore {
  readonly #database: DoorsDatabase;
  readonly #folder: string;
  readonly #clock: Pick<Clock, 'wallMs'>;
  /** One write after the other: bounds hold for two uploads at once. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(database: DoorsDatabase, dataDirectory: string, clock: Pick<Clock, 'wallMs'>) {
    this.#database = database;
    this.#folder = join(dataDirectory, 'uploads');
    this.#clock = clock;
  }

  /** Resolves with its id once it is on the disk. */
  add(
    mac: string,
    { name, kind }: UploadName,
    content: Buffer,
    address: string,
    bounds: UploadBounds,
  ): Promise<string> {
    const adding = this.#writing.then(async () => {
      const digest = createHash('sha256').update(content).digest('hex');
      await this.#writeContent(digest, content);
      const id = randomId();
      await this.#database.queries
        .insertInto('uploads')
        .values({
          id,
          mac,
          name,
          kind,
          size_bytes: content.length,
          digest,
          at_ms: this.#clock.wallMs(),
          address,
        })
        .execute();
      await this.#keepWithin(mac, name, kind === 'override' ? 1 : versionsKept, bounds);
      return id;
    });
    this.#writing = adding.catch(() => undefined);
    return adding;
  }

  /** Newest first. */
  async list(mac: string): Promise<readonly UploadRow[]> {
    return this.#database.queries
      .selectFrom('uploads')
      .selectAll()
      .where('mac', '=', mac)
      .orderBy('at_ms', 'desc')
      .orderBy('id')
      .execute();
  }

  async find(mac: string, id: string): Promise<UploadRow | undefined> {
    return (await this.list(mac)).find((row) => row.id === id);
  }

  async findOverride(mac: string, name: string): Promise<UploadRow | undefined> {
    const folded = name.toLowerCase();
    return (await this.list(mac)).find(
      (row) => row.kind === 'override' && row.name.toLowerCase() === folded,
    );
  }

  read({ digest }: UploadRow): Promise<Buffer> {
    return readFile(this.#pathOf(digest));
  }

  delete(rows: readonly UploadRow[]): Promise<void> {
    const deleting = this.#writing.then(() => this.#delete(rows));
    this.#writing = deleting.catch(() => undefined);
    return deleting;
  }

  /** Everything older than the bounds say, of devices that are gone, and what a crash left over. */
  async sweep(keepMs: number, isKnown: (mac: string) => boolean): Promise<void> {
    const rows = await this.#database.queries.selectFrom('uploads').selectAll().execute();
    const sinceMs = this.#clock.wallMs() - keepMs;
    await this.delete(rows.filter(({ mac, at_ms }) => at_ms < sinceMs || !isKnown(mac)));
    const sweeping = this.#writing.then(() => this.#deleteStrays());
    this.#writing = sweeping.catch(() => undefined);
    await sweeping;
  }

  /** Contents that no row names: written, or left by their row, when the power went. */
  async #deleteStrays(): Promise<void> {
    const rows = await this.#database.queries.selectFrom('uploads').select('digest').execute();
    const named = new Set(rows.map(({ digest }) => digest));
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names.filter((each) => !named.has(each))) {
      await rm(join(this.#folder, name), { force: true });
    }
  }

  async #keepWithin(
    mac: string,
    name: string,
    versions: number,
    bounds: UploadBounds,
  ): Promise<void> {
    const own = await this.list(mac);
    const tooMany = own.filter((row) => row.name === name).slice(versions);
    await this.#delete(tooMany);
    let count = 0;
    let bytes = 0;
    const beyond = own
      .filter((row) => !tooMany.includes(row))
      .filter(({ size_bytes: size }) => {
        count += 1;
        bytes += size;
        return count > bounds.perDeviceCount || bytes > bounds.perDeviceBytes;
      });
    await this.#delete(beyond);
    await this.#keepAllWithin(bounds.allBytes);
  }

  async #keepAllWithin(allBytes: number): Promise<void> {
    const { total } = await this.#database.queries
      .selectFrom('uploads')
      .select((select) => select.fn.sum<number | null>('size_bytes').as('total'))
      .executeTakeFirstOrThrow();
    let excess = (total ?? 0) - allBytes;
    if (excess <= 0) {
      return;
    }
    const oldest = await this.#database.queries
      .selectFrom('uploads')
      .selectAll()
      .orderBy('at_ms')
      .limit(1000)
      .execute();
    const gone = oldest.filter(({ size_bytes: size }) => {
      const isGone = excess > 0;
      excess -= size;
      return isGone;
    });
    await this.#delete(gone);
  }

  async #delete(rows: readonly UploadRow[]): Promise<void> {
    for (const { id, digest } of rows) {
      await this.#database.queries.deleteFrom('uploads').where('id', '=', id).execute();
      const other = await this.#database.queries
        .selectFrom('uploads')
        .select('id')
        .where('digest', '=', digest)
        .executeTakeFirst();
      if (other === undefined) {
        await rm(this.#pathOf(digest), { force: true });
      }
    }
  }

  async #writeContent(digest: string, content: Buffer): Promise<void> {
    const path = this.#pathOf(digest);
    if (existsSync(path)) {
      return;
    }
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const temporary = `${path}.${randomId()}.tmp`;
    await writeFile(temporary, content, { mode: 0o600, flush: true });
    await rename(temporary, path);
  }

  #pathOf(digest: string): string {
    return join(this.#folder, digest);
  }
}
