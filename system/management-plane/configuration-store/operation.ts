/**
 * What a commit consists of. The documents of an update are partial: only the named fields
 * change, and `null` takes a value away (an optional field is then empty, another has its
 * default again).
 */
import type { Settings } from '../../configuration/entities/settings.ts';
import type { User } from '../../configuration/entities/user.ts';
import type { Secret } from '../../foundation/secret.ts';

type Changes<Document> = { readonly [Name in keyof Document]?: Document[Name] | null | undefined };

/**
 * The fields of a user that a commit may set. `sipPassword` is the clear SIP password: the
 * store seals it together with its digest hashes and keeps those right when the SIP user name or
 * the SIP domain changes. `webPasswordHash` is hashed by the caller.
 */
export interface UserChanges extends Changes<Omit<User, 'sipCredentials'>> {
  readonly sipPassword?: Secret | null | undefined;
}

export type SettingsChanges = Changes<Settings>;

interface CreateUser {
  readonly kind: 'create';
  readonly entity: 'user';
  readonly id: string;
  readonly after: UserChanges;
}

interface UpdateUser {
  readonly kind: 'update';
  readonly entity: 'user';
  readonly id: string;
  readonly after: UserChanges;
  /** The commit fails with `stale` unless this is the version of the entity now. */
  readonly ifVersion?: number | undefined;
}

interface DeleteUser {
  readonly kind: 'delete';
  readonly entity: 'user';
  readonly id: string;
  readonly ifVersion?: number | undefined;
}

interface UpdateSettings {
  readonly kind: 'update';
  readonly entity: 'settings';
  readonly id: 'settings';
  readonly after: SettingsChanges;
  readonly ifVersion?: number | undefined;
}

export type Operation = CreateUser | UpdateUser | DeleteUser | UpdateSettings;

export type OperationKind = Operation['kind'];
