/** Secrets of devices that somebody asked to see; kept until the page is left. Each asking is audited. */
import { SvelteMap } from 'svelte/reactivity';
import type { z } from 'zod';
import type { revealedDeviceSchema } from '../../../../../system/management-plane/api/routes/devices/schema.ts';
import { api } from '../../../lib/api/client.ts';
import { describeError } from '../../../lib/api/describe-error.ts';
import { toasts } from '../../../lib/state/toasts.svelte.ts';

export type RevealedDevice = z.infer<typeof revealedDeviceSchema>;

class RevealedSecrets {
  #devices = new SvelteMap<string, RevealedDevice>();

  find(mac: string): RevealedDevice | undefined {
    return this.#devices.get(mac);
  }

  async reveal(mac: string): Promise<void> {
    try {
      this.#devices.set(mac, await api.post<RevealedDevice>(`/devices/${mac}/reveal`));
    } catch (error) {
      toasts.failure(describeError(error));
    }
  }

  hide(mac: string): void {
    this.#devices.delete(mac);
  }

  clear(): void {
    this.#devices.clear();
  }
}

export const revealedSecrets = new RevealedSecrets();
