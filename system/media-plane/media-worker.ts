/**
 * The media worker's thread: gives sound to all endpoints that end in the PBX, one batch per 20 ms.
 * It holds no state that outlives it; when it dies, its host starts another and services begin anew.
 */
import { parentPort, workerData } from 'node:worker_threads';

import type { MediaWorkerData, MediaWorkerMessage } from './media-worker-messages.ts';
import { loadMediaAddon } from './native/binding.ts';
import { ServiceExchange } from './service-exchange.ts';
import { ServiceRunner } from './service-runner.ts';
import { installedVoices, loadVoices } from './voices/voice.ts';

function tell(message: MediaWorkerMessage): void {
  parentPort?.postMessage(message);
}

const { plane } = workerData as MediaWorkerData;

// The first tick comes from the event loop, never inside connectWorker: the runner exists by then.
const memory = loadMediaAddon().connectWorker(plane, () => {
  runner.tick();
});
const voices = loadVoices(installedVoices);
const runner = new ServiceRunner(new ServiceExchange(memory), voices, (error) => {
  tell({
    kind: 'service-failed',
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
});
tell({ kind: 'ready' });
