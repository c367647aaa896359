/** What the phones of one run count together. */

export class Tally {
  retransmissions = 0;
  files = 0;
  fileBytes = 0;
  blfKeys = 0;
  /** How long each step took, by its name. */
  readonly stepMs = new Map<string, number[]>();

  async measured<Value>(step: string, work: Promise<Value>): Promise<Value> {
    const startMs = performance.now();
    const value = await work;
    const times = this.stepMs.get(step) ?? [];
    times.push(performance.now() - startMs);
    this.stepMs.set(step, times);
    return value;
  }

  /** Sends and waits for the given times, one after the other, until the answer comes. */
  async askAgain<Value>(
    what: string,
    send: () => void,
    answer: Promise<Value>,
    waitsMs: readonly number[],
  ): Promise<Value> {
    for (const [attempt, waitMs] of waitsMs.entries()) {
      this.retransmissions += attempt === 0 ? 0 : 1;
      send();
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const timer = setTimeout(() => {
        resolve(undefined);
      }, waitMs);
      const first = await Promise.race([answer.then((value) => ({ value })), promise]);
      clearTimeout(timer);
      if (first !== undefined) {
        return first.value;
      }
    }
    throw new Error(`no answer to ${what}`);
  }
}
