/** One line of the logs of FTP, as people read it. Browser-safe. */

export const ftpEntryKinds = [
  'sent',
  'sending-broke',
  'stored',
  'storing-broke',
  'too-long',
  'not-found',
  'logged-in',
  'wrong-login',
  'blocked',
  'refused',
  'no-port',
  'stranger',
  'ended',
  'ended-idle',
  'ended-limit',
] as const;
export type FtpEntryKind = (typeof ftpEntryKinds)[number];

/** Which of the two logs it belongs to; `always`: an administrator should know. */
export type FtpLogName = 'transfer' | 'system' | 'always';

export interface FtpEntry {
  readonly atMs: number;
  /** Address of the device. */
  readonly source: string;
  /** What DNS calls it. */
  readonly host?: string | undefined;
  readonly what: FtpEntryKind;
  readonly subject?: string | undefined;
  readonly sizeBytes?: number | undefined;
  readonly durationMs?: number | undefined;
}
