/**
 * What every part logs through. Lines are structured: a message for people and fields for
 * programs. `system/foundation/log-book.ts` writes them; tests record them.
 *
 * `error`: someone must act. `warn`: degraded and recovering. `info`: state an operator follows.
 * `debug`: protocol steps.
 */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** Whether `debug` lines go anywhere: ask before computing something only for one. */
  isDebugEnabled(): boolean;
  /** The same logger with fields added to every line, e.g. `{ callRef }`. */
  child(fields: LogFields): Logger;
}

/** Swallows everything: for benchmarks of pure code and for tests that do not look at the log. */
export const silentLogger: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  isDebugEnabled: () => false,
  child: () => silentLogger,
};
