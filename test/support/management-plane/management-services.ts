/** The services of the management plane on a temporary data directory: real databases, real hashes. */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../../system/foundation/logger.ts';
import { factoryPassword } from '../../../system/management-plane/accounts/factory-password.ts';
import { PasswordHasher } from '../../../system/management-plane/accounts/password-hash.ts';
import type { SessionIdentity } from '../../../system/management-plane/accounts/sessions.ts';
import { systemActor, type Actor } from '../../../system/management-plane/actor.ts';
import type { ConfigurationStore } from '../../../system/management-plane/configuration-store/configuration-store.ts';
import { openConfigurationStore } from '../../../system/management-plane/configuration-store/open-configuration-store.ts';
import type { UserChanges } from '../../../system/management-plane/configuration-store/operation.ts';
import { openDatabases, type Databases } from '../../../system/management-plane/open-databases.ts';
import { openServices, type Services } from '../../../system/management-plane/open-services.ts';
import type { PhonesOfUsers } from '../../../system/management-plane/users/phones-of-users.ts';
import { UsersImport } from '../../../system/management-plane/users/users-import.ts';
import { FakeClock } from '../fake-clock.ts';

/** A password that every policy of the tests accepts. */
export const goodPassword = 'Better-Horse-42';

export const adminActor: Actor = {
  kind: 'session',
  userId: 'admin',
  name: 'Administrator',
  role: 'superadmin',
};

const noPhones: PhonesOfUsers = {
  plan: () => {
    return { added: [], changed: [], macsOfLine: new Map(), problems: [], toOperations: () => [] };
  },
  announce: (_plan, commit) => commit(),
};

export class ManagementServices {
  readonly directory: string;
  readonly clock: FakeClock;
  readonly store: ConfigurationStore;
  readonly hasher: PasswordHasher;
  readonly databases: Databases;
  readonly services: Services;
  /** Without devices. */
  readonly usersImport: UsersImport;

  private constructor(
    directory: string,
    clock: FakeClock,
    store: ConfigurationStore,
    hasher: PasswordHasher,
    databases: Databases,
    services: Services,
  ) {
    this.directory = directory;
    this.clock = clock;
    this.store = store;
    this.hasher = hasher;
    this.databases = databases;
    this.services = services;
    const randomBelow = (end: number): number => randomInt(end);
    this.usersImport = new UsersImport({ store, hasher, clock, randomBelow, phones: noPhones });
  }

  /** On a new directory, or on that of services that were closed. */
  static async open(
    options: { readonly directory?: string; readonly bootId?: string } = {},
  ): Promise<ManagementServices> {
    const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'management-services-'));
    const clock = new FakeClock();
    const logger = silentLogger;
    const hasher = new PasswordHasher();
    const store = await openConfigurationStore({
      dataDirectory: directory,
      clock,
      logger,
      hashFactoryPassword: () => hasher.hash(factoryPassword),
      activate: () => undefined,
    });
    const databases = await openDatabases({ dataDirectory: directory, clock, logger });
    const bootId = options.bootId ?? 'boot-1';
    const services = await openServices({ store, databases, hasher, bootId, clock, logger });
    return new ManagementServices(directory, clock, store, hasher, databases, services);
  }

  /** Makes a user without the cost of the services; the id is the extension, or else the login, without signs. */
  async addUser(fields: UserChanges): Promise<string> {
    const id = (fields.extension ?? fields.login ?? '').replaceAll(/\W/g, '');
    await this.store.commit({
      author: systemActor,
      reason: '',
      operations: [{ kind: 'create', entity: 'user', id, after: fields }],
    });
    return id;
  }

  /** The built-in administrator after the forced change of the password to `goodPassword`. */
  async logInFirst(): Promise<SessionIdentity> {
    const { logins } = this.services;
    const source = '127.0.0.1';
    const session = await logins.logIn({ login: 'admin', password: factoryPassword, source });
    return logins.changeOwnPassword(session, {
      currentPassword: factoryPassword,
      newPassword: goodPassword,
      source,
    });
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.databases.close();
  }

  /** Closes and removes everything. */
  async dispose(): Promise<void> {
    await this.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
