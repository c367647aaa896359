/** The lines a program prints, to be waited for one after the other. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const defaultTimeoutMs = 20_000;

export class PrintedLines {
  readonly #program: string;
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(program: string) {
    this.#program = program;
  }

  read(stream: Readable): void {
    createInterface({ input: stream }).on('line', (line) => {
      this.#lines.push(line);
      for (const wake of this.#waiting) {
        wake();
      }
      this.#waiting.clear();
    });
  }

  /** Resolves with the next line that matches and has not been waited for yet. */
  async waitFor(pattern: RegExp, timeoutMs = defaultTimeoutMs): Promise<string> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const index = this.#lines.findIndex((line) => pattern.test(line));
      if (index !== -1) {
        return this.#lines.splice(0, index + 1).at(-1) ?? '';
      }
      if (Date.now() > deadline) {
        const printed = this.#lines.join('\n');
        throw new Error(`${this.#program} did not print ${String(pattern)} but:\n${printed}`);
      }
      await new Promise<void>((wake) => {
        const timeout = setTimeout(wake, deadline - Date.now() + 1);
        this.#waiting.add(() => {
          clearTimeout(timeout);
          wake();
        });
      });
    }
  }
}
