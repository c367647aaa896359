/**
 * A cache that forgets what was not asked for lately: two generations, of which the older is
 * dropped when the younger is full. Cheaper per look-up than a list in order of use.
 */
export class BoundedCache<Value> {
  readonly #maxPerGeneration: number;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  /** Holds between `maxEntries / 2` and `maxEntries` entries once it is full. */
  constructor(maxEntries: number) {
    this.#maxPerGeneration = Math.max(1, Math.floor(maxEntries / 2));
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: string): Value | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) {
      return value;
    }
    const older = this.#old.get(key);
    if (older !== undefined) {
      this.#old.delete(key);
      this.set(key, older);
    }
    return older;
  }

  set(key: string, value: Value): void {
    if (this.#young.size >= this.#maxPerGeneration) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
