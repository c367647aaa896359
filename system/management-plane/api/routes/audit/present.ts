/** Entries of the audit trail as they leave. */
import { presentEventNote } from '../../wire/event-note.ts';
import type { AuditEntry as StoredEntry } from '../../../accounts/audit-log.ts';
import { presentInstant } from '../../wire/instant.ts';
import type { AuditEntry } from './schema.ts';

export function presentAuditEntry(entry: StoredEntry): AuditEntry {
  return {
    id: entry.id,
    at: presentInstant(entry.atMs),
    action: entry.action,
    actorKind: entry.actorKind,
    actorName: entry.actorName,
    actorId: entry.actorId,
    isSuccess: entry.isSuccess,
    address: entry.address,
    detail: entry.detail,
    notes: entry.notes.map(presentEventNote),
  };
}
