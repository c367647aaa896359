/**
 * Sessions of browsers: a random secret in a cookie, of which the database knows only the hash. A
 * session ends when it was idle, when it is old, with the daemon, and when its account changes.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { User } from '../../configuration/entities/user.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Actor } from '../actor.ts';
import type { ConfigurationStore, Stored } from '../configuration-store/configuration-store.ts';
import { stampOfAccount } from './account-stamp.ts';
import type { AccountsDatabase } from './accounts-tables.ts';

export interface SessionsOptions {
  readonly database: AccountsDatabase;
  /** Its setting `sessionIdleMin` holds at once when it changes. */
  readonly store: Pick<ConfigurationStore, 'findUser' | 'settings'>;
  readonly clock: Pick<Clock, 'wallMs'>;
  /** Random per start of the daemon: sessions of another one are worth nothing. */
  readonly bootId: string;
}

/** A session that holds, with the account as it is now. */
export interface SessionIdentity {
  readonly kind: 'session';
  readonly actor: Actor;
  readonly language: User['language'];
  readonly mustChangePassword: boolean;
  /** The secret of the cookie. */
  readonly sessionToken: string;
  /** For the header X-CSRF-Token: only a page that was given it can send it. */
  readonly csrfToken: string;
}

/** However busy, everyone logs in once a day. */
const maximumAgeMs = 24 * 3_600_000;
/** The oldest sessions of an account end beyond this. */
const maximumSessionsPerUser = 50;
/** Activity is written down this often, not with every request. */
const activityStepMs = 30_000;

export class Sessions {
  readonly #database: AccountsDatabase;
  readonly #store: SessionsOptions['store'];
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #bootId: string;

  constructor(options: SessionsOptions) {
    this.#database = options.database;
    this.#store = options.store;
    this.#clock = options.clock;
    this.#bootId = options.bootId;
  }

  /** Begins a session of an account that has proved its password. */
  async create(user: Stored<User>, address: string): Promise<SessionIdentity> {
    const sessionToken = randomBytes(32).toString('base64url');
    const nowMs = this.#clock.wallMs();
    await this.#deleteSurplusOf(user.id);
    await this.#database.queries
      .insertInto('sessions')
      .values({
        id_hash: hashOf(sessionToken),
        user_id: user.id,
        boot_id: this.#bootId,
        stamp: stampOfAccount(user.document),
        created_at_ms: nowMs,
        last_seen_at_ms: nowMs,
        address,
      })
      .execute();
    return toIdentity(sessionToken, user);
  }

  /** Whose session it is; undefined when there is no such session (any more). Counts as activity. */
  async find(sessionToken: string): Promise<SessionIdentity | undefined> {
    return this.#check(sessionToken, true);
  }

  /** The same question without counting as activity: for connections that stay open. */
  async isAlive(sessionToken: string): Promise<boolean> {
    return (await this.#check(sessionToken, false)) !== undefined;
  }

  /** Logs out. Idempotent. */
  async end(sessionToken: string): Promise<void> {
    await this.#delete(hashOf(sessionToken));
  }

  /** Throws away what has ended by itself; call it at start and now and then. */
  async deleteEnded(): Promise<void> {
    const nowMs = this.#clock.wallMs();
    await this.#database.queries
      .deleteFrom('sessions')
      .where((where) =>
        where.or([
          where('boot_id', '<>', this.#bootId),
          where('created_at_ms', '<=', nowMs - maximumAgeMs),
          where('last_seen_at_ms', '<=', nowMs - this.#idleMs()),
        ]),
      )
      .execute();
  }

  async #check(sessionToken: string, isActivity: boolean): Promise<SessionIdentity | undefined> {
    const idHash = hashOf(sessionToken);
    const row = await this.#database.queries
      .selectFrom('sessions')
      .selectAll()
      .where('id_hash', '=', idHash)
      .executeTakeFirst();
    if (row === undefined) {
      return undefined;
    }
    const nowMs = this.#clock.wallMs();
    const user = await this.#store.findUser(row.user_id);
    if (
      row.boot_id !== this.#bootId ||
      nowMs - row.created_at_ms >= maximumAgeMs ||
      nowMs - row.last_seen_at_ms >= this.#idleMs() ||
      user === undefined ||
      !user.document.enabled ||
      row.stamp !== stampOfAccount(user.document)
    ) {
      await this.#delete(idHash);
      return undefined;
    }
    if (isActivity && nowMs - row.last_seen_at_ms >= activityStepMs) {
      await this.#database.queries
        .updateTable('sessions')
        .set({ last_seen_at_ms: nowMs })
        .where('id_hash', '=', idHash)
        .execute();
    }
    return toIdentity(sessionToken, user);
  }

  async #delete(idHash: string): Promise<void> {
    await this.#database.queries.deleteFrom('sessions').where('id_hash', '=', idHash).execute();
  }

  async #deleteSurplusOf(userId: string): Promise<void> {
    const surplus = await this.#database.queries
      .selectFrom('sessions')
      .select('id_hash')
      .where('user_id', '=', userId)
      .orderBy('created_at_ms', 'desc')
      .limit(maximumSessionsPerUser)
      .offset(maximumSessionsPerUser - 1)
      .execute();
    for (const { id_hash } of surplus) {
      await this.#delete(id_hash);
    }
  }

  #idleMs(): number {
    return this.#store.settings.sessionIdleMin * 60_000;
  }
}

function hashOf(sessionToken: string): string {
  return createHash('sha256').update(sessionToken).digest('base64url');
}

function toIdentity(sessionToken: string, user: Stored<User>): SessionIdentity {
  const { name, role, language, mustChangePassword } = user.document;
  return {
    kind: 'session',
    actor: { kind: 'session', userId: user.id, name, role },
    language,
    mustChangePassword,
    sessionToken,
    // Derived, so that nothing more has to be kept secret, and the same for the whole session.
    csrfToken: createHmac('sha256', sessionToken).update('csrf').digest('base64url'),
  };
}
