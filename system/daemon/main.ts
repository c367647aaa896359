/**
 * The program behind `npm start`. Before anything else is loaded it turns on the cache of stripped
 * and compiled modules, for this thread and the workers: without it every start compiles everything
 * anew and keeps the compiler's memory, 45 MB, for as long as it runs.
 */
import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';

const cacheDirectory = resolve(import.meta.dirname, '../../build/compile-cache');
enableCompileCache(cacheDirectory);
// Workers read it from the environment only.
process.env['NODE_COMPILE_CACHE'] ??= cacheDirectory;

const { run } = await import('./run.ts');
try {
  await run();
} catch (error) {
  const { AppError } = await import('../foundation/app-error.ts');
  // What a person can mend gets a sentence; anything else is a bug and shows its stack.
  console.error(error instanceof AppError ? error.message : error);
  process.exit(1);
}
