/** Lines of folders: LIST as `ls -l` writes it, NLST (RFC 959 §4.1.3), MLSD and MLST (RFC 3659 §7). Pure. */

export interface FtpEntry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
}

export type ListForm = 'LIST' | 'NLST' | 'MLSD';

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const halfYearMs = 180 * 86_400_000;

export function serializeListing(
  form: ListForm,
  entries: readonly FtpEntry[],
  nowMs: number,
): string {
  return entries.map((entry) => `${toLine(form, entry, nowMs)}\r\n`).join('');
}

/** `type=file;size=12;modify=20261122080000; name` */
export function describeFacts({ name, isFolder, sizeBytes, modifiedMs }: FtpEntry): string {
  const facts = isFolder ? 'type=dir;' : `type=file;size=${String(sizeBytes)};`;
  return `${facts}modify=${formatTime(modifiedMs)}; ${name}`;
}

/** `20261122080000`, UTC (RFC 3659 §2.3). */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14);
}

function toLine(form: ListForm, entry: FtpEntry, nowMs: number): string {
  switch (form) {
    case 'NLST':
      return entry.name;
    case 'MLSD':
      return describeFacts(entry);
    case 'LIST': {
      const rights = entry.isFolder ? 'drwxr-xr-x' : '-rw-r--r--';
      const size = String(entry.sizeBytes).padStart(10);
      return `${rights} 1 campanile campanile ${size} ${toListTime(entry.modifiedMs, nowMs)} ${entry.name}`;
    }
  }
}

function toListTime(ms: number, nowMs: number): string {
  const date = new Date(ms);
  const day = String(date.getUTCDate()).padStart(2);
  const time =
    Math.abs(nowMs - ms) < halfYearMs
      ? date.toISOString().slice(11, 16)
      : String(date.getUTCFullYear()).padStart(5);
  return `${months[date.getUTCMonth()] ?? ''} ${day} ${time}`;
}
