import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../../../../system/foundation/logger.ts';
import { BindingStore } from '../../../../system/management-plane/registrations/binding-store.ts';
import type { RegistrationTables } from '../../../../system/management-plane/registrations/registration-tables.ts';
import {
  openDatabase,
  type SqlDatabase,
} from '../../../../system/management-plane/storage/database.ts';
import { registrationsMigrations } from '../../../../system/management-plane/storage/migrations/registrations/registrations-migrations.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { exampleBinding } from '../../../support/management-plane/management-plane.ts';

let directory: string;
let database: SqlDatabase<RegistrationTables>;
let clock: FakeClock;
let store: BindingStore;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'campanile-bindings-'));
  clock = new FakeClock();
  database = await openDatabase<RegistrationTables>({
    path: join(directory, 'registrations.db'),
    migrations: registrationsMigrations,
    clock,
    logger: silentLogger,
  });
  store = new BindingStore({ database, clock, logger: silentLogger });
});

afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true, force: true });
});

function binding(user: string, lifetimeMs = 60_000) {
  return exampleBinding(user, {
    registeredAtMs: clock.wallMs(),
    expiresAtMs: clock.wallMs() + lifetimeMs,
  });
}

const usersOf = (bindings: readonly { readonly userId: string }[]): string[] =>
  bindings.map(({ userId }) => userId).sort();

test('keeps the latest state of each binding', async () => {
  store.change({ updated: [binding('a'), binding('b')], removed: [] });
  await store.flush();
  const refreshed = { ...binding('a'), cseq: 7 };
  store.change({ updated: [refreshed], removed: [binding('b')] });
  store.change({ updated: [binding('c')], removed: [] });
  await store.flush();

  const loaded = await store.load();
  expect(usersOf(loaded)).toEqual(['a', 'c']);
  expect(loaded.find(({ userId }) => userId === 'a')).toEqual(refreshed);
});

test('gathers the changes of a second into one write', async () => {
  const updated = Array.from({ length: 3_000 }, (_, index) => binding(`u${index.toString()}`));
  for (const one of updated) {
    store.change({ updated: [one], removed: [] });
  }
  expect(await store.load()).toEqual([]);
  expect(clock.pendingCount).toBe(1);

  clock.advance(1_000);
  await store.flush();

  expect(await store.load()).toHaveLength(3_000);
});

test('forgets what has expired while the daemon was down', async () => {
  store.change({ updated: [binding('short', 1_000), binding('long')], removed: [] });
  await store.flush();
  clock.advance(2_000);
  expect(usersOf(await store.load())).toEqual(['long']);
});

test('keeps changes that could not be written for the next time', async () => {
  await database.queries.schema.alterTable('bindings').renameTo('away').execute();
  store.change({ updated: [binding('a'), binding('b')], removed: [] });
  await store.flush();
  await database.queries.schema.alterTable('away').renameTo('bindings').execute();
  store.change({ updated: [], removed: [binding('b')] });

  await store.flush();

  expect(usersOf(await store.load())).toEqual(['a']);
});
