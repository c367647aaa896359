/**
 * What the network asks about the source of each message, before it spends anything on it.
 * `system/call-plane/sip/authentication/source-guard.ts` implements it.
 */
export interface SourceGate {
  /** Counts and judges a message that has just arrived. */
  admit(address: string): 'pass' | 'drop';
  /** Judges a request that was read, before anything is done with it. */
  admitRequest(address: string, method: string, userAgent: string | undefined): 'pass' | 'drop';
  noteMalformed(address: string): void;
}
