/**
 * The files of the user interface. Paths without a file extension belong to the interface's own
 * pages and get its start page; nothing outside the folder is ever served.
 */
import { extname } from 'node:path';
import type { ApiMiddleware } from './middleware/api-state.ts';

/** Vite puts the content's hash into the names of everything below this path. */
const hashedPrefix = '/assets/';

export function staticFiles(directory: string): ApiMiddleware {
  return async (ctx, next) => {
    if (ctx.path === '/api' || ctx.path.startsWith('/api/')) {
      return next();
    }
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.status = 405;
      ctx.set('Allow', 'GET, HEAD');
      return;
    }
    // Loaded with the first page, so that a restart is not kept waiting for it.
    const { default: send } = await import('koa-send');
    const isPage = extname(ctx.path) === '';
    try {
      await send(ctx as never, isPage ? '/index.html' : ctx.path, {
        root: directory,
        setHeaders: (response) => {
          response.setHeader(
            'Cache-Control',
            !isPage && ctx.path.startsWith(hashedPrefix)
              ? 'public, max-age=31536000, immutable'
              : 'no-cache',
          );
        },
      });
    } catch (error) {
      if (!isRefusal(error)) {
        throw error;
      }
      ctx.status = 404;
    }
  };
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
