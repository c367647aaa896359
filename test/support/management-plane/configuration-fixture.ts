/** A real configuration store on a temporary data directory, with what it activated. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Snapshot } from '../../../system/configuration/snapshot/snapshot.ts';
import { silentLogger } from '../../../system/foundation/logger.ts';
import type {
  Commit,
  ConfigurationStore,
} from '../../../system/management-plane/configuration-store/configuration-store.ts';
import { openConfigurationStore } from '../../../system/management-plane/configuration-store/open-configuration-store.ts';
import type { Operation } from '../../../system/management-plane/configuration-store/operation.ts';
import { FakeClock } from '../fake-clock.ts';
import { author } from './user-operations.ts';

/** In the form of an Argon2id hash; nobody verifies it. */
export const factoryHash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$factory';

export class ConfigurationFixture {
  readonly dataDirectory = mkdtempSync(join(tmpdir(), 'campanile-configuration-'));
  readonly clock = new FakeClock();
  readonly activated: Snapshot[] = [];
  #store: ConfigurationStore | undefined;

  get databasePath(): string {
    return join(this.dataDirectory, 'configuration.db');
  }

  /** The snapshot in force. */
  get snapshot(): Snapshot {
    const snapshot = this.activated.at(-1);
    if (snapshot === undefined) {
      throw new Error('nothing was activated yet');
    }
    return snapshot;
  }

  async open(): Promise<ConfigurationStore> {
    this.#store = await openConfigurationStore({
      dataDirectory: this.dataDirectory,
      clock: this.clock,
      logger: silentLogger,
      hashFactoryPassword: () => Promise.resolve(factoryHash),
      activate: (buffer) => {
        this.activated.push(new Snapshot(buffer));
        return undefined;
      },
    });
    return this.#store;
  }

  /** A revision of the open store. */
  async commit(operations: readonly Operation[], options: Partial<Commit> = {}) {
    if (this.#store === undefined) {
      throw new Error('no store is open');
    }
    return this.#store.commit({ author, reason: 'test', operations, ...options });
  }

  async reopen(): Promise<ConfigurationStore> {
    await this.#store?.close();
    return this.open();
  }

  async close(): Promise<void> {
    await this.#store?.close();
    rmSync(this.dataDirectory, { recursive: true, force: true });
  }
}
