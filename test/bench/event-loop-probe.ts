/**
 * Loaded into the daemon by a benchmark (`node --import`): notes how late each thread comes to a
 * timer of 10 ms, as JSON lines {thread, atMs, lateMs: […]} in the file EVENT_LOOP_PROBE, one a second.
 */
import { appendFile } from 'node:fs';
import { isMainThread, threadId } from 'node:worker_threads';

const path = process.env['EVENT_LOOP_PROBE'];
const intervalMs = 10;
const thread = isMainThread ? 'main' : `worker-${String(threadId)}`;

if (path !== undefined) {
  let late: number[] = [];
  let before = performance.now();
  setInterval(() => {
    const now = performance.now();
    late.push(Math.max(0, Math.round((now - before - intervalMs) * 100) / 100));
    before = now;
  }, intervalMs).unref();
  setInterval(() => {
    const line = { thread, atMs: Date.now(), lateMs: late };
    late = [];
    appendFile(path, `${JSON.stringify(line)}\n`, () => undefined);
  }, 1_000).unref();
}
