/**
 * Who may do what: one table of permissions and roles. Every route names one permission; what a
 * service forbids beyond that (an administrator changing another one's password) is its own rule.
 * Browser-safe: the user interface hides what the account may not do.
 */
import { type UserRole, userRoles } from '../../configuration/entities/user.ts';

const everyone: readonly UserRole[] = userRoles;
const administrators: readonly UserRole[] = ['superadmin', 'admin'];
const superadminOnly: readonly UserRole[] = ['superadmin'];

/** Roles of each permission that needs an account. `public` is not here: it needs none. */
export const rolesOfPermission = {
  /** Own session and own password: also while the password must be changed. */
  'session.own': everyone,
  'records.own': everyone,
  'phone.own': everyone,
  'events.own': everyone,
  /** The own phonebook and those that one may see; which may be changed is the service's rule. */
  'phonebooks.use': everyone,
  'phonebooks.manage': administrators,
  'users.read': administrators,
  'users.write': administrators,
  'users.export': superadminOnly,
  'users.import': superadminOnly,
  'devices.read': administrators,
  'devices.write': administrators,
  'devices.connect': administrators,
  'registrations.read': administrators,
  'calls.read': administrators,
  'calls.hang-up': administrators,
  'records.read': administrators,
  'records.export': administrators,
  'revisions.read': administrators,
  'revisions.write': administrators,
  'settings.read': administrators,
  'settings.write': administrators,
  'configuration.export': superadminOnly,
  'configuration.import': superadminOnly,
  'blocks.read': administrators,
  'blocks.lift': administrators,
  'parts.read': administrators,
  'parts.write': administrators,
  'tokens.manage': superadminOnly,
  'audit.read': administrators,
} as const satisfies Record<string, readonly UserRole[]>;

export type AccountPermission = keyof typeof rolesOfPermission;
/** What a route declares. */
export type Permission = AccountPermission | 'public';

export const accountPermissions = Object.keys(rolesOfPermission) as readonly AccountPermission[];

export function isPermitted(role: UserRole, permission: Permission): boolean {
  return permission === 'public' || rolesOfPermission[permission].includes(role);
}

/** Everything a role may do: what the user interface builds its menu from. */
export function permissionsOfRole(role: UserRole): AccountPermission[] {
  return accountPermissions.filter((permission) => isPermitted(role, permission));
}
