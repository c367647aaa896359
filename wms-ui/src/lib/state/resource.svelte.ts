/** One thing loaded from the server: its value, whether it is being loaded, and what went wrong. */
import { isAbort } from '../api/client.ts';

export class Resource<Value> {
  #value = $state.raw<Value | undefined>();
  #error = $state.raw<unknown>();
  #isLoading = $state(false);
  #load: (signal: AbortSignal) => Promise<Value>;
  #running: AbortController | undefined;

  constructor(load: (signal: AbortSignal) => Promise<Value>) {
    this.#load = load;
  }

  /** The last value that came; kept while a newer one is fetched and when that fails. */
  get value(): Value | undefined {
    return this.#value;
  }

  get error(): unknown {
    return this.#error;
  }

  get isLoading(): boolean {
    return this.#isLoading;
  }

  /** Fetches; a fetch under way is dropped, so that the newest question gets the answer. */
  async refresh(): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#isLoading = true;
    try {
      const value = await this.#load(running.signal);
      if (this.#running === running) {
        this.#value = value;
        this.#error = undefined;
      }
    } catch (error) {
      if (this.#running === running && !isAbort(error)) {
        this.#error = error;
      }
    } finally {
      if (this.#running === running) {
        this.#isLoading = false;
      }
    }
  }

  set(value: Value): void {
    this.#value = value;
  }

  close(): void {
    this.#running?.abort();
    this.#running = undefined;
  }
}
