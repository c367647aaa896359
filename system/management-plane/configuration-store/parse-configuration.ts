/**
 * Reads the text of a whole configuration (serialize-configuration.ts). What a value may be is
 * checked later, together with everything else; here only the form of the text matters. Every
 * unreadable line is reported with its number.
 */
import { entityNames, type EntityName } from '../../configuration/entities/entity-names.ts';
import { singleIds } from '../../configuration/entities/entity-registry.ts';
import type { OperationIssue } from './configuration-error.ts';
import { endOfText, textFormat, type SecretsInText } from './serialize-configuration.ts';

export interface ParsedEntity {
  readonly entity: EntityName;
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface ParsedConfiguration {
  readonly secrets: SecretsInText;
  readonly entities: readonly ParsedEntity[];
  readonly issues: readonly OperationIssue[];
}

export const textLimits = {
  characters: 64 * 1024 * 1024,
  charactersPerLine: 256 * 1024,
  entities: 200_000,
  fieldsPerEntity: 200,
  /** Reading stops after so many: the rest would be of the same kind. */
  issues: 100,
} as const;

const sectionForms = [
  '[text]',
  ...entityNames.map((name) => (singleIds[name] === undefined ? `[${name} ID]` : `[${name}]`)),
  endOfText,
].join(', ');

type Section =
  | { readonly kind: 'text' }
  | { readonly kind: 'entity'; readonly entity: MutableEntity };

interface MutableEntity {
  readonly entity: EntityName;
  readonly id: string;
  readonly fields: Record<string, unknown>;
}

export function parseConfiguration(text: string): ParsedConfiguration {
  const parser = new ConfigurationParser();
  if (text.length > textLimits.characters) {
    parser.refuse(1, 'the text is too long');
  } else {
    parser.readAll(text);
  }
  return { secrets: parser.secrets, entities: parser.entities, issues: parser.issues };
}

class ConfigurationParser {
  secrets: SecretsInText = 'omitted';
  readonly entities: MutableEntity[] = [];
  readonly issues: OperationIssue[] = [];
  readonly #seen = new Set<string>();
  #hasFormat = false;
  #isEnded = false;
  /** Undefined before the first section and inside one that was refused. */
  #section: Section | undefined;
  #isInRefusedSection = false;

  readAll(text: string): void {
    let line = 0;
    for (let start = 0; start <= text.length; line += 1) {
      const newline = text.indexOf('\n', start);
      const end = newline === -1 ? text.length : newline;
      if (this.issues.length >= textLimits.issues) {
        return;
      }
      this.#readLine(text.slice(start, end).trim(), line + 1);
      start = end + 1;
    }
    if (!this.#hasFormat) {
      this.refuse(1, `the section [text] with format = ${textFormat.toString()} is missing`);
    }
    if (!this.#seen.has('settings')) {
      this.refuse(line, 'the section [settings] is missing: the text is not complete');
    }
    if (!this.#isEnded) {
      this.refuse(line, 'the section [end] is missing: the text is cut off');
    }
  }

  refuse(line: number, message: string): void {
    this.issues.push({
      operation: undefined,
      entity: 'settings',
      id: '',
      path: `lines.${line.toString()}`,
      code: 'unreadable',
      message: `line ${line.toString()}: ${message}`,
    });
  }

  #readLine(line: string, number: number): void {
    if (line === '' || line.startsWith('#')) {
      return;
    }
    if (line.length > textLimits.charactersPerLine) {
      this.refuse(number, 'the line is too long');
    } else if (this.#isEnded) {
      this.refuse(number, 'nothing may follow the section [end]');
    } else if (line === endOfText) {
      this.#isEnded = true;
    } else if (line.startsWith('[')) {
      this.#section = this.#openSection(line, number);
      this.#isInRefusedSection = this.#section === undefined;
    } else if (this.#section !== undefined) {
      this.#readField(line, number, this.#section);
    } else if (!this.#isInRefusedSection) {
      this.refuse(number, 'a section in brackets is expected first');
    }
  }

  #openSection(line: string, number: number): Section | undefined {
    const match = /^\[([a-z-]{1,32})(?: ([A-Za-z0-9_-]{1,64}))?\]$/.exec(line);
    const [, name = '', givenId] = match ?? [];
    const kind = entityNames.find((known) => known === name);
    const id = kind === undefined ? undefined : (singleIds[kind] ?? givenId);
    const isText = name === 'text' && givenId === undefined;
    const isSingle = kind !== undefined && singleIds[kind] !== undefined;
    const isEntity = kind !== undefined && isSingle === (givenId === undefined);
    if (!isText && !isEntity) {
      this.refuse(number, `a section is one of ${sectionForms}`);
      return undefined;
    }
    if (this.#seen.has(line.slice(1, -1))) {
      this.refuse(number, `the section ${line} is there twice`);
      return undefined;
    }
    this.#seen.add(line.slice(1, -1));
    if (kind === undefined || id === undefined) {
      return { kind: 'text' };
    }
    if (this.entities.length >= textLimits.entities) {
      this.refuse(number, 'there are too many sections');
      return undefined;
    }
    const entity: MutableEntity = { entity: kind, id, fields: {} };
    this.entities.push(entity);
    return { kind: 'entity', entity };
  }

  #readField(line: string, number: number, section: Section): void {
    const match = /^([A-Za-z][A-Za-z0-9]{0,63}) *= *(.+)$/.exec(line);
    const [, name = '', text = ''] = match ?? [];
    if (match === null) {
      this.refuse(number, 'a line is NAME = VALUE');
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      this.refuse(number, `the value of ${name} is not JSON`);
      return;
    }
    if (section.kind === 'text') {
      this.#readTextField(name, value, number);
      return;
    }
    const { fields } = section.entity;
    if (Object.hasOwn(fields, name)) {
      this.refuse(number, `${name} is there twice`);
    } else if (Object.keys(fields).length >= textLimits.fieldsPerEntity) {
      this.refuse(number, 'there are too many fields');
    } else {
      fields[name] = value;
    }
  }

  #readTextField(name: string, value: unknown, number: number): void {
    if (name === 'format' && value === textFormat) {
      this.#hasFormat = true;
    } else if (name === 'secrets' && (value === 'sealed' || value === 'omitted')) {
      this.secrets = value;
    } else {
      this.refuse(number, `${name} cannot have this value here`);
    }
  }
}
