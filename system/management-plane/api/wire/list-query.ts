/**
 * What every list of the API understands and answers. Browser-safe: the user interface imports it.
 */
import { z } from 'zod';

/** Long answers are bounded: no list gives more rows than this at once. */
export const maxPageSize = 200;
export const defaultPageSize = 20;

/** A whole number as it stands in a path or query: digits and nothing else. */
export function numberInText(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .meta({ override: { type: 'integer', minimum: min, maximum: max } });
}

/** The query of a list: sort keys are an enumeration, so that none ever reaches SQL as text. */
export function listQuery<const Sort extends readonly [string, ...string[]]>(
  sortKeys: Sort,
  defaultDirection: 'asc' | 'desc' = 'asc',
) {
  return z.strictObject({
    search: z
      .string()
      .max(100)
      .optional()
      .meta({ description: 'Narrows the rows; words in any column shown.' }),
    sort: z.enum(sortKeys).default(sortKeys[0] as Sort[number] as never),
    direction: z.enum(['asc', 'desc']).default(defaultDirection),
    page: numberInText(1, 1_000_000).default(1),
    pageSize: numberInText(1, maxPageSize).default(defaultPageSize),
  });
}

/** One page of a list; `total` counts the rows of all pages. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    total: z.int().min(0),
    page: z.int().min(1),
    pageSize: z.int().min(1),
  });
}

/** An instant with its time zone, always UTC in answers: `2026-03-01T09:30:00.000Z`. */
export const instantSchema = z.iso
  .datetime({ offset: true })
  .meta({ description: 'ISO 8601 with time zone', examples: ['2026-03-01T09:30:00.000Z'] });
