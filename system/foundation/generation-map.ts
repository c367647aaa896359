/**
 * A map of bounded size that forgets what was not touched for longest, in constant time: entries
 * live in the younger of two generations, and when that is full the older one is dropped whole, so
 * that between half of the size and all of it is kept.
 * (Deleting the first entry of a `Map` over and over is not constant: it leaves holes to walk over.)
 */
export class GenerationMap<Key, Value> {
  readonly #generationSize: number;
  readonly #onDrop: (dropped: ReadonlyMap<Key, Value>) => void;
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();

  /** Holds at most `maximumSize` entries; `onDrop` is told what was forgotten. */
  constructor(
    maximumSize: number,
    onDrop: (dropped: ReadonlyMap<Key, Value>) => void = () => undefined,
  ) {
    this.#generationSize = Math.max(1, Math.floor(maximumSize / 2));
    this.#onDrop = onDrop;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: Key): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) {
      return young;
    }
    const old = this.#old.get(key);
    if (old !== undefined) {
      this.#old.delete(key);
      this.set(key, old);
    }
    return old;
  }

  set(key: Key, value: Value): void {
    if (this.#young.size >= this.#generationSize && !this.#young.has(key)) {
      const dropped = this.#old;
      this.#old = this.#young;
      this.#young = new Map();
      if (dropped.size > 0) {
        this.#onDrop(dropped);
      }
    }
    this.#young.set(key, value);
  }

  delete(key: Key): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}
