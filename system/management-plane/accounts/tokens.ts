/**
 * Tokens with which programs come in. A token acts for the account that made it, with a role of its
 * own that is never higher than that account's is now.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { User, UserRole } from '../../configuration/entities/user.ts';
import type { Clock } from '../../foundation/clock.ts';
import { randomId } from '../../foundation/ids.ts';
import { Secret } from '../../foundation/secret.ts';
import type { Actor } from '../actor.ts';
import type { ConfigurationStore } from '../configuration-store/configuration-store.ts';
import { AccountError } from './account-error.ts';
import type { AccountsDatabase, TokenRow } from './accounts-tables.ts';

export interface TokensOptions {
  readonly database: AccountsDatabase;
  readonly store: Pick<ConfigurationStore, 'findUser'>;
  readonly clock: Pick<Clock, 'wallMs'>;
}

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly role: UserRole;
  /** The account that made it. */
  readonly userId: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | undefined;
  readonly lastUsedAtMs: number | undefined;
}

export interface TokenRequest {
  readonly name: string;
  readonly role: UserRole;
  readonly expiresInDays?: number | undefined;
}

export interface TokenIdentity {
  readonly kind: 'token';
  readonly actor: Actor;
  readonly language: User['language'];
  readonly mustChangePassword: boolean;
}

export interface CreatedToken {
  readonly token: Token;
  /** `cmp_`, id and secret: what goes behind `Bearer`. */
  readonly value: Secret;
}

const maximumTokens = 200;
const dayMs = 86_400_000;
/** Use is written down this often, not with every request. */
const useStepMs = 60_000;
const rankOfRole: Readonly<Record<UserRole, number>> = { user: 0, admin: 1, superadmin: 2 };
const form = /^cmp_([A-Za-z0-9_-]{16})_([A-Za-z0-9_-]{43})$/;

export class Tokens {
  readonly #database: AccountsDatabase;
  readonly #store: TokensOptions['store'];
  readonly #clock: Pick<Clock, 'wallMs'>;

  constructor(options: TokensOptions) {
    this.#database = options.database;
    this.#store = options.store;
    this.#clock = options.clock;
  }

  /**
   * The value is told this once. Throws AccountError `forbidden` when the role is higher than the
   * actor's, `invalid` when there are too many.
   */
  async create(actor: Actor, request: TokenRequest): Promise<CreatedToken> {
    if (rankOfRole[request.role] > rankOfRole[actor.role]) {
      throw new AccountError('forbidden', 'A token cannot have a higher role than its maker.');
    }
    if ((await this.list()).length >= maximumTokens) {
      throw new AccountError('invalid', `There can be at most ${String(maximumTokens)} tokens.`);
    }
    const id = randomId();
    const secret = randomBytes(32).toString('base64url');
    const nowMs = this.#clock.wallMs();
    const row: TokenRow = {
      id,
      secret_hash: hashOf(secret),
      name: request.name,
      role: request.role,
      user_id: actor.userId,
      created_at_ms: nowMs,
      expires_at_ms:
        request.expiresInDays === undefined ? null : nowMs + request.expiresInDays * dayMs,
      last_used_at_ms: null,
    };
    await this.#database.queries.insertInto('tokens').values(row).execute();
    return { token: toToken(row), value: new Secret(`cmp_${id}_${secret}`) };
  }

  async list(): Promise<Token[]> {
    const rows = await this.#database.queries
      .selectFrom('tokens')
      .selectAll()
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute();
    return rows.map(toToken);
  }

  /** Ends a token at once and returns what it was. Throws AccountError `not-found`. */
  async delete(id: string): Promise<Token> {
    const row = await this.#findRow(id);
    if (row === undefined) {
      throw new AccountError('not-found', 'There is no such token.');
    }
    await this.#database.queries.deleteFrom('tokens').where('id', '=', id).execute();
    return toToken(row);
  }

  /** Who comes in with it; undefined when it is unknown, expired, or its maker's account is no more. */
  async find(value: string): Promise<TokenIdentity | undefined> {
    const [, id, secret] = form.exec(value) ?? [];
    if (id === undefined || secret === undefined) {
      return undefined;
    }
    const row = await this.#findRow(id);
    if (row === undefined || !isEqualHash(row.secret_hash, hashOf(secret))) {
      return undefined;
    }
    const nowMs = this.#clock.wallMs();
    if (row.expires_at_ms !== null && row.expires_at_ms <= nowMs) {
      return undefined;
    }
    const user = await this.#store.findUser(row.user_id);
    if (user?.document.enabled !== true) {
      return undefined;
    }
    if (row.last_used_at_ms === null || nowMs - row.last_used_at_ms >= useStepMs) {
      await this.#database.queries
        .updateTable('tokens')
        .set({ last_used_at_ms: nowMs })
        .where('id', '=', id)
        .execute();
    }
    const { role, language, mustChangePassword } = user.document;
    return {
      kind: 'token',
      actor: {
        kind: 'token',
        userId: user.id,
        name: `${row.name} (${user.document.name})`,
        role: rankOfRole[role] < rankOfRole[row.role] ? role : row.role,
      },
      language,
      mustChangePassword,
    };
  }

  async #findRow(id: string): Promise<TokenRow | undefined> {
    return this.#database.queries
      .selectFrom('tokens')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function isEqualHash(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

function toToken(row: TokenRow): Token {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    userId: row.user_id,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms ?? undefined,
    lastUsedAtMs: row.last_used_at_ms ?? undefined,
  };
}
