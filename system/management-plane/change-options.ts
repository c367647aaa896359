/** What goes with a change that becomes a revision, whichever service makes it. */
export interface ChangeOptions {
  /** For the history, in the words of whoever made it. */
  readonly reason?: string | undefined;
  /** Taken back by itself unless it is confirmed within this time. */
  readonly confirmWithinSec?: number | undefined;
}

/** A change of one record, which may have changed since the caller saw it. */
export interface RecordChangeOptions extends ChangeOptions {
  /** The version that the caller saw: another one is a conflict. Any if missing. */
  readonly ifVersion?: number | undefined;
}
