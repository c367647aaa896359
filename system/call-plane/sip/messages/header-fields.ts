/** The header fields of one message, in order, as raw text (RFC 3261 §7.3). */
import { findCanonicalName, isListName } from './header-name.ts';
import { firstListValue, remainingListValues, splitList } from './parameters.ts';

/** Header fields of a message to be made, in their order. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

/**
 * Names are matched without regard to case and stored in canonical spelling, compact forms
 * expanded. Values can never hold a line break: one that would is written with a space instead,
 * so that text from outside cannot inject header fields.
 */
export class HeaderFields {
  /** Name, value, name, value …; one pair per header field line. */
  readonly #fields: string[] = [];
  #revision = 0;

  /** Changes whenever a field does; lets messages cache what they parsed. */
  get revision(): number {
    return this.#revision;
  }

  get size(): number {
    return this.#fields.length / 2;
  }

  /** The value of the first field of this name, whole, as it stands there. */
  get(name: string): string | undefined {
    const index = this.#find(toCanonical(name));
    return index < 0 ? undefined : this.#fields[index + 1];
  }

  /** The first value of a list header field such as Via or Route. */
  getFirst(name: string): string | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : firstListValue(value);
  }

  /** Every value; those of list header fields are split at their commas. */
  getAll(name: string): string[] {
    const canonical = toCanonical(name);
    const isList = isListName(canonical);
    const fields = this.#fields;
    const values: string[] = [];
    for (let index = 0; index < fields.length; index += 2) {
      if (fields[index] === canonical) {
        const value = fields[index + 1] ?? '';
        if (isList) {
          splitList(value, values);
        } else {
          values.push(value);
        }
      }
    }
    return values;
  }

  /** Every field line of this name, lists not split: what is copied into a response. */
  getLines(name: string): string[] {
    const canonical = toCanonical(name);
    const fields = this.#fields;
    const lines: string[] = [];
    for (let index = 0; index < fields.length; index += 2) {
      if (fields[index] === canonical) {
        lines.push(fields[index + 1] ?? '');
      }
    }
    return lines;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Puts one field in the place of all fields of this name. */
  set(name: string, value: string): void {
    const canonical = toCanonical(name);
    const fields = this.#fields;
    const index = this.#find(canonical);
    if (index < 0) {
      this.append(canonical, value);
      return;
    }
    fields[index + 1] = toSafeValue(value);
    for (let later = fields.length - 2; later > index; later -= 2) {
      if (fields[later] === canonical) {
        fields.splice(later, 2);
      }
    }
    this.#revision++;
  }

  append(name: string, value: string): void {
    this.#fields.push(toCanonical(name), toSafeValue(value));
    this.#revision++;
  }

  prepend(name: string, value: string): void {
    this.#fields.unshift(toCanonical(name), toSafeValue(value));
    this.#revision++;
  }

  /** Replaces the first value only: how a server writes `received` and `rport` into the top Via. */
  replaceFirst(name: string, value: string): void {
    const canonical = toCanonical(name);
    const fields = this.#fields;
    const index = this.#find(canonical);
    if (index < 0) {
      this.append(canonical, value);
      return;
    }
    const rest = isListName(canonical) ? remainingListValues(fields[index + 1] ?? '') : undefined;
    const safeValue = toSafeValue(value);
    fields[index + 1] = rest === undefined ? safeValue : `${safeValue}, ${rest}`;
    this.#revision++;
  }

  remove(name: string): void {
    const canonical = toCanonical(name);
    const fields = this.#fields;
    for (let index = fields.length - 2; index >= 0; index -= 2) {
      if (fields[index] === canonical) {
        fields.splice(index, 2);
        this.#revision++;
      }
    }
  }

  *entries(): Generator<readonly [name: string, value: string]> {
    const fields = this.#fields;
    for (let index = 0; index < fields.length; index += 2) {
      yield [fields[index] ?? '', fields[index + 1] ?? ''];
    }
  }

  /** All fields but Content-Length as they stand on the wire, each with its line end. */
  toWireText(): string {
    const fields = this.#fields;
    let text = '';
    for (let index = 0; index < fields.length; index += 2) {
      const name = fields[index] ?? '';
      if (name !== 'Content-Length') {
        text += `${name}: ${fields[index + 1] ?? ''}\r\n`;
      }
    }
    return text;
  }

  #find(canonicalName: string): number {
    const fields = this.#fields;
    for (let index = 0; index < fields.length; index += 2) {
      if (fields[index] === canonicalName) {
        return index;
      }
    }
    return -1;
  }

  /** For the parser only: name and value are canonical and free of line breaks already. */
  appendParsed(canonicalName: string, value: string): void {
    this.#fields.push(canonicalName, value);
  }
}

function toCanonical(name: string): string {
  const canonical = findCanonicalName(name);
  if (canonical === undefined) {
    throw new Error('a header field name must be a token');
  }
  return canonical;
}

function toSafeValue(value: string): string {
  return value.includes('\n') || value.includes('\r') ? value.replaceAll(/[\r\n]+/g, ' ') : value;
}
