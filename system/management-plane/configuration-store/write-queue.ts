/** Runs writes one after the other in the order in which they were asked for. */
import { ConfigurationError } from './configuration-error.ts';

/** Writes that may wait; each is a person's or program's request that is still open. */
const maxWaiting = 1000;

export class WriteQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #isClosed = false;

  /** Rejects with ConfigurationError `closed` or `busy`, or with what `write` rejects with. */
  async run<Result>(write: () => Promise<Result>): Promise<Result> {
    if (this.#isClosed) {
      throw new ConfigurationError('closed', 'the configuration store is closed');
    }
    if (this.#waiting >= maxWaiting) {
      throw new ConfigurationError('busy', 'too many changes wait already');
    }
    this.#waiting += 1;
    const result = this.#last.then(write);
    this.#last = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Takes nothing more and waits for what was taken. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
  }
}
