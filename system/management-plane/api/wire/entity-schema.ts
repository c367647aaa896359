/**
 * Request and answer schemas out of entity declarations, so that a field is declared once.
 * Browser-safe: the user interface imports it through the resources' schemas.
 */
import type { z } from 'zod';
import type { FieldDeclarations } from '../../../configuration/entities/entity.ts';

type PublicName<Fields extends FieldDeclarations, Name extends keyof Fields> = Name & string;

type AnswerShape<Fields extends FieldDeclarations, Name extends keyof Fields> = {
  [Key in Name]: Fields[Key]['presence'] extends 'optional'
    ? z.ZodOptional<Fields[Key]['schema']>
    : Fields[Key]['schema'];
};

type CreateShape<Fields extends FieldDeclarations, Name extends keyof Fields> = {
  [Key in Name]: Fields[Key]['presence'] extends 'required'
    ? Fields[Key]['schema']
    : z.ZodOptional<Fields[Key]['schema']>;
};

type ChangeShape<Fields extends FieldDeclarations, Name extends keyof Fields> = {
  [Key in Name]: Fields[Key]['presence'] extends 'required'
    ? z.ZodOptional<Fields[Key]['schema']>
    : z.ZodOptional<z.ZodNullable<Fields[Key]['schema']>>;
};

/** Fields of a document as it is answered. */
export function answerShape<Fields extends FieldDeclarations, const Name extends keyof Fields>(
  fields: Fields,
  names: readonly PublicName<Fields, Name>[],
): AnswerShape<Fields, Name> {
  return shapeOf(fields, names, (schema, presence) =>
    presence === 'optional' ? schema.optional() : schema,
  ) as AnswerShape<Fields, Name>;
}

/** Fields of a new document: those with a default may be left out. */
export function createShape<Fields extends FieldDeclarations, const Name extends keyof Fields>(
  fields: Fields,
  names: readonly PublicName<Fields, Name>[],
): CreateShape<Fields, Name> {
  return shapeOf(fields, names, (schema, presence) =>
    presence === 'required' ? schema : schema.optional(),
  ) as CreateShape<Fields, Name>;
}

/**
 * Named fields of a PATCH: what is left out stays; null takes a value away, so that an optional
 * field is empty and another has its default again.
 */
export function changeShape<Fields extends FieldDeclarations, const Name extends keyof Fields>(
  fields: Fields,
  names: readonly PublicName<Fields, Name>[],
): ChangeShape<Fields, Name> {
  return shapeOf(fields, names, (schema, presence) =>
    presence === 'required' ? schema.optional() : schema.nullable().optional(),
  ) as ChangeShape<Fields, Name>;
}

function shapeOf<Fields extends FieldDeclarations>(
  fields: Fields,
  names: readonly (keyof Fields & string)[],
  adapt: (schema: z.ZodType, presence: 'required' | 'defaulted' | 'optional') => z.ZodType,
): Record<string, z.ZodType> {
  const shape: Record<string, z.ZodType> = {};
  for (const name of names) {
    const field: FieldDeclarations[string] | undefined = fields[name];
    if (field !== undefined) {
      shape[name] = adapt(field.schema, field.presence).meta({ description: field.help });
    }
  }
  return shape;
}
