/**
 * Custom lines while a file is rendered: the first generated line with the same key gives way to the
 * custom one, further ones are dropped, and what replaces nothing is added at `@custom`.
 */
import { Secret } from '../../system/foundation/secret.ts';
import type { CustomLine } from '../custom-line.ts';
import { escapeValue, type Escaping } from './escape.ts';
import { hiddenText, type RenderedLine } from './rendered-line.ts';

/** How a file format writes and recognises an assignment. */
export interface AssignmentSyntax {
  /** The name that a line assigns to, or undefined. */
  findKey(text: string): string | undefined;
  /** The line that assigns `value`, already escaped, to `key`. */
  write(key: string, value: string): string;
}

export interface CustomLines {
  readonly lines: readonly CustomLine[];
  readonly syntax: AssignmentSyntax;
}

export class CustomPlacement {
  readonly #syntax: AssignmentSyntax;
  readonly #escaping: Escaping;
  readonly #lines = new Map<string, CustomLine>();
  readonly #placed = new Set<string>();

  constructor({ lines, syntax }: CustomLines, escaping: Escaping) {
    this.#syntax = syntax;
    this.#escaping = escaping;
    for (const line of lines) {
      this.#lines.set(line.key.toLowerCase(), line);
    }
  }

  /** What stands for a generated line: undefined for itself, otherwise nothing or a custom line. */
  replace(text: string): readonly RenderedLine[] | undefined {
    const key = this.#syntax.findKey(text)?.toLowerCase();
    const line = key === undefined ? undefined : this.#lines.get(key);
    if (line === undefined || key === undefined) {
      return undefined;
    }
    if (this.#placed.has(key)) {
      return [];
    }
    this.#placed.add(key);
    return [this.#write(line)];
  }

  /** Those that replaced nothing. */
  additional(): readonly RenderedLine[] {
    return [...this.#lines]
      .filter(([key]) => !this.#placed.has(key))
      .map(([, line]) => this.#write(line));
  }

  #write({ key, value, origin }: CustomLine): RenderedLine {
    const write = (text: string): string =>
      this.#syntax.write(key, escapeValue(text, this.#escaping));
    const isSecret = value instanceof Secret;
    return {
      text: write(isSecret ? value.reveal() : value),
      shown: write(isSecret ? hiddenText : value),
      source: 'custom',
      origins: [{ variable: key, origin }],
      isSecret,
    };
  }
}
