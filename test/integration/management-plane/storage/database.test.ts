import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../system/foundation/logger.ts';
import {
  openDatabase,
  type SqlDatabase,
} from '../../../../system/management-plane/storage/database.ts';
import type { Migration } from '../../../../system/management-plane/storage/migration.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

interface Tables {
  readonly phones: { readonly id: number; readonly model: string };
}

const createPhones: Migration = {
  number: 1,
  name: 'phones',
  up: async (transaction) => {
    await transaction.schema.createTable('phones').addColumn('id', 'integer').execute();
  },
};

const addModel: Migration = {
  number: 2,
  name: 'models',
  up: async (transaction) => {
    await transaction.schema
      .alterTable('phones')
      .addColumn('model', 'varchar(40)', (column) => column.notNull().defaultTo('unknown'))
      .execute();
  },
};

const failsHalfway: Migration = {
  number: 2,
  name: 'fails',
  up: async (transaction) => {
    await transaction.schema.createTable('half').addColumn('id', 'integer').execute();
    throw new Error('no more paper');
  },
};

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'campanile-database-'));
  path = join(folder, 'test.db');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function open(migrations: readonly Migration[]): Promise<SqlDatabase<Tables>> {
  return openDatabase<Tables>({ path, migrations, clock: new FakeClock(), logger: silentLogger });
}

async function tableNames(database: SqlDatabase<Tables>): Promise<string[]> {
  return (await database.queries.introspection.getTables()).map((table) => table.name);
}

describe('openDatabase', () => {
  it('migrates an empty file and an older one to the same form, keeping what is there', async () => {
    const older = await open([createPhones]);
    await (older.queries as unknown as Kysely<{ phones: { id: number } }>)
      .insertInto('phones')
      .values({ id: 7 })
      .execute();
    await older.close();

    const migrated = await open([createPhones, addModel]);
    const rows = await migrated.queries.selectFrom('phones').selectAll().execute();
    await migrated.close();

    expect(rows).toEqual([{ id: 7, model: 'unknown' }]);
  });

  it('leaves nothing of a migration that fails, and can go on later', async () => {
    await (await open([createPhones])).close();

    await expect(open([createPhones, failsHalfway])).rejects.toMatchObject({
      code: 'migration-failed',
    });

    const repaired = await open([createPhones, addModel]);
    expect(await tableNames(repaired)).toEqual(['applied_migrations', 'phones']);
    await repaired.close();
  });

  it('refuses a file that a later version has written', async () => {
    await (await open([createPhones, addModel])).close();

    await expect(open([createPhones])).rejects.toMatchObject({ code: 'newer-version' });
  });

  it('says that a path cannot be used', async () => {
    writeFileSync(join(folder, 'file'), '');
    path = join(folder, 'file', 'test.db');

    await expect(open([])).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('SqlDatabase', () => {
  it('stores all of a transaction or nothing', async () => {
    const database = await open([createPhones, addModel]);

    const failing = database.transaction(async (transaction) => {
      await transaction.insertInto('phones').values({ id: 1, model: 'x' }).execute();
      throw new Error('no');
    });

    await expect(failing).rejects.toThrow('no');
    expect(await database.queries.selectFrom('phones').selectAll().execute()).toEqual([]);
    await database.close();
    await database.close();
  });
});
