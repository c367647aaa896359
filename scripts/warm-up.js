/**
 * Compiles the daemon's modules into the cache that it loads from (system/daemon/main.ts), so that
 * its very first start is as fast and small as every later one. Runs on the pinned Node.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { root } from './setup.js';

enableCompileCache(join(root, 'build/compile-cache'));
await import('../system/daemon/run.ts');
await import('../system/management-plane/management-plane.ts');
await import('../system/management-plane/api/api.ts');
const { loadRoutes } = await import('../system/management-plane/api/route-table.ts');
await loadRoutes();
await import('../system/management-plane/provisioning/provisioning.ts');
// The entries of workers end where they miss their worker's data: compiled they are by then.
await import('../system/management-plane/worker.ts').catch(() => undefined);
await import('../system/media-plane/media-worker.ts').catch(() => undefined);
