/** What goes with a change that becomes a revision, whichever service makes it. */
export interface ChangeOptions {
  /** For the history, in the words of whoever made it. */
  readonly reason?: string | undefined;
  /** Taken back by itself unless it is confirmed within this time. */
  readonly confirmWithinSec?: number | undefined;
}
