/**
 * Who did what: logins and logouts with success or failure, password changes, exports, imports,
 * restarts, and each revision of the configuration (its details are the revision's own).
 */
import { stringify } from 'csv-stringify/sync';
import { sql, type SelectQueryBuilder } from 'kysely';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { Actor } from '../actor.ts';
import {
  describeEventNotes,
  parseEventNotes,
  serializeEventNotes,
  type EventNote,
  type StoredEventNote,
} from '../event-note.ts';
import type { Page } from '../configuration-store/configuration-store.ts';
import { neutraliseFormula } from '../csv/formula.ts';
import { foldForSearch, toSearchWords } from '../configuration-store/search-text.ts';
import { fromSqlBoolean, likeAnywhere, toSqlBoolean } from '../storage/column-value.ts';
import type { AccountsDatabase, AccountsTables, AuditRow } from './accounts-tables.ts';
import type { Familiarity } from './login-limit.ts';

export type AuditAction =
  | 'login'
  | 'login-blocked'
  | 'logout'
  | 'password-changed'
  | 'passwords-set'
  | 'revision'
  | 'users-exported'
  | 'users-imported'
  | 'records-exported'
  | 'records-erased'
  | 'audit-exported'
  | 'configuration-exported'
  | 'configuration-imported'
  | 'token-created'
  | 'token-deleted'
  | 'call-ended'
  | 'address-unblocked'
  | 'part-restarted'
  | 'log-level-changed'
  | 'device-passwords-reset'
  | 'device-password-shown'
  | 'device-files-shown'
  | 'device-replaced'
  | 'devices-imported'
  | 'devices-synced'
  | 'devices-rejected'
  | 'devices-allowed'
  | 'phone-pin-set'
  | 'phone-login'
  | 'phone-logout'
  | 'dect-code-shown'
  | 'handsets-imported'
  | 'firmware-uploaded'
  | 'firmware-activated'
  | 'firmware-deactivated'
  | 'firmware-deleted'
  | 'rollout-started'
  | 'rollout-halted'
  | 'rollout-resumed'
  | 'rollout-cancelled'
  | 'rollout-rolled-back'
  | 'rollout-ended'
  | 'provisioning-window-opened'
  | 'provisioning-window-closed'
  | 'provisioning-scan'
  | 'network-scanned'
  | 'phonebook-exported'
  | 'phonebook-imported'
  | 'ldap-password-shown'
  | 'ldap-password-reset'
  | 'device-certificate-misused'
  | 'device-connect-opened'
  | 'device-connect-closed'
  | 'redirection-asked'
  | 'redirection-removed';

export interface AuditEvent {
  readonly action: AuditAction;
  /** Undefined for a login that failed: nobody is known to have done it. */
  readonly actor: Pick<Actor, 'kind' | 'userId' | 'name'> | undefined;
  /** What was typed as login, where there is no actor. */
  readonly name?: string;
  readonly isSuccess?: boolean;
  readonly address?: string;
  /** Names and numbers that are the same in every language; never a secret. */
  readonly detail?: string;
  /** Instead of a detail: what is told in words. */
  readonly notes?: readonly EventNote[];
}

export interface AuditEntry {
  readonly id: number;
  readonly atMs: number;
  readonly action: string;
  readonly actorKind: AuditRow['actor_kind'];
  readonly actorId: string | undefined;
  readonly actorName: string;
  readonly isSuccess: boolean;
  readonly address: string;
  /** In English. */
  readonly detail: string;
  /** The same as codes and facts; empty where the detail has no words or is an old one. */
  readonly notes: readonly StoredEventNote[];
}

export interface AuditFilter {
  /** From this instant on. */
  readonly fromMs?: number | undefined;
  /** Before this instant. */
  readonly toMs?: number | undefined;
  readonly action?: string | undefined;
  readonly userId?: string | undefined;
  /** Words in name, address or detail. */
  readonly search?: string | undefined;
}

export interface AuditQuery extends AuditFilter {
  readonly direction?: 'asc' | 'desc' | undefined;
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

export interface AuditLogOptions {
  readonly database: AccountsDatabase;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly logger: Logger;
  /** Days after which entries are deleted; 30 at first. */
  readonly keepDays?: number;
}

/** So many rows at most, whatever someone does to fill the log. */
const maximumRows = 500_000;
const maximumTextLength = 500;
export const auditExportRows = 25_000;
const dayMs = 86_400_000;

export class AuditLog {
  readonly #database: AccountsDatabase;
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #logger: Logger;
  readonly #keepDays: number;

  constructor(options: AuditLogOptions) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#keepDays = options.keepDays ?? 30;
  }

  /** Never rejects: a full disk must not keep an administrator from logging in and making room. */
  async record(event: AuditEvent): Promise<void> {
    const { actor } = event;
    const actorName = shorten(actor?.name ?? event.name ?? '');
    const address = event.address ?? '';
    const notes = event.notes ?? [];
    const detail = shorten(event.detail ?? describeEventNotes(notes));
    try {
      await this.#database.queries
        .insertInto('audit')
        .values({
          at_ms: this.#clock.wallMs(),
          action: event.action,
          actor_kind: actor?.kind ?? 'nobody',
          actor_id: actor?.userId ?? null,
          actor_name: actorName,
          is_success: toSqlBoolean(event.isSuccess ?? true),
          address,
          detail,
          notes: serializeEventNotes(notes),
          search_text: foldForSearch([actorName, address, detail].join('\n')),
        })
        .execute();
    } catch (error) {
      this.#logger.error('The audit log cannot be written', { action: event.action, error });
    }
  }

  /** Who has logged in from this address, as far back as the log goes. */
  async familiarityOf(userId: string, address: string): Promise<Familiarity> {
    const logins = this.#database.queries
      .selectFrom('audit')
      .select('id')
      .where('address', '=', address)
      .where('action', '=', 'login')
      .where('is_success', '=', toSqlBoolean(true))
      .limit(1);
    if ((await logins.where('actor_id', '=', userId).executeTakeFirst()) !== undefined) {
      return 'account';
    }
    return (await logins.executeTakeFirst()) === undefined ? 'none' : 'others';
  }

  async list(query: AuditQuery): Promise<Page<AuditEntry>> {
    const matching = narrow(this.#database.queries.selectFrom('audit'), query);
    const direction = query.direction ?? 'desc';
    const { total } = await matching
      .select((select) => select.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    const rows = await matching
      .selectAll()
      .orderBy('at_ms', direction)
      .orderBy('id', direction)
      .limit(query.pageSize)
      .offset((query.page - 1) * query.pageSize)
      .execute();
    return { items: rows.map(toEntry), total };
  }

  /** The newest entries as CSV, at most `auditExportRows`. */
  async exportCsv(filter: AuditFilter): Promise<string> {
    const { items } = await this.list({ ...filter, page: 1, pageSize: auditExportRows });
    const heading = ['time', 'action', 'success', 'who', 'kind', 'address', 'detail'];
    const rows = items.map((entry) => [
      new Date(entry.atMs).toISOString(),
      entry.action,
      entry.isSuccess ? 'yes' : 'no',
      neutraliseFormula(entry.actorName),
      entry.actorKind,
      entry.address,
      neutraliseFormula(entry.detail),
    ]);
    return stringify([heading, ...rows], { record_delimiter: '\r\n' });
  }

  /** Deletes what is too old or too much; call it now and then. */
  async deleteOld(): Promise<void> {
    const { queries } = this.#database;
    const firstToKeep = await queries
      .selectFrom('audit')
      .select('id')
      .orderBy('id', 'desc')
      .limit(1)
      .offset(maximumRows - 1)
      .executeTakeFirst();
    await queries
      .deleteFrom('audit')
      .where((where) =>
        where.or([
          where('at_ms', '<', this.#clock.wallMs() - this.#keepDays * dayMs),
          where('id', '<', firstToKeep?.id ?? 0),
        ]),
      )
      .execute();
  }
}

function narrow<Selection>(
  query: SelectQueryBuilder<AccountsTables, 'audit', Selection>,
  filter: AuditFilter,
): SelectQueryBuilder<AccountsTables, 'audit', Selection> {
  let narrowed = query;
  if (filter.fromMs !== undefined) {
    narrowed = narrowed.where('at_ms', '>=', filter.fromMs);
  }
  if (filter.toMs !== undefined) {
    narrowed = narrowed.where('at_ms', '<', filter.toMs);
  }
  if (filter.action !== undefined) {
    narrowed = narrowed.where('action', '=', filter.action);
  }
  if (filter.userId !== undefined) {
    narrowed = narrowed.where('actor_id', '=', filter.userId);
  }
  for (const word of toSearchWords(filter.search)) {
    narrowed = narrowed.where(sql<boolean>`search_text like ${likeAnywhere(word)} escape '!'`);
  }
  return narrowed;
}

function toEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    atMs: row.at_ms,
    action: row.action,
    actorKind: row.actor_kind,
    actorId: row.actor_id ?? undefined,
    actorName: row.actor_name,
    isSuccess: fromSqlBoolean(row.is_success),
    address: row.address,
    detail: row.detail,
    notes: parseEventNotes(row.notes),
  };
}

function shorten(text: string): string {
  return text.length <= maximumTextLength ? text : `${text.slice(0, maximumTextLength - 1)}…`;
}
