/** A media worker that dies from an uncaught exception in its first life, and then serves. */
import { existsSync, writeFileSync } from 'node:fs';

const marker = process.env['MEDIA_WORKER_MARKER'] ?? '';
if (!existsSync(marker)) {
  writeFileSync(marker, '');
  throw new Error('first life');
}
await import('../../../../system/media-plane/media-worker.ts');
