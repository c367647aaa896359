/** The wire form of the audit trail: logins, and who did what. */
import { z } from 'zod';
import { eventNoteSchema } from '../../wire/event-note.ts';
import { instantSchema, listQuery, pageOf } from '../../wire/list-query.ts';

const filters = {
  /** From this instant on. */
  from: instantSchema.optional(),
  /** Before this instant. */
  to: instantSchema.optional(),
  action: z.string().max(60).optional(),
  userId: z.string().max(64).optional(),
};

export const auditQuerySchema = listQuery(['at'], 'desc').extend(filters);
export type AuditQuery = z.infer<typeof auditQuerySchema>;

export const auditExportQuerySchema = z.strictObject({
  search: z.string().max(100).optional(),
  ...filters,
});

export const auditEntrySchema = z
  .object({
    id: z.int(),
    at: instantSchema,
    /** Stable: `login`, `logout`, `password-changed`, `revision`, `users-exported` … */
    action: z.string(),
    /** `nobody`: a login that failed. */
    actorKind: z.enum(['session', 'token', 'system', 'nobody']),
    actorName: z.string(),
    actorId: z.string().optional(),
    isSuccess: z.boolean(),
    /** Where the request came from; empty for the system itself. */
    address: z.string(),
    /** In English. */
    detail: z.string(),
    /** The same as codes and facts; empty where the detail has no words, and in old entries. */
    notes: z.array(eventNoteSchema),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditPageSchema = pageOf(auditEntrySchema).meta({ id: 'AuditPage' });
