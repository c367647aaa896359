/** Opens the configuration of a data directory: database, key file, store. */
import { join } from 'node:path';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { ConfigurationTables } from '../storage/configuration-tables.ts';
import { openDatabase } from '../storage/database.ts';
import { configurationMigrations } from '../storage/migrations/configuration/configuration-migrations.ts';
import type { Activate } from './active-configuration.ts';
import type { ConfigurationStore } from './configuration-store.ts';
import { openSecretSeal } from './secret-seal.ts';
import { SqlConfigurationStore } from './sql-configuration-store.ts';

export interface OpenConfigurationStoreOptions {
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Argon2id of the factory password; only asked for on the first start. */
  readonly hashFactoryPassword: () => Promise<string>;
  /** Hands a compiled snapshot to the call plane; called once before this resolves. */
  readonly activate: Activate;
}

/** Throws StorageError and SecretSealError. */
export async function openConfigurationStore(
  options: OpenConfigurationStoreOptions,
): Promise<ConfigurationStore> {
  const { dataDirectory, clock, logger } = options;
  const database = await openDatabase<ConfigurationTables>({
    path: join(dataDirectory, 'configuration.db'),
    migrations: configurationMigrations,
    clock,
    logger,
  });
  try {
    const seal = openSecretSeal(join(dataDirectory, 'secrets.key'));
    return await SqlConfigurationStore.open({ ...options, database, seal });
  } catch (error) {
    await database.close();
    throw error;
  }
}
