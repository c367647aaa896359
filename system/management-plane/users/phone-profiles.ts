/**
 * What a user takes along to every phone: keys, a few settings and the PIN to log in with. The user
 * may change it himself, administrators as the rules of roles allow.
 */
import type { PhonePreferences, UserKey } from '../../configuration/entities/phone-profile.ts';
import type { User } from '../../configuration/entities/user.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { PasswordHasher } from '../accounts/password-hash.ts';
import type { Actor } from '../actor.ts';
import type { ConfigurationStore, Stored } from '../configuration-store/configuration-store.ts';
import type { UserChanges } from '../configuration-store/operation.ts';
import type { DeviceDirectory } from '../provisioning/directory/device-directory.ts';
import type { DeviceFiles } from '../provisioning/files/device-files.ts';
import { findForbiddenUserFields } from './change-rules.ts';
import { findPinFault } from './phone-pin.ts';
import { UsersError } from './users-error.ts';

/** A phone of the user and how much of the profile it has room for. */
export interface ProfiledPhone {
  readonly mac: string;
  readonly comment: string | undefined;
  /** Undefined while nobody knows. */
  readonly model: { readonly name: string; readonly keys: number } | undefined;
  readonly isRegistered: boolean;
  readonly keysLeftOut: number;
  readonly linesLeftOut: number;
}

export interface PhoneProfile {
  readonly user: Stored<User>;
  readonly phones: readonly ProfiledPhone[];
}

/** Fields that are named change; null takes the PIN away. */
export interface PhoneProfileChanges {
  readonly keys?: readonly UserKey[] | undefined;
  readonly preferences?: PhonePreferences | undefined;
  readonly pin?: string | null | undefined;
}

export interface PhoneProfilesOptions {
  readonly store: Pick<ConfigurationStore, 'commit' | 'findUser'>;
  readonly hasher: Pick<PasswordHasher, 'hash'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly directory: Pick<DeviceDirectory, 'list'>;
  readonly files: Pick<DeviceFiles, 'modelOf' | 'findLeftOut'>;
}

const maximumPhones = 50;

/** Methods reject with UsersError, and with ConfigurationError as the store's `commit` does. */
export class PhoneProfiles {
  readonly #options: PhoneProfilesOptions;

  constructor(options: PhoneProfilesOptions) {
    this.#options = options;
  }

  async find(userId: string): Promise<PhoneProfile> {
    const user = await this.#require(userId);
    const { directory, files } = this.#options;
    const { items } = directory.list({
      userId,
      sort: 'mac',
      direction: 'asc',
      page: 1,
      pageSize: maximumPhones,
    });
    const phones: ProfiledPhone[] = [];
    for (const { stored, binding } of items) {
      const known = files.modelOf(stored);
      const leftOut = await files.findLeftOut(stored);
      const { comment, mac } = stored.document;
      phones.push({
        mac,
        comment,
        model:
          known === undefined ? undefined : { name: known.model.name, keys: known.model.keys.line },
        isRegistered: binding !== undefined,
        keysLeftOut: leftOut.keys,
        linesLeftOut: leftOut.lines,
      });
    }
    return { user, phones };
  }

  async change(
    actor: Actor,
    userId: string,
    { keys, preferences, pin }: PhoneProfileChanges,
    options: { readonly reason?: string | undefined; readonly ifVersion?: number | undefined },
  ): Promise<PhoneProfile> {
    const { store, hasher, audit } = this.#options;
    const { document } = await this.#require(userId);
    const after: UserChanges = {
      ...(keys === undefined ? {} : { phoneKeys: keys.map((key) => ({ ...key })) }),
      ...(preferences === undefined ? {} : { phonePreferences: preferences }),
      ...(pin === undefined ? {} : { phonePinHash: pin }),
    };
    const forbidden = findForbiddenUserFields(
      actor,
      { id: userId, role: document.role },
      Object.keys(after),
    );
    if (forbidden.length > 0) {
      throw new UsersError('forbidden', 'Only admin may do this.', forbidden);
    }
    const fault = typeof pin === 'string' ? findPinFault(pin, document.extension) : undefined;
    if (fault !== undefined) {
      const issue = { path: 'pin', code: 'invalid-value', message: fault };
      throw new UsersError('invalid', 'Some values are not valid.', [issue]);
    }
    const phonePinHash = typeof pin === 'string' ? await hasher.hash(pin) : pin;
    await store.commit({
      author: actor,
      reason: options.reason ?? '',
      operations: [
        {
          kind: 'update',
          entity: 'user',
          id: userId,
          after: { ...after, ...(pin === undefined ? {} : { phonePinHash }) },
          ifVersion: options.ifVersion,
        },
      ],
    });
    if (pin !== undefined) {
      await audit.record({ action: 'phone-pin-set', actor, detail: document.name });
    }
    return this.find(userId);
  }

  async #require(id: string): Promise<Stored<User>> {
    const user = await this.#options.store.findUser(id);
    if (user === undefined) {
      throw new UsersError('not-found', 'There is no such user.');
    }
    return user;
  }
}
