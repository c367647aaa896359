/**
 * An entity: its fields, each declared once, with what follows from the declarations. Documents are
 * complete in memory and stored sparse, without fields that have their default: so a later
 * version can improve a default, and old documents get fields that did not exist then.
 */
import { z } from 'zod';
import { tellIssue, valueRequired } from '../tell-issue.ts';
import type { FieldDeclaration } from './field.ts';
import type { ValidationIssue } from './validation-issue.ts';

/** An entity as code that treats all of them alike sees it. */
export interface AnyEntity {
  readonly name: string;
  readonly fields: FieldDeclarations;
  readonly fieldNames: readonly string[];
  validate(input: AnyDocument, id: string): ValidationResult<AnyDocument>;
  salvage(input: AnyDocument): AnyDocument;
  fromStored(stored: AnyDocument): AnyDocument;
  toStored(document: AnyDocument): AnyDocument;
}

export type FieldDeclarations = Readonly<Record<string, FieldDeclaration>>;

type FieldValue<Field> =
  Field extends FieldDeclaration<infer Schema> ? WithoutChange<z.infer<Schema>> : never;

/** Documents are shared and never changed in place: lists in them are read-only. */
type WithoutChange<Value> = Value extends readonly (infer Item)[] ? readonly Item[] : Value;

type OptionalName<Fields extends FieldDeclarations> = {
  [Name in keyof Fields]: Fields[Name]['presence'] extends 'optional' ? Name : never;
}[keyof Fields];

type Flat<T> = { [Name in keyof T]: T[Name] };

/** A complete document of the entity. */
export type DocumentOf<Fields extends FieldDeclarations> = Flat<
  {
    readonly [Name in Exclude<keyof Fields, OptionalName<Fields>>]: FieldValue<Fields[Name]>;
  } & { readonly [Name in OptionalName<Fields>]?: FieldValue<Fields[Name]> }
>;

/** A document of any entity, as generic code sees it. */
export type AnyDocument = Readonly<Record<string, unknown>>;

export type ValidationResult<Document> =
  | { readonly kind: 'valid'; readonly document: Document }
  | { readonly kind: 'invalid'; readonly issues: readonly ValidationIssue[] };

export class Entity<Fields extends FieldDeclarations = FieldDeclarations> {
  readonly name: string;
  readonly fields: Fields;
  /** In the order of the declaration: forms, CSV and text export keep it. */
  readonly fieldNames: readonly (keyof Fields & string)[];
  readonly #schema: z.ZodType;
  readonly #rules: (document: DocumentOf<Fields>, id: string) => readonly ValidationIssue[];

  constructor(
    name: string,
    fields: Fields,
    /** What no single field can say, e.g. that one is required when another has some value. */
    rules: (document: DocumentOf<Fields>, id: string) => readonly ValidationIssue[],
  ) {
    this.name = name;
    this.fields = fields;
    this.fieldNames = Object.keys(fields);
    this.#schema = z.strictObject(
      Object.fromEntries(
        Object.entries(fields).map(([fieldName, field]) => [
          fieldName,
          field.presence === 'optional' ? field.schema.optional() : field.schema,
        ]),
      ),
    );
    this.#rules = rules;
  }

  /** Fills in defaults and checks everything; reports every issue at once. */
  validate(input: AnyDocument, id: string): ValidationResult<DocumentOf<Fields>> {
    const filled: AnyDocument = this.fromStored(input);
    const result = this.#schema.safeParse(filled, { error: tellIssue });
    if (!result.success) {
      const issues = result.error.issues.flatMap((issue) => toValidationIssues(issue, filled));
      return { kind: 'invalid', issues };
    }
    const document = this.#ordered(result.data as AnyDocument);
    const issues = this.#rules(document, id);
    return issues.length === 0 ? { kind: 'valid', document } : { kind: 'invalid', issues };
  }

  /** What is right of a document that is not: fields that are valid in themselves, with defaults. */
  salvage(input: AnyDocument): AnyDocument {
    const salvaged: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(this.fromStored(input))) {
      if (this.fields[name]?.schema.safeParse(value).success === true) {
        salvaged[name] = value;
      }
    }
    return this.fromStored(salvaged);
  }

  /** The complete document of a sparse one, unchecked: it was checked when it was stored. */
  fromStored(stored: AnyDocument): DocumentOf<Fields> {
    const document: Record<string, unknown> = {};
    for (const name of this.fieldNames) {
      const value = stored[name] ?? this.fields[name]?.defaultValue;
      if (value !== undefined && value !== null) {
        document[name] = value;
      }
    }
    for (const name of Object.keys(stored)) {
      if (!Object.hasOwn(this.fields, name)) {
        document[name] = stored[name];
      }
    }
    return document as DocumentOf<Fields>;
  }

  toStored(document: DocumentOf<Fields>): AnyDocument {
    const stored: Record<string, unknown> = {};
    const values = document as AnyDocument;
    for (const name of this.fieldNames) {
      const value = values[name];
      if (value !== undefined && !isEqualValue(value, this.fields[name]?.defaultValue)) {
        stored[name] = value;
      }
    }
    return stored;
  }

  #ordered(document: AnyDocument): DocumentOf<Fields> {
    const ordered: Record<string, unknown> = {};
    for (const name of this.fieldNames) {
      if (document[name] !== undefined) {
        ordered[name] = document[name];
      }
    }
    return ordered as DocumentOf<Fields>;
  }
}

/** Equality of field values: scalars, lists and records of them, whatever the order of keys. */
export function isEqualValue(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return false;
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((value, index) => isEqualValue(value, b[index]))
    );
  }
  const left = Object.entries(a);
  const right = b as Readonly<Record<string, unknown>>;
  return (
    left.length === Object.keys(right).length &&
    left.every(([name, value]) => Object.hasOwn(right, name) && isEqualValue(value, right[name]))
  );
}

function toValidationIssues(issue: z.core.$ZodIssue, document: AnyDocument): ValidationIssue[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: path === '' ? key : `${path}.${key}`,
      code: 'unknown-field',
      message: `there is no field ${key}`,
    }));
  }
  const isMissing = issue.path.length === 1 && document[path] === undefined;
  return [
    isMissing
      ? { path, code: 'missing', message: valueRequired }
      : { path, code: 'invalid-value', message: issue.message },
  ];
}
