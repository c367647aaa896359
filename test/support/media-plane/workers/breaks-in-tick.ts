/** A media worker whose tick throws in its first life; the next one serves. */
import { existsSync, writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

import type { MediaWorkerData } from '../../../../system/media-plane/media-worker-messages.ts';
import { loadMediaAddon } from '../../../../system/media-plane/native/binding.ts';

const marker = process.env['MEDIA_WORKER_MARKER'] ?? '';
if (existsSync(marker)) {
  await import('../../../../system/media-plane/media-worker.ts');
} else {
  writeFileSync(marker, '');
  loadMediaAddon().connectWorker((workerData as MediaWorkerData).plane, () => {
    throw new Error('broken tick');
  });
  parentPort?.postMessage({ kind: 'ready' });
}
