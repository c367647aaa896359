/**
 * Taking a revision back is a change like any other: nobody may do by a revert what they could not
 * do by hand, such as making an administrator again of someone who was one.
 */
import { builtInAdminId, type UserRole } from '../../configuration/entities/user.ts';
import type { Actor } from '../actor.ts';
import type { ConfigurationStore } from '../configuration-store/configuration-store.ts';
import type { EntityChange } from '../configuration-store/revision.ts';
import { findForbiddenSettings, findForbiddenUserFields, mayManageRole } from './change-rules.ts';
import { UsersError, type UsersIssue } from './users-error.ts';

/** Throws UsersError `forbidden` when `actor` may not take revision `number` back. */
export async function requireMayRevert(
  store: Pick<ConfigurationStore, 'getRevision' | 'findUsers'>,
  actor: Actor,
  number: number,
): Promise<void> {
  const { changes } = await store.getRevision(number);
  if (changes.some(isPasswordOfAdmin)) {
    // The one before may be the factory password, which is worth nothing any more.
    throw new UsersError('forbidden', 'The password of admin is not taken back. Set another one.');
  }
  if (actor.role === 'superadmin') {
    return;
  }
  const users = await store.findUsers(
    changes.filter((change) => change.entity === 'user').map((change) => change.id),
  );
  const roles = new Map(users.map((user) => [user.id, user.document.role]));
  const issues = changes.flatMap((change) => findIssues(actor, change, roles.get(change.id)));
  if (issues.length > 0) {
    throw new UsersError('forbidden', 'This change can only be taken back by admin.', issues);
  }
}

function isPasswordOfAdmin(change: EntityChange): boolean {
  return (
    change.id === builtInAdminId && change.fields.some(({ field }) => field === 'webPasswordHash')
  );
}

function findIssues(
  actor: Actor,
  change: EntityChange,
  roleNow: UserRole | undefined,
): UsersIssue[] {
  const fields = change.fields.map((field) => field.field);
  if (change.entity === 'settings') {
    return findForbiddenSettings(actor, fields);
  }
  if (change.entity !== 'user') {
    // Devices and what belongs to them are every administrator's.
    return [];
  }
  const rolesThen = change.fields.flatMap((field) =>
    field.field === 'role' ? [field.before, field.after] : [],
  );
  const touchesAdministrator = [roleNow, ...rolesThen].some(
    (role) => role === 'admin' || role === 'superadmin',
  );
  if (touchesAdministrator && change.id !== actor.userId) {
    return [{ path: change.id, code: 'forbidden', message: `${change.title} is an administrator` }];
  }
  if (change.kind !== 'update') {
    return mayManageRole(actor, roleNow ?? 'user')
      ? []
      : [{ path: change.id, code: 'forbidden', message: 'users are managed by administrators' }];
  }
  return findForbiddenUserFields(actor, { id: change.id, role: roleNow ?? 'user' }, fields);
}
