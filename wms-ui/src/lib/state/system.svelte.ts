/** What the page knows of the system it talks to, beyond the session: its version. */
import type { Version } from '../../../../system/management-plane/api/routes/version/schema.ts';
import { api } from '../api/client.ts';
import { connection } from './connection.svelte.ts';

class System {
  #version = $state<string | undefined>();

  constructor() {
    connection.listen((type) => {
      if (type === 'reconnected') {
        void this.#reloadWhenUpgraded();
      }
    });
  }

  get version(): string | undefined {
    return this.#version;
  }

  async load(): Promise<void> {
    try {
      this.#version = (await api.get<Version>('/version')).version;
    } catch {
      // Shown when the connection is back; the banner tells meanwhile.
    }
  }

  /** A page of an older version would talk past the new server. */
  async #reloadWhenUpgraded(): Promise<void> {
    const before = this.#version;
    await this.load();
    if (before !== undefined && this.#version !== before) {
      location.reload();
    }
  }
}

export const system = new System();
