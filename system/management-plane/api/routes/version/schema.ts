/** The wire form of the version. */
import { z } from 'zod';

export const versionSchema = z
  .object({ product: z.literal('Campanile'), version: z.string(), api: z.literal('v1') })
  .meta({ id: 'Version' });
export type Version = z.infer<typeof versionSchema>;
