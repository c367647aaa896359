/**
 * Which of the shown devices have drifted. Asked behind the list, because it costs the server the
 * rendering of every file: the list never waits for it.
 */
import { isAbort } from '../../lib/api/client.ts';
import { driftOf, type DeviceDrift } from '../../domains/device-sync/drift-of.ts';

export class DeviceDrifts {
  #states = $state.raw<ReadonlyMap<string, DeviceDrift> | undefined>();
  #running: AbortController | undefined;

  find(mac: string): DeviceDrift | undefined {
    return this.#states?.get(mac);
  }

  /** What is known stays until the answer is here. */
  async refresh(macs: readonly string[]): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    try {
      const states = await driftOf(macs, running.signal);
      if (this.#running === running) {
        this.#states = states;
      }
    } catch (error) {
      // The mark is left out where it is not known; the list itself says when the server is away.
      if (!isAbort(error)) {
        this.#states = undefined;
      }
    }
  }

  close(): void {
    this.#running?.abort();
    this.#running = undefined;
  }
}
