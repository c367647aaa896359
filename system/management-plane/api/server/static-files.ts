/**
 * The files of the user interface. Paths without a file extension belong to the interface's own
 * pages and get its start page; nothing outside the folder is ever served, by links neither.
 */
import { realpathSync } from 'node:fs';
import { extname, sep } from 'node:path';
import { ApiError } from '../errors/api-error.ts';
import type { ApiMiddleware } from '../middleware/api-state.ts';

/** Vite puts the content's hash into the names of everything below this path. */
const hashedPrefix = '/assets/';

export function staticFiles(directory: string): ApiMiddleware {
  return async (ctx, next) => {
    if (ctx.path === '/api' || ctx.path.startsWith('/api/')) {
      await next();
      return;
    }
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.status = 405;
      ctx.set('Allow', 'GET, HEAD');
      return;
    }
    // Loaded with the first page, so that a restart is not kept waiting for it.
    const { default: send } = await import('koa-send');
    const isPage = extname(ctx.path) === '';
    const isHashed = !isPage && ctx.path.startsWith(hashedPrefix);
    try {
      await send(ctx, isPage ? '/index.html' : ctx.path, {
        root: directory,
        setHeaders: (response, path) => {
          requireInside(directory, path);
          const lifetime = isHashed ? 'public, max-age=31536000, immutable' : 'no-cache';
          response.setHeader('Cache-Control', lifetime);
        },
      });
    } catch (error) {
      if (!isRefusal(error)) {
        throw error;
      }
      throw new ApiError('not-found', 'There is no such file.');
    }
  };
}

function requireInside(directory: string, path: string): void {
  if (!realpathSync(path).startsWith(`${realpathSync(directory)}${sep}`)) {
    throw new ApiError('not-found', 'There is no such file.');
  }
}

/** What koa-send throws for a missing file, a path that leads outside, or a hidden one. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof Error &&
    'status' in error &&
    typeof error.status === 'number' &&
    error.status < 500
  );
}
