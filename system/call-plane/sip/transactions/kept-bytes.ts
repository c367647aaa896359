/**
 * Memory for messages that are kept for half a minute in case the peer asks again. Small buffers share
 * one block of memory, which stays as long as any of them: among messages that are sent and forgotten,
 * one that is kept would keep a hundred others.
 */

const blockBytes = 65_536;

export class KeptBytes {
  #block: Buffer = Buffer.alloc(0);
  #used = 0;

  /** A copy of `bytes` that shares its memory with others of its age only. */
  keep(bytes: Buffer): Buffer {
    if (bytes.length > blockBytes / 8) {
      return Buffer.from(bytes);
    }
    if (this.#used + bytes.length > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(blockBytes);
      this.#used = 0;
    }
    const kept = this.#block.subarray(this.#used, this.#used + bytes.length);
    kept.set(bytes);
    this.#used += bytes.length;
    return kept;
  }
}
