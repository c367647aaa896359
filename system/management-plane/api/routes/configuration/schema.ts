/** The wire form of the whole configuration as text: export, preview of an import, import. */
import { z } from 'zod';
import { problemIssueSchema } from '../../errors/problem.ts';
import { entityChangeSchema } from '../revisions/schema.ts';

export const exportQuerySchema = z.strictObject({
  /** Sealed passwords go with it, for a move to another appliance. */
  secrets: z.enum(['true', 'false']).default('false'),
});

/** The text of an export, possibly edited. */
export const configurationTextSchema = z.string().max(10_000_000);

export const importPreviewSchema = z
  .object({
    /** What the import would change, at most 1,000 of them. */
    changes: z.array(entityChangeSchema),
    total: z.int().min(0),
    /** When there are any, the import is refused with the same. */
    issues: z.array(problemIssueSchema),
  })
  .meta({ id: 'ConfigurationImportPreview' });
export type ConfigurationImportPreview = z.infer<typeof importPreviewSchema>;
