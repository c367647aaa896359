/**
 * How a field of an entity is declared: its schema together with everything that validation,
 * forms, CSV, text export and the compiler want to know of it. Browser-safe.
 */
import type { z } from 'zod';

/** Who may change a field; `self` is the user whose record it is. */
export type FieldChanger = 'superadmin' | 'admin' | 'self';

export type FieldUnit = 's' | 'min' | 'days' | 'characters' | 'revisions';

/** `required` must be given, `defaulted` has a value when not given, `optional` may have none. */
export type FieldPresence = 'required' | 'defaulted' | 'optional';

export interface FieldFacts {
  /** English; the tables of other languages use the key `<entity>.<field>.label`. */
  readonly label: string;
  /** One English sentence for forms and the API reference; key `<entity>.<field>.help`. */
  readonly help: string;
  readonly unit?: FieldUnit;
  readonly changeableBy: readonly FieldChanger[];
  /** Stored hashed or sealed, never shown: a difference only says that it changed. */
  readonly isSecret?: boolean;
  /** The stored value is sealed text, or a record of sealed texts: it may be written down as it is. */
  readonly isSealed?: boolean;
  /** Heading in CSV files; a field without one is not in them. */
  readonly csvColumn?: string;
}

export interface FieldDeclaration<
  Schema extends z.ZodType = z.ZodType,
  Presence extends FieldPresence = FieldPresence,
> {
  /** Of a value that is there. */
  readonly schema: Schema;
  readonly presence: Presence;
  readonly defaultValue: z.infer<Schema> | undefined;
  readonly label: string;
  readonly help: string;
  readonly unit: FieldUnit | undefined;
  readonly changeableBy: readonly FieldChanger[];
  readonly isSecret: boolean;
  readonly isSealed: boolean;
  readonly csvColumn: string | undefined;
}

export function requiredField<Schema extends z.ZodType>(
  schema: Schema,
  facts: FieldFacts,
): FieldDeclaration<Schema, 'required'> {
  return declareField(schema, 'required', undefined, facts);
}

export function defaultedField<Schema extends z.ZodType>(
  schema: Schema,
  defaultValue: z.infer<Schema>,
  facts: FieldFacts,
): FieldDeclaration<Schema, 'defaulted'> {
  return declareField(schema, 'defaulted', defaultValue, facts);
}

export function optionalField<Schema extends z.ZodType>(
  schema: Schema,
  facts: FieldFacts,
): FieldDeclaration<Schema, 'optional'> {
  return declareField(schema, 'optional', undefined, facts);
}

function declareField<Schema extends z.ZodType, Presence extends FieldPresence>(
  schema: Schema,
  presence: Presence,
  defaultValue: z.infer<Schema> | undefined,
  facts: FieldFacts,
): FieldDeclaration<Schema, Presence> {
  return {
    schema,
    presence,
    defaultValue,
    label: facts.label,
    help: facts.help,
    unit: facts.unit,
    changeableBy: facts.changeableBy,
    isSecret: facts.isSecret ?? false,
    isSealed: facts.isSealed ?? false,
    csvColumn: facts.csvColumn,
  };
}
