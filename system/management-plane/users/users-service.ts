/**
 * Everything that can be done with users, with the rules of roles and passwords. Uniqueness,
 * validation and history are the configuration store's; nothing here knows HTTP.
 */
import type { ChangeOptions, RecordChangeOptions } from '../change-options.ts';
import {
  type PublicUser,
  sipUsernameOf,
  titleOfUser,
  type User,
} from '../../configuration/entities/user.ts';
import { randomId } from '../../foundation/ids.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { LoginLimit } from '../accounts/login-limit.ts';
import type { RandomBelow } from '../accounts/password-generator.ts';
import type { PasswordHasher } from '../accounts/password-hash.ts';
import type { Actor } from '../actor.ts';
import type { ConfigurationStore, Stored } from '../configuration-store/configuration-store.ts';
import { draftOperations } from '../configuration-store/draft-operations.ts';
import type { Operation, UserChanges } from '../configuration-store/operation.ts';
import { validateDrafts } from '../configuration-store/validate-drafts.ts';
import { Secret } from '../../foundation/secret.ts';
import { findForbiddenUserFields, mayManageRole } from './change-rules.ts';
import {
  findChoiceIssues,
  settlePasswords,
  webPasswordToHash,
  type ClearPasswords,
  type GeneratedPasswords,
  type PasswordChoices,
} from './user-passwords.ts';
import { serializeUsersCsv } from './users-csv.ts';
import { UsersError, type UsersIssue } from './users-error.ts';

/** Erases what is kept of a person outside the configuration: calls, and later messages and faxes. */
export interface PersonalDataEraser {
  erase(userIds: readonly string[]): Promise<void>;
}

export interface UsersServiceOptions {
  readonly store: ConfigurationStore;
  readonly hasher: PasswordHasher;
  readonly limit: LoginLimit;
  readonly audit: AuditLog;
  readonly eraser: PersonalDataEraser;
  /** `randomInt` of node:crypto. */
  readonly randomBelow: RandomBelow;
}

/** Fields of a user that are set as they are; passwords go their own way. */
export type UserInput = {
  readonly [Name in keyof PublicUser]?: PublicUser[Name] | null | undefined;
};

export interface CreatedUser {
  readonly user: Stored<User>;
  readonly generated: GeneratedPasswords;
}

export interface PasswordsSet {
  readonly revision: number;
  readonly generated: readonly GeneratedPasswords[];
}

const generateBoth: PasswordChoices = { web: { generate: true }, sip: { generate: true } };

/** Methods reject with UsersError, and with ConfigurationError as the store's `commit` does. */
export class UsersService {
  readonly #store: ConfigurationStore;
  readonly #hasher: PasswordHasher;
  readonly #limit: LoginLimit;
  readonly #audit: AuditLog;
  readonly #eraser: PersonalDataEraser;
  readonly #randomBelow: RandomBelow;

  constructor(options: UsersServiceOptions) {
    this.#store = options.store;
    this.#hasher = options.hasher;
    this.#limit = options.limit;
    this.#audit = options.audit;
    this.#eraser = options.eraser;
    this.#randomBelow = options.randomBelow;
  }

  /** Without `passwords` strong ones are generated. */
  async create(
    actor: Actor,
    input: UserInput,
    options: ChangeOptions & { readonly passwords?: PasswordChoices | undefined } = {},
  ): Promise<CreatedUser> {
    const id = randomId();
    const fields = { language: this.#store.settings.language, ...input };
    if (!mayManageRole(actor, input.role ?? 'user')) {
      throw new UsersError('forbidden', 'Only admin makes administrators.', [
        { path: 'role', code: 'forbidden', message: 'only the administrator admin may set this' },
      ]);
    }
    const choices = { ...(options.passwords ?? generateBoth) };
    if (sipUsernameOf(withoutNulls(fields)) === undefined) {
      // Without a number there is nothing to register with.
      delete choices.sip;
    }
    const operation = { kind: 'create', entity: 'user', id, after: fields } as const;
    this.#requireValid([
      ...findChoiceIssues(choices, this.#store.settings, withoutNulls(fields)).map((issue) => ({
        ...issue,
        path: `passwords.${issue.path}`,
      })),
      ...validateDrafts(draftOperations([operation], new Map()).drafts).issues,
    ]);
    const passwords = settlePasswords(choices, this.#store.settings, this.#randomBelow);
    const [webPasswordHash] = await this.#hashAll([passwords]);
    await this.#store.commit({
      author: actor,
      reason: options.reason ?? '',
      confirmWithinSec: options.confirmWithinSec,
      operations: [
        {
          ...operation,
          after: { ...fields, webPasswordHash, ...sipPasswordChange(passwords.sip) },
        },
      ],
    });
    return {
      user: await this.#require(id),
      generated: { userId: id, ...passwords.generated },
    };
  }

  /** Changes only the fields that are named; `ifVersion` is the version that the caller saw. */
  async update(
    actor: Actor,
    id: string,
    changes: UserInput,
    options: RecordChangeOptions = {},
  ): Promise<Stored<User>> {
    const user = await this.#require(id);
    this.#requireAllowed(findForbiddenUserFields(actor, toTarget(user), Object.keys(changes)));
    await this.#store.commit({
      author: actor,
      reason: options.reason ?? '',
      confirmWithinSec: options.confirmWithinSec,
      operations: [
        { kind: 'update', entity: 'user', id, after: changes, ifVersion: options.ifVersion },
      ],
    });
    return this.#require(id);
  }

  /** The same change to many users, to all of them or to none. Returns the revision. */
  async updateMany(
    actor: Actor,
    ids: readonly string[],
    changes: UserInput,
    options: ChangeOptions = {},
  ): Promise<number> {
    const users = await this.#requireAll(ids);
    const fields = Object.keys(changes);
    this.#requireAllowed(
      users.flatMap((user) => findForbiddenUserFields(actor, toTarget(user), fields)),
    );
    return this.#commit(
      actor,
      users.map(({ id }) => ({ kind: 'update', entity: 'user', id, after: changes })),
      options,
    );
  }

  /** Never the built-in administrator nor oneself. Returns the revision. */
  async delete(
    actor: Actor,
    ids: readonly string[],
    options: ChangeOptions & {
      readonly ifVersion?: number | undefined;
      /** Also erases what is kept of their calls. */
      readonly erasesPersonalData?: boolean | undefined;
    } = {},
  ): Promise<number> {
    const users = await this.#requireAll(ids);
    this.#requireAllowed(
      users.flatMap(({ id, document }) => {
        if (id === actor.userId) {
          return [{ path: id, code: 'own-account', message: 'nobody deletes the own account' }];
        }
        const message = `only the administrator admin may delete ${titleOfUser(document)}`;
        return mayManageRole(actor, document.role)
          ? []
          : [{ path: id, code: 'forbidden', message }];
      }),
    );
    const { ifVersion } = options;
    const revision = await this.#commit(
      actor,
      users.map(({ id }) => ({ kind: 'delete', entity: 'user', id, ifVersion })),
      options,
    );
    if (options.erasesPersonalData === true) {
      await this.#eraser.erase(ids);
      const titles = users.map(({ document }) => titleOfUser(document)).join(', ');
      await this.#audit.record({ action: 'records-erased', actor, detail: titles });
    }
    return revision;
  }

  /** Sets or generates passwords; generated ones are told in this one answer. */
  async setPasswords(
    actor: Actor,
    ids: readonly string[],
    choices: PasswordChoices,
    options: ChangeOptions = {},
  ): Promise<PasswordsSet> {
    const users = await this.#requireAll(ids);
    const fields = [
      ...(choices.web === undefined ? [] : ['webPasswordHash']),
      ...(choices.sip === undefined ? [] : ['sipPassword']),
    ];
    this.#requireAllowed(
      users.flatMap((user) => {
        if (choices.web !== undefined && user.id === actor.userId) {
          const message = 'the own password is changed with the current one';
          return [{ path: user.id, code: 'own-password', message }];
        }
        return findForbiddenUserFields(actor, toTarget(user), fields).map((issue) => ({
          ...issue,
          path: user.id,
          message: `only the administrator admin may set the password of ${titleOfUser(user.document)}`,
        }));
      }),
    );
    this.#requireValid(
      users.flatMap((user) => findChoiceIssues(choices, this.#store.settings, user.document)),
    );
    const settled = users.map((user) => {
      const hasSipUsername = sipUsernameOf(user.document) !== undefined;
      const own = { ...choices, sip: hasSipUsername ? choices.sip : undefined };
      return settlePasswords(own, this.#store.settings, this.#randomBelow);
    });
    const hashes = await this.#hashAll(settled);
    const revision = await this.#commit(
      actor,
      users.map(({ id }, index) => ({
        kind: 'update',
        entity: 'user',
        id,
        after: { webPasswordHash: hashes[index], ...sipPasswordChange(settled[index]?.sip) },
      })),
      options,
    );
    for (const { id } of users) {
      this.#limit.forgive(id);
    }
    await this.#audit.record({
      action: 'passwords-set',
      actor,
      detail: users.map(({ document }) => titleOfUser(document)).join(', '),
    });
    return {
      revision,
      generated: users.map(({ id }, index) => ({ userId: id, ...settled[index]?.generated })),
    };
  }

  /** All users without passwords, for `admin` only. */
  async exportCsv(actor: Actor): Promise<string> {
    if (actor.role !== 'superadmin') {
      throw new UsersError('forbidden', 'Only admin exports users.');
    }
    const users = await this.#store.allUsers();
    await this.#audit.record({
      action: 'users-exported',
      actor,
      notes: [{ code: 'users', facts: { count: users.length } }],
    });
    return serializeUsersCsv(users.map((user) => user.document));
  }

  async #commit(
    actor: Actor,
    operations: readonly Operation[],
    options: ChangeOptions,
  ): Promise<number> {
    const { reason = '', confirmWithinSec } = options;
    const revision = await this.#store.commit({
      author: actor,
      reason,
      confirmWithinSec,
      operations,
    });
    return revision.number;
  }

  /** One hash per web password, undefined where there is none. */
  async #hashAll(settled: readonly ClearPasswords[]): Promise<(string | undefined)[]> {
    const passwords = settled.map(webPasswordToHash);
    const given = passwords.filter((password) => password !== undefined);
    const hashes = (await this.#hasher.hashAll(given)).values();
    return passwords.map((password) => (password === undefined ? undefined : hashes.next().value));
  }

  async #require(id: string): Promise<Stored<User>> {
    const user = await this.#store.findUser(id);
    if (user === undefined) {
      throw new UsersError('not-found', 'There is no such user.');
    }
    return user;
  }

  async #requireAll(ids: readonly string[]): Promise<readonly Stored<User>[]> {
    const unique = [...new Set(ids)];
    const users = await this.#store.findUsers(unique);
    if (users.length < unique.length) {
      const found = new Set(users.map((user) => user.id));
      const issues = unique
        .filter((id) => !found.has(id))
        .map((id) => ({ path: id, code: 'not-found', message: `there is no user ${id}` }));
      throw new UsersError('not-found', 'Some of the users are not there any more.', issues);
    }
    return users;
  }

  #requireAllowed(issues: readonly UsersIssue[]): void {
    if (issues.length > 0) {
      throw new UsersError('forbidden', 'Only admin may do this.', issues);
    }
  }

  #requireValid(issues: readonly UsersIssue[]): void {
    if (issues.length > 0) {
      // One password for many users breaks the same rule for each of them.
      const unique = new Map(issues.map((issue) => [`${issue.path} ${issue.code}`, issue]));
      const plain = [...unique.values()].map(({ path, code, message }) => ({
        path,
        code,
        message,
      }));
      throw new UsersError('invalid', 'Some values are not valid.', plain);
    }
  }
}

function toTarget(user: Stored<User>): { id: string; role: User['role'] } {
  return { id: user.id, role: user.document.role };
}

function sipPasswordChange(password: string | undefined): UserChanges {
  return password === undefined ? {} : { sipPassword: new Secret(password) };
}

function withoutNulls(input: UserInput): { [Name in keyof PublicUser]?: PublicUser[Name] } {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== null && value !== undefined),
  );
}
