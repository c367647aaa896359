/** The databases beside the configuration's: what is lost with one of them stays apart. */
import { join } from 'node:path';
import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import type { AccountsTables } from './accounts/accounts-tables.ts';
import type { RecordsTables } from './records/records-tables.ts';
import type { RegistrationTables } from './registrations/registration-tables.ts';
import type { PhonebookTables } from './phonebooks/store/phonebook-tables.ts';
import { phonebooksMigrations } from './storage/migrations/phonebooks/phonebooks-migrations.ts';
import { openDatabase, type SqlDatabase } from './storage/database.ts';
import type { FileCheck } from './storage/sqlite-file.ts';
import type { Migration } from './storage/migration.ts';
import { accountsMigrations } from './storage/migrations/accounts/accounts-migrations.ts';
import type { ProvisioningTables } from './provisioning/device-state/provisioning-tables.ts';
import { provisioningMigrations } from './storage/migrations/provisioning/provisioning-migrations.ts';
import { recordsMigrations } from './storage/migrations/records/records-migrations.ts';
import { registrationsMigrations } from './storage/migrations/registrations/registrations-migrations.ts';

export interface Databases {
  /** Sessions, tokens, audit. */
  readonly accounts: SqlDatabase<AccountsTables>;
  /** Finished calls. */
  readonly records: SqlDatabase<RecordsTables>;
  /** Where phones were reached last. */
  readonly registrations: SqlDatabase<RegistrationTables>;
  /** What devices told and fetched. */
  readonly provisioning: SqlDatabase<ProvisioningTables>;
  /** Phonebooks and their contacts. */
  readonly phonebooks: SqlDatabase<PhonebookTables>;
  /** Sentences about files that had to be replaced. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

export interface OpenDatabasesOptions {
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Rejects with StorageError; what was opened is closed again. */
export async function openDatabases(options: OpenDatabasesOptions): Promise<Databases> {
  const { dataDirectory, clock, logger } = options;
  const opened: { close(): Promise<void> }[] = [];
  const closeAll = async (): Promise<void> => {
    for (const database of opened.splice(0)) {
      await database.close();
    }
  };
  const open = async <Tables>(
    name: string,
    migrations: readonly Migration[],
    check?: FileCheck,
  ): Promise<SqlDatabase<Tables>> => {
    const path = join(dataDirectory, `${name}.db`);
    const database = await openDatabase<Tables>({
      path,
      migrations,
      clock,
      logger,
      ...(check === undefined ? {} : { check }),
    });
    opened.push(database);
    return database;
  };
  try {
    const accounts = await open<AccountsTables>('accounts', accountsMigrations);
    // Millions of calls: reading them all would delay the start by many seconds.
    const records = await open<RecordsTables>('records', recordsMigrations, 'head');
    const registrations = await open<RegistrationTables>('registrations', registrationsMigrations);
    const provisioning = await open<ProvisioningTables>('provisioning', provisioningMigrations);
    const phonebooks = await open<PhonebookTables>('phonebooks', phonebooksMigrations);
    const problems = [accounts, records, registrations, provisioning, phonebooks]
      .filter(({ recovery }) => recovery !== undefined)
      .map(({ path }) => `The broken database ${path} was replaced; see the log.`);
    return {
      accounts,
      records,
      registrations,
      provisioning,
      phonebooks,
      problems,
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
