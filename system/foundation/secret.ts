/**
 * A string that must not be printed. Logging, JSON and template strings show `[redacted]`; only an
 * explicit `reveal()` gives the value. This is what "redaction by type" means in this project.
 */
import { inspect } from 'node:util';

const redacted = '[redacted]';

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [inspect.custom](): string {
    return redacted;
  }
}
