/**
 * Loads the native addon that `scripts/build-addon.js` compiles. Every module that wraps one of its
 * functions declares the type of what it uses and asks for it here.
 */
import { createRequire } from 'node:module';

import { AppError } from './app-error.ts';

export class NativeAddonError extends AppError<'not-built' | 'not-loadable'> {}

const require = createRequire(import.meta.url);
const addonPath = '../../build/media.node';

/**
 * The addon's exports; the module system keeps it, so calling again costs little. Throws
 * NativeAddonError.
 */
export function loadNativeAddon(): unknown {
  try {
    return require(addonPath);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
    throw new NativeAddonError(
      isMissing ? 'not-built' : 'not-loadable',
      isMissing
        ? 'build/media.node is missing: run node scripts/build-addon.js'
        : 'build/media.node cannot be loaded',
      { cause: error },
    );
  }
}
