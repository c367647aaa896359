/**
 * Who may change what of whom, read off the declarations of the fields. Administrators other than
 * the built-in `admin` manage plain users and themselves, not each other; only `admin` makes
 * administrators.
 */
import { settingsEntity } from '../../configuration/entities/settings.ts';
import { userEntity, type UserRole } from '../../configuration/entities/user.ts';
import type { FieldChanger, FieldDeclaration } from '../../configuration/entities/field.ts';
import type { Actor } from '../actor.ts';
import type { UsersIssue } from './users-error.ts';

/** Whom a change is about, as they were before it. */
export interface ChangeTarget {
  readonly id: string;
  readonly role: UserRole;
}

/** A secret goes by the name under which it is set. */
const declaredNames: Readonly<Record<string, string>> = { sipPassword: 'sipCredentials' };

/** Why `actor` may not change these fields of the user; empty when it may. */
export function findForbiddenUserFields(
  actor: Actor,
  target: ChangeTarget,
  fields: readonly string[],
): UsersIssue[] {
  return findForbiddenFields(changersFor(actor, target), userEntity.fields, fields);
}

/** Why `actor` may not change these settings; empty when it may. */
export function findForbiddenSettings(actor: Actor, fields: readonly string[]): UsersIssue[] {
  return findForbiddenFields(changersOfRole(actor.role), settingsEntity.fields, fields);
}

/** Whether `actor` may create or delete a user of that role at all. */
export function mayManageRole(actor: Actor, role: UserRole): boolean {
  return actor.role === 'superadmin' || (actor.role === 'admin' && role === 'user');
}

function changersFor(actor: Actor, target: ChangeTarget): ReadonlySet<FieldChanger> {
  const changers = new Set<FieldChanger>();
  const isSelf = actor.userId === target.id;
  if (actor.role !== 'user' && (isSelf || mayManageRole(actor, target.role))) {
    changers.add(actor.role);
  }
  if (isSelf) {
    changers.add('self');
  }
  return changers;
}

function changersOfRole(role: UserRole): ReadonlySet<FieldChanger> {
  return new Set(role === 'user' ? [] : [role]);
}

function findForbiddenFields(
  changers: ReadonlySet<FieldChanger>,
  declarations: Readonly<Record<string, FieldDeclaration>>,
  fields: readonly string[],
): UsersIssue[] {
  return fields.flatMap((field) => {
    // A field that does not exist is the store's to report.
    const allowed = declarations[declaredNames[field] ?? field]?.changeableBy;
    return allowed === undefined || allowed.some((changer) => changers.has(changer))
      ? []
      : [
          {
            path: field,
            code: 'forbidden',
            message: 'only the administrator admin may change this',
          },
        ];
  });
}
