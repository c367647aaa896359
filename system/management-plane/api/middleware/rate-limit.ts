/** Requests per source and minute (429). The limit is a setting and counts from the next request on. */
import type { Clock } from '../../../foundation/clock.ts';
import { ApiError } from '../errors/api-error.ts';
import type { ApiMiddleware } from './api-state.ts';

const windowMs = 60_000;
/** Beyond this many sources at once the oldest is forgotten: memory stays bounded. */
const maxSources = 10_000;

interface Window {
  readonly startedAtMs: number;
  requests: number;
}

/** `requestsPerMin` is asked each time; 0 means no limit. */
export function rateLimit(clock: Clock, requestsPerMin: () => number): ApiMiddleware {
  const windows = new Map<string, Window>();
  return (ctx, next) => {
    const limit = requestsPerMin();
    if (limit > 0) {
      const nowMs = clock.nowMs();
      const window = currentWindow(windows, ctx.state.source, nowMs);
      window.requests += 1;
      if (window.requests > limit) {
        throw new ApiError(
          'too-many-requests',
          `More than ${String(limit)} requests per minute came from this address.`,
          [],
          (window.startedAtMs + windowMs - nowMs) / 1_000,
        );
      }
    }
    return next();
  };
}

function currentWindow(windows: Map<string, Window>, source: string, nowMs: number): Window {
  const known = windows.get(source);
  if (known !== undefined && nowMs - known.startedAtMs < windowMs) {
    return known;
  }
  // Deleted first: a Map keeps insertion order, so the first entry stays the oldest.
  windows.delete(source);
  if (windows.size >= maxSources) {
    const oldest = windows.keys().next();
    if (oldest.done !== true) {
      windows.delete(oldest.value);
    }
  }
  const window = { startedAtMs: nowMs, requests: 0 };
  windows.set(source, window);
  return window;
}
