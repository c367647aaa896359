/**
 * Slow hashes of passwords (Argon2id, RFC 9106). They are computed on libuv's threads, few at a
 * time: that pool and the cores are shared with the call plane, and each takes 19 MiB.
 */
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { AccountError } from './account-error.ts';

/** OWASP's first choice for servers; 10 to 20 ms. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * For generated passwords: 94 random bits are found by nobody, however fast the hash. An import of
 * 10,000 users would otherwise keep the cores that calls need busy for minutes.
 */
const costOfGenerated = { memoryCost: 256, timeCost: 1, parallelism: 1 } as const;

/** Longer ones are refused before they reach the hash. */
export const maximumPasswordLength = 256;

export interface PasswordToHash {
  readonly text: string;
  /** By `generatePassword`. */
  readonly isGenerated: boolean;
}

export interface HashAllOptions {
  /** Stops between two of them; rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Called after each. */
  readonly onHashed?: () => void;
}

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
  async hashAll(
    passwords: readonly PasswordToHash[],
    { signal, onHashed }: HashAllOptions = {},
  ): Promise<string[]> {
    const hashes: string[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < passwords.length; index = next++) {
        signal?.throwIfAborted();
        const { text, isGenerated } = passwords[index] ?? { text: '', isGenerated: false };
        const bytes = toBytes(text);
        const own = isGenerated ? costOfGenerated : cost;
        hashes[index] = await this.#run(() => hash(bytes, own), Infinity);
        onHashed?.();
      }
    };
    await Promise.all(Array.from({ length: this.#concurrency }, work));
    return hashes;
  }

  /**
   * Whether `password` belongs to `storedHash`. Without a stored hash the same work is done in vain,
   * so that unknown accounts and accounts without a password take the same time; beside the quick hash
   * of a generated password it is done as well. Throws AccountError `busy`.
   */
  async verify(storedHash: string | undefined, password: string): Promise<boolean> {
    const effort = storedHash === undefined ? 'unusable' : effortOf(storedHash);
    const isUsable = storedHash !== undefined && effort !== 'unusable';
    const bytes = toBytes(password);
    const decoyHash = await this.#decoyHash;
    return this.#run(async () => {
      const isRight = await verify(isUsable ? storedHash : decoyHash, bytes);
      if (effort === 'quick') {
        await verify(decoyHash, bytes);
      }
      return isRight && isUsable;
    });
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

/** What it takes to verify a hash; unusable: malformed, or imported with an absurd amount of memory or time. */
function effortOf(storedHash: string): 'slow' | 'quick' | 'unusable' {
  try {
    const { memoryCost, timeCost } = parseOptions(storedHash);
    if (memoryCost > 16 * cost.memoryCost || timeCost > 16 * cost.timeCost) {
      return 'unusable';
    }
    return memoryCost < cost.memoryCost ? 'quick' : 'slow';
  } catch {
    // Not a hash: no password belongs to it.
    return 'unusable';
  }
}

/** The same password typed on two systems may differ in its code points: NFC makes them equal. */
function toBytes(password: string): Buffer {
  return Buffer.from(password.normalize('NFC'), 'utf8');
}
