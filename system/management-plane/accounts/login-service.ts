/**
 * Logging in, logging out, and changing the own password. Every refusal of a login takes the same
 * time and says the same, whatever was wrong; the audit log says more.
 */
import { builtInAdminId, type User } from '../../configuration/entities/user.ts';
import { foldUserPart } from '../../configuration/entities/fold-user-part.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { ConfigurationStore, Stored } from '../configuration-store/configuration-store.ts';
import { AccountError } from './account-error.ts';
import type { AuditLog } from './audit-log.ts';
import { factoryPassword, isLocalAddress } from './factory-password.ts';
import type { LoginLimit } from './login-limit.ts';
import type { PasswordHasher } from './password-hash.ts';
import { findPasswordIssues, policyOf } from './password-policy.ts';
import type { SessionIdentity, Sessions } from './sessions.ts';

export interface LoginServiceOptions {
  readonly store: Pick<ConfigurationStore, 'settings' | 'findUser' | 'findUserByLogin' | 'commit'>;
  readonly hasher: PasswordHasher;
  readonly sessions: Sessions;
  readonly limit: LoginLimit;
  readonly audit: AuditLog;
  readonly logger: Logger;
}

export interface LoginRequest {
  /** Login, extension or e-mail address. */
  readonly login: string;
  readonly password: string;
  /** Address of the peer. */
  readonly source: string;
}

/** What the password of an attempt turned out to be. */
type Verdict =
  | 'right'
  | 'wrong'
  | 'factory-from-outside'
  | 'factory-used-up'
  | 'disabled'
  | 'unknown-account';

/** The one that the first start makes. */
const firstRevision = 1;

export class LoginService {
  readonly #store: LoginServiceOptions['store'];
  readonly #hasher: PasswordHasher;
  readonly #sessions: Sessions;
  readonly #limit: LoginLimit;
  readonly #audit: AuditLog;
  readonly #logger: Logger;

  constructor(options: LoginServiceOptions) {
    this.#store = options.store;
    this.#hasher = options.hasher;
    this.#sessions = options.sessions;
    this.#limit = options.limit;
    this.#audit = options.audit;
    this.#logger = options.logger;
  }

  /** Throws AccountError `wrong-credentials`, `blocked` or `busy`. */
  async logIn(request: LoginRequest): Promise<SessionIdentity> {
    const { login, source } = request;
    const user = await this.#store.findUserByLogin(login);
    const verdict = await this.#judge(user, request);
    if (verdict !== 'right' || user === undefined) {
      await this.#audit.record({
        action: 'login',
        actor: undefined,
        name: login,
        isSuccess: false,
        address: source,
        notes: [{ code: 'login-verdict', facts: { verdict } }],
      });
      this.#logger.info('A login failed', { login, source, reason: verdict });
      throw new AccountError('wrong-credentials', 'Login or password is wrong.');
    }
    const identity = await this.#sessions.create(user, source);
    await this.#audit.record({ action: 'login', actor: identity.actor, address: source });
    return identity;
  }

  /** Idempotent. */
  async logOut(identity: SessionIdentity, source: string): Promise<void> {
    await this.#sessions.end(identity.sessionToken);
    await this.#audit.record({ action: 'logout', actor: identity.actor, address: source });
  }

  /**
   * Sets the own password. Every session of the account ends; the one that is returned takes the
   * place of this one. Throws AccountError `invalid` with issues on `currentPassword` or
   * `newPassword`, `blocked`, `busy`; ConfigurationError when the change cannot be stored now.
   */
  async changeOwnPassword(
    identity: SessionIdentity,
    request: {
      readonly currentPassword: string;
      readonly newPassword: string;
      readonly source: string;
    },
  ): Promise<SessionIdentity> {
    const { currentPassword, newPassword, source } = request;
    const { actor } = identity;
    const user = await this.#store.findUser(actor.userId);
    const login = actor.name;
    const verdict = await this.#judge(user, { login, password: currentPassword, source });
    if (verdict !== 'right' || user === undefined) {
      await this.#audit.record({
        action: 'password-changed',
        actor,
        isSuccess: false,
        address: source,
        notes: [{ code: 'wrong-current-password', facts: {} }],
      });
      throw invalidPassword('currentPassword', 'wrong-password', 'The current password is wrong');
    }
    this.#requireGoodPassword(user.document, currentPassword, newPassword);
    const webPasswordHash = await this.#hasher.hash(newPassword);
    await this.#store.commit({
      author: actor,
      reason: 'Own password changed',
      operations: [
        {
          kind: 'update',
          entity: 'user',
          id: user.id,
          after: { webPasswordHash, mustChangePassword: false },
          // Somebody else may have set another one while this one was hashed.
          ifVersion: user.version,
        },
      ],
    });
    await this.#audit.record({ action: 'password-changed', actor, address: source });
    await this.#sessions.end(identity.sessionToken);
    const changed = await this.#store.findUser(user.id);
    if (changed === undefined) {
      throw new AccountError('unauthenticated', 'The account was deleted.');
    }
    return this.#sessions.create(changed, source);
  }

  /** Throws AccountError `blocked` or `busy`. */
  async #judge(user: Stored<User> | undefined, request: LoginRequest): Promise<Verdict> {
    const { login, password, source } = request;
    const account = user?.id ?? `unknown ${foldUserPart(login).slice(0, 64)}`;
    const familiarity = await this.#audit.familiarityOf(account, source);
    const attempt = this.#limit.begin(account, source, familiarity);
    if (attempt.kind === 'blocked') {
      if (attempt.isFirst) {
        await this.#audit.record({
          action: 'login-blocked',
          actor: undefined,
          name: login,
          isSuccess: false,
          address: source,
          notes: [{ code: 'too-many-failures', facts: { whose: attempt.by } }],
        });
        this.#logger.warn('Too many failed logins', { by: attempt.by, login, source });
      }
      throw new AccountError('blocked', 'Too many failed logins. Try again later.', {
        details: { retryAfterSec: attempt.retryAfterSec },
      });
    }
    let isRight: boolean;
    try {
      isRight = await this.#hasher.verify(user?.document.webPasswordHash, password);
    } catch (error) {
      attempt.withdrawn();
      throw error;
    }
    const verdict = toVerdict(user, isRight, password, source);
    if (verdict === 'right') {
      attempt.succeeded();
    }
    return verdict;
  }

  #requireGoodPassword(user: User, currentPassword: string, newPassword: string): void {
    const issues = findPasswordIssues(newPassword, 'web', policyOf(this.#store.settings), user).map(
      (issue) => ({ ...issue, path: 'newPassword' }),
    );
    if (newPassword === currentPassword) {
      throw invalidPassword('newPassword', 'password-unchanged', 'It is the same as before');
    }
    if (issues.length > 0) {
      throw new AccountError('invalid', 'The new password is not good enough.', {
        details: { issues },
      });
    }
  }
}

function toVerdict(
  user: Stored<User> | undefined,
  isRight: boolean,
  password: string,
  source: string,
): Verdict {
  if (user === undefined) {
    return 'unknown-account';
  }
  const { document } = user;
  if (!isRight) {
    return 'wrong';
  }
  if (user.id === builtInAdminId && password === factoryPassword) {
    // Only as the first start made the account: taking a revision back makes a later version of it,
    // so the factory password never comes to life again.
    const isFirstLogin = user.version === firstRevision && document.mustChangePassword;
    if (!isFirstLogin) {
      return 'factory-used-up';
    }
    return isLocalAddress(source) ? 'right' : 'factory-from-outside';
  }
  return document.enabled ? 'right' : 'disabled';
}

function invalidPassword(path: string, code: string, message: string): AccountError {
  return new AccountError('invalid', `${message}.`, {
    details: { issues: [{ path, code, message }] },
  });
}
