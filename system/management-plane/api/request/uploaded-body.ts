/** A body that is too large for the memory, as a route declares it and its handler gets it. */
import type { Readable } from 'node:stream';
import { z } from 'zod';

export interface UploadedBody {
  readonly source: Readable;
  /** As the client says; undefined when it does not. */
  readonly sizeBytes: number | undefined;
}

export const uploadedBodySchema = z
  .custom<UploadedBody>((value) => typeof value === 'object' && value !== null)
  .meta({ override: { type: 'string', format: 'binary' } });
