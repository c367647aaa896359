/**
 * Compiles the daemon's modules into the cache that it loads from (system/daemon/main.ts), so that
 * its very first start is as fast and small as every later one. Runs on the pinned Node.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { root } from './setup.js';

const cacheDirectory = join(root, 'build/compile-cache');
enableCompileCache(cacheDirectory);
process.env.NODE_COMPILE_CACHE = cacheDirectory;

/**
 * A worker without its data ends as soon as it misses them; by then all it imports is compiled.
 * @param {string} entry
 */
function compileWorker(entry) {
  return new Promise((resolve) => {
    const worker = new Worker(join(root, entry), { stderr: true });
    worker.on('error', () => undefined);
    worker.on('exit', resolve);
  });
}

await import('../system/daemon/run.ts');
await import('../system/management-plane/api/api.ts');
await compileWorker('system/management-plane/worker.ts');
await compileWorker('system/media-plane/media-worker.ts');
