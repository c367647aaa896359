/** What a template reads: named values and lists of rows, each value with its origin. */
import type { Secret } from '../../system/foundation/secret.ts';
import type { Origin } from '../scope/origin.ts';

export type TemplateValue = string | number | boolean | Secret | readonly string[] | undefined;

export interface SourcedValue {
  readonly value: TemplateValue;
  readonly origin: Origin;
}

/** One row of a list. Its fields are read by names of the vocabulary only, so that none reaches a prototype. */
export interface Row {
  readonly values: Fields;
  readonly origin: Origin;
  /** Of fields that come from elsewhere than the row. */
  readonly origins?: Readonly<Record<string, Origin | undefined>>;
}

export type Fields = Readonly<Record<string, TemplateValue>>;

export interface TemplateValues {
  readonly scalars: ReadonlyMap<string, SourcedValue>;
  readonly lists: ReadonlyMap<string, readonly Row[]>;
}

/** The names that a template may use, known when it is compiled. */
export interface Vocabulary {
  readonly scalars: ReadonlyMap<string, NameFacts>;
  readonly lists: ReadonlyMap<string, ReadonlyMap<string, NameFacts>>;
}

export interface NameFacts {
  readonly isSecret: boolean;
}
