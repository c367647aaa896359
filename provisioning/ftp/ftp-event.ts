/** What happens in sessions: for logs and figures. Names and paths are hostile text. */
import type { DataOutcome } from './data-channel.ts';
import type { FtpClient } from './file-store.ts';

export type SessionEnd = 'quit' | 'gone' | 'idle' | 'limit' | 'stopped';

export type FtpHappening =
  | { readonly kind: 'logged-in'; readonly name: string }
  | { readonly kind: 'login-refused'; readonly name: string }
  /** The address is not let in for a while. */
  | { readonly kind: 'blocked' }
  | {
      readonly kind: 'transfer';
      readonly direction: 'sent' | 'received';
      readonly path: string;
      readonly outcome: DataOutcome;
      readonly sizeBytes: number;
      readonly durationMs: number;
    }
  /** A file that there is not, or not for this client. */
  | { readonly kind: 'not-found'; readonly path: string }
  /** Something that is off, or never allowed. */
  | { readonly kind: 'refused'; readonly command: string; readonly path: string }
  /** All ports for data are taken. */
  | { readonly kind: 'no-port' }
  /** Another address wanted the data connection of this client. */
  | { readonly kind: 'stranger'; readonly address: string }
  | { readonly kind: 'ended'; readonly reason: SessionEnd; readonly commands: number };

export interface FtpEvent {
  readonly client: FtpClient;
  readonly happening: FtpHappening;
}
