/**
 * A database of the management plane: a SQLite file in WAL mode behind Kysely, migrated when it is
 * opened. It has one connection; inside `transaction` every query must go through the handle that
 * is given, because one on the outer handle would wait for ever. A second dialect (MariaDB) would
 * come in here: nothing else knows SQLite except sqlite-file.ts and prepared-insert.ts.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { Kysely, sql, SqliteDialect, type Selectable, type Transaction } from 'kysely';
import { flushFolder } from '../../foundation/atomic-file.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import { applyMigrations, type Migration } from './migration.ts';
import { PreparedInsert } from './prepared-insert.ts';
import { copyPathOf, openSqliteFile, type FileCheck, type Recovery } from './sqlite-file.ts';

export interface OpenDatabaseOptions {
  /** The file; its folder is made when it is missing. */
  readonly path: string;
  readonly migrations: readonly Migration[];
  /** `all` unless told otherwise. */
  readonly check?: FileCheck;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly logger: Logger;
}

/** Throws StorageError. */
export async function openDatabase<Tables>(
  options: OpenDatabaseOptions,
): Promise<SqlDatabase<Tables>> {
  const { path, clock, logger } = options;
  const { handle, recovery } = openSqliteFile(path, clock.wallMs(), options.check);
  if (recovery !== undefined) {
    const inPlace = recovery.kind === 'restored' ? 'its last good copy' : 'a new, empty one';
    logger.error(`database file was broken, ${inPlace} is in use`, { path, ...recovery });
  }
  const database = new SqlDatabase<Tables>(path, handle, recovery);
  try {
    const applied = await applyMigrations(
      database.queries as Kysely<unknown>,
      options.migrations,
      clock.wallMs(),
    );
    if (applied.length > 0) {
      logger.info('database migrated', { path, migrations: applied });
    }
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

export class SqlDatabase<Tables> {
  readonly path: string;
  readonly queries: Kysely<Tables>;
  /** What had to be done to open it; to be shown as a health problem. */
  readonly recovery: Recovery | undefined;
  readonly #handle: BetterSqlite3.Database;

  constructor(path: string, handle: BetterSqlite3.Database, recovery: Recovery | undefined) {
    this.path = path;
    this.recovery = recovery;
    this.#handle = handle;
    this.queries = new Kysely<Tables>({ dialect: new SqliteDialect({ database: handle }) });
  }

  /** Runs `work` in one transaction: all of it is stored, flushed to the disk, or nothing is. */
  async transaction<Result>(
    work: (transaction: Transaction<Tables>) => Promise<Result>,
  ): Promise<Result> {
    return this.queries.transaction().execute(work);
  }

  /** For what is stored all the time; run it inside `transaction`. */
  prepareInsert<Table extends keyof Tables & string>(
    table: Table,
    columns: readonly (keyof Selectable<Tables[Table]> & string)[],
  ): PreparedInsert<Selectable<Tables[Table]>> {
    return new PreparedInsert(this.#handle, table, columns);
  }

  /**
   * Writes the last good copy beside the file, which is used when the file breaks. Copies in steps
   * between which other work goes on; the old copy stays until the new one is complete.
   */
  async writeCopy(): Promise<void> {
    const copyPath = copyPathOf(this.path);
    const temporaryPath = `${copyPath}.tmp`;
    rmSync(temporaryPath, { force: true });
    closeSync(openSync(temporaryPath, 'wx', 0o600));
    await this.#handle.backup(temporaryPath);
    const file = openSync(temporaryPath, 'r+');
    fsyncSync(file);
    closeSync(file);
    renameSync(temporaryPath, copyPath);
    flushFolder(dirname(copyPath));
  }

  /**
   * Brings what was deleted out of the file's log, too: afterwards it is in none of the database's
   * files any more.
   */
  async flushDeleted(): Promise<void> {
    await sql`pragma wal_checkpoint(truncate)`.execute(this.queries);
  }

  /** Idempotent. */
  async close(): Promise<void> {
    await this.queries.destroy();
    this.#handle.close();
  }
}
