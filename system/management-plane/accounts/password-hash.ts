/**
 * Slow hashes of passwords (Argon2id, RFC 9106). They are computed on libuv's threads, few at a
 * time: that pool and the cores are shared with the call plane, and each takes 19 MiB.
 */
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { AccountError } from './account-error.ts';

/** OWASP's first choice for servers; about 10 ms. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Longer ones are refused before they reach the hash. */
export const maximumPasswordLength = 256;

export interface PasswordHasherOptions {
  /** Hashes under way at once. */
  readonly concurrency?: number;
  /** Callers that may wait for their turn; more get `busy`. */
  readonly maximumWaiting?: number;
}

export class PasswordHasher {
  readonly #concurrency: number;
  readonly #maximumWaiting: number;
  readonly #waiting: (() => void)[] = [];
  readonly #decoyHash: Promise<string>;
  #running = 0;

  constructor(options: PasswordHasherOptions = {}) {
    this.#concurrency = options.concurrency ?? 2;
    this.#maximumWaiting = options.maximumWaiting ?? 64;
    this.#decoyHash = hash('nobody knows this one', cost);
    // Whoever verifies sees the failure; until then it is nobody's.
    this.#decoyHash.catch(() => undefined);
  }

  /** The PHC string to store. Throws AccountError `busy`. */
  async hash(password: string): Promise<string> {
    return this.#run(() => hash(toBytes(password), cost));
  }

  /**
   * Hashes many, e.g. of an import. They take their turns between logins, and are never refused.
   */
  async hashAll(passwords: readonly string[]): Promise<string[]> {
    const hashes: string[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < passwords.length; index = next++) {
        const bytes = toBytes(passwords[index] ?? '');
        hashes[index] = await this.#run(() => hash(bytes, cost), Infinity);
      }
    };
    await Promise.all(Array.from({ length: this.#concurrency }, work));
    return hashes;
  }

  /**
   * Whether `password` belongs to `storedHash`. Without a stored hash the same work is done in vain,
   * so that unknown accounts and accounts without a password take the same time. Throws AccountError
   * `busy`.
   */
  async verify(storedHash: string | undefined, password: string): Promise<boolean> {
    const isUsable = storedHash !== undefined && isAffordable(storedHash);
    const expected = isUsable ? storedHash : await this.#decoyHash;
    const isRight = await this.#run(() => verify(expected, toBytes(password)));
    return isRight && isUsable;
  }

  async #run<Result>(
    task: () => Promise<Result>,
    maximumWaiting = this.#maximumWaiting,
  ): Promise<Result> {
    if (this.#running >= this.#concurrency) {
      if (this.#waiting.length >= maximumWaiting) {
        throw new AccountError('busy', 'Too many logins at once; try again in a moment');
      }
      // Whoever ends hands its place over, so `#running` stays as it is.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) {
        this.#running -= 1;
      } else {
        next();
      }
    }
  }
}

/** Whether a hash, perhaps imported, is well-formed and asks for no absurd amount of memory or time. */
function isAffordable(storedHash: string): boolean {
  try {
    const { memoryCost, timeCost } = parseOptions(storedHash);
    return memoryCost <= 16 * cost.memoryCost && timeCost <= 16 * cost.timeCost;
  } catch {
    // Not a hash: no password belongs to it.
    return false;
  }
}

/** The same password typed on two systems may differ in its code points: NFC makes them equal. */
function toBytes(password: string): Buffer {
  return Buffer.from(password.normalize('NFC'), 'utf8');
}
