/** Compresses answers above a kilobyte, at a level that costs little on a small appliance. */
import { constants } from 'node:zlib';
import compress from 'koa-compress';
import type { ApiMiddleware } from './api-state.ts';

export function compression(): ApiMiddleware {
  return compress({
    threshold: 1_024,
    br: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    gzip: { level: 5 },
    deflate: false,
  }) as ApiMiddleware;
}
