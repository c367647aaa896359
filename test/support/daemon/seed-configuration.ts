/**
 * Puts users with known SIP passwords into the configuration of a data directory before a daemon
 * runs on it: through the real store, without the cost of the API and of web passwords.
 */
import { mkdirSync } from 'node:fs';
import { openConfigurationStore } from '../../../system/management-plane/configuration-store/open-configuration-store.ts';
import type {
  Operation,
  SettingsChanges,
} from '../../../system/management-plane/configuration-store/operation.ts';
import { factoryPassword } from '../../../system/management-plane/accounts/factory-password.ts';
import { PasswordHasher } from '../../../system/management-plane/accounts/password-hash.ts';
import { systemActor } from '../../../system/management-plane/actor.ts';
import { systemClock } from '../../../system/foundation/clock.ts';
import { silentLogger } from '../../../system/foundation/logger.ts';
import { Secret } from '../../../system/foundation/secret.ts';

export interface SeededUser {
  readonly extension: string;
  readonly sipPassword: string;
  /** The extension when absent. */
  readonly sipUsername?: string;
  readonly name?: string;
}

export async function seedConfiguration(
  dataDirectory: string,
  users: readonly SeededUser[],
  settings: SettingsChanges = {},
): Promise<void> {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const store = await openConfigurationStore({
    dataDirectory,
    clock: systemClock,
    logger: silentLogger,
    hashFactoryPassword: () => new PasswordHasher().hash(factoryPassword),
    activate: () => undefined,
  });
  const operations: Operation[] = users.map((user) => ({
    kind: 'create',
    entity: 'user',
    id: `user-${user.extension}`,
    after: {
      role: 'user',
      name: user.name ?? `User ${user.extension}`,
      extension: user.extension,
      sipUsername: user.sipUsername ?? user.extension,
      sipPassword: new Secret(user.sipPassword),
    },
  }));
  if (Object.keys(settings).length > 0) {
    operations.push({ kind: 'update', entity: 'settings', id: 'settings', after: settings });
  }
  await store.commit({ author: systemActor, reason: 'Seed of a test', operations });
  await store.close();
}
