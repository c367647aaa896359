/**
 * What a JSON schema lets stand where: a value that fits, and that value with something else put in
 * one place of it. For tests that send the wrong thing everywhere.
 */
import { z } from 'zod';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The way to a value: names of properties and indexes of arrays. */
export type JsonPlace = readonly (string | number)[];

/** Deeper ones are left out: schemas that hold themselves would have no end. */
const deepestPlace = 4;

export class JsonPlaces {
  readonly #root: JsonSchema;

  constructor(schema: z.ZodType) {
    this.#root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  }

  /** Fits the schema as far as types, choices and what must be there go. */
  get sample(): unknown {
    return this.#sampleOf(this.#root, 0);
  }

  /** The whole, and everything inside of it that the schema names. */
  get places(): readonly JsonPlace[] {
    const found = new Map<string, JsonPlace>();
    this.#collect(this.#root, [], found);
    return [...found.values()];
  }

  #resolve(schema: JsonSchema | boolean | undefined): JsonSchema {
    if (schema === undefined || typeof schema === 'boolean') {
      return {};
    }
    const { $ref } = schema;
    return $ref === undefined ? schema : (this.#root.$defs?.[$ref.split('/').at(-1) ?? ''] ?? {});
  }

  #sampleOf(unresolved: JsonSchema | boolean | undefined, depth: number): unknown {
    const schema = this.#resolve(unresolved);
    const choices = schema.anyOf ?? schema.oneOf;
    if (schema.const !== undefined) {
      return schema.const;
    }
    if (schema.enum !== undefined) {
      return schema.enum[0];
    }
    if (choices !== undefined && depth < deepestPlace) {
      return this.#sampleOf(choices[0], depth + 1);
    }
    const { type, required = [], properties, items, minItems = 0, minimum = 1 } = schema;
    if (type === 'object') {
      return Object.fromEntries(
        required.map((name) => [name, this.#sampleOf(properties?.[name], depth + 1)]),
      );
    }
    if (type === 'array') {
      const item = Array.isArray(items) ? items[0] : items;
      return minItems > 0 ? [this.#sampleOf(item, depth + 1)] : [];
    }
    if (type === 'number' || type === 'integer') {
      return minimum;
    }
    return type === 'boolean' ? true : 'abc';
  }

  #collect(
    unresolved: JsonSchema | boolean | undefined,
    at: JsonPlace,
    found: Map<string, JsonPlace>,
  ): void {
    found.set(at.join('.'), at);
    if (at.length >= deepestPlace) {
      return;
    }
    const schema = this.#resolve(unresolved);
    for (const choice of [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) {
      const { properties = {}, items, additionalProperties } = this.#resolve(choice);
      for (const [name, inner] of Object.entries(properties)) {
        this.#collect(inner, [...at, name], found);
      }
      if (typeof additionalProperties === 'object') {
        this.#collect(additionalProperties, [...at, 'anything'], found);
      }
      if (typeof items === 'object' && !Array.isArray(items)) {
        this.#collect(items, [...at, 0], found);
      }
    }
  }
}

/** `base` with `value` in that place; what is on the way there and does not fit is made anew. */
export function putAt(base: unknown, place: JsonPlace, value: unknown): unknown {
  const [key, ...rest] = place;
  if (key === undefined) {
    return value;
  }
  if (typeof key === 'number') {
    const items: unknown[] = Array.isArray(base) ? [...(base as unknown[])] : [];
    items[key] = putAt(items[key], rest, value);
    return items;
  }
  const fields: Record<string, unknown> =
    typeof base === 'object' && base !== null && !Array.isArray(base) ? { ...base } : {};
  fields[key] = putAt(fields[key], rest, value);
  return fields;
}
