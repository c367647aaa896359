/** A media worker whose first life ends in an endless loop inside a tick; the next one serves. */
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
    for (;;) {
      // Never gives the tick back.
    }
  });
  parentPort?.postMessage({ kind: 'ready' });
}
