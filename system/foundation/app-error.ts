/**
 * The base of every error that a caller may sensibly handle. Each domain declares its own subclass
 * with its own codes in its own file. A plain `Error` is a bug: it ends the one call or request in
 * which it happened, never the daemon.
 */
export class AppError<Code extends string = string> extends Error {
  readonly code: Code;
  /** Facts for the log and the API; never secrets. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: Code,
    message: string,
    options: { details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** The message of anything that was thrown. */
export function toErrorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
