/**
 * A short mark of everything about an account whose change must end its sessions: password, role and
 * whether it is enabled. Comparing marks at each request holds for every way in which a user can
 * change: by hand, by import, by taking a revision back.
 */
import { createHash } from 'node:crypto';
import type { User } from '../../configuration/entities/user.ts';

export function stampOfAccount(user: Pick<User, 'role' | 'enabled' | 'webPasswordHash'>): string {
  return createHash('sha256')
    .update(JSON.stringify([user.role, user.enabled, user.webPasswordHash ?? null]))
    .digest('base64url');
}
