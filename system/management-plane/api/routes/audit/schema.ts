/** The wire form of the audit trail: logins and changes. */
import { z } from 'zod';
import { instantSchema, listQuery, pageOf } from '../../list-query.ts';

export const auditQuerySchema = listQuery(['at'], 'desc').extend({
  from: instantSchema.optional(),
  to: instantSchema.optional(),
  action: z.string().max(60).optional(),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

export const auditEntrySchema = z
  .object({
    id: z.int(),
    at: instantSchema,
    /** Stable: `login`, `login-failed`, `logout`, `user.create` … */
    action: z.string(),
    actorName: z.string(),
    actorId: z.string().optional(),
    isSuccess: z.boolean(),
    /** Where the request came from; empty for the system itself. */
    address: z.string(),
    detail: z.string(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditPageSchema = pageOf(auditEntrySchema).meta({ id: 'AuditPage' });
