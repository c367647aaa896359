/**
 * The configuration store as the rest of the management plane sees it. Every write is one revision:
 * validated whole, stored in one transaction, compiled, activated. Writes are done one after the
 * other in the order in which they were asked for. Every method rejects with ConfigurationError.
 */
import type { AnyDocument } from '../../configuration/entities/entity.ts';
import type { EntityName } from '../../configuration/entities/entity-names.ts';
import type { Settings } from '../../configuration/entities/settings.ts';
import type { PublicUser, User, UserRole } from '../../configuration/entities/user.ts';
import type { Actor } from '../actor.ts';
import type { Sealing, Unsealing } from '../sealing.ts';
import type { OperationIssue } from './configuration-error.ts';
import type { Operation } from './operation.ts';
import type { EntityChange, Revision, RevisionDiff, RevisionSummary } from './revision.ts';
import type { SipCredentials } from './sip-credentials.ts';

export interface Commit {
  readonly author: Actor;
  /** At most 200 characters are kept. */
  readonly reason: string;
  readonly operations: readonly Operation[];
  /** The revision reverts by itself unless `confirm` is called in time. */
  readonly confirmWithinSec?: number | undefined;
}

export interface Stored<Document> {
  readonly id: string;
  readonly document: Document;
  /** Number of the revision that last changed it: the ETag of the API. */
  readonly version: number;
}

export const userSortKeys = [
  'name',
  'extension',
  'login',
  'email',
  'department',
  'role',
  'enabled',
] as const;
export type UserSortKey = (typeof userSortKeys)[number];

export interface UserQuery {
  /** Every word must occur in name, extension, login, SIP user name, aliases, e-mail … */
  readonly search?: string | undefined;
  readonly sort: UserSortKey;
  readonly direction: 'asc' | 'desc';
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
  readonly role?: UserRole | undefined;
}

export interface ListedUser extends Stored<PublicUser> {
  readonly hasWebPassword: boolean;
  readonly hasSipPassword: boolean;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Of all pages. */
  readonly total: number;
}

export interface ImportPreview {
  readonly changes: readonly EntityChange[];
  /** When there are any, the import is refused with the same; the line stands in the message. */
  readonly issues: readonly OperationIssue[];
}

export interface ConfigurationStore extends Sealing, Unsealing {
  /** The newest revision; never 0, because the first start makes one. */
  readonly head: number;
  /** The settings as of the head. */
  readonly settings: Settings;

  /**
   * Resolves once the change is on the disk. A change that changes nothing makes no revision and
   * resolves to the head. Rejects with `invalid`, `conflict`, `stale`, `not-found`, `pending`.
   */
  commit(commit: Commit): Promise<Revision>;

  /** With secrets, hashed or sealed: what leaves the daemon must be a PublicUser. */
  findUser(id: string): Promise<Stored<User> | undefined>;
  /** By login, e-mail address or extension, in this order; upper and lower case are the same. */
  findUserByLogin(login: string): Promise<Stored<User> | undefined>;
  /** Missing ids are left out; order as asked. */
  findUsers(ids: readonly string[]): Promise<readonly Stored<User>[]>;
  findSettings(): Promise<Stored<Settings>>;
  find(entity: EntityName, id: string): Promise<Stored<AnyDocument> | undefined>;
  /** Missing ids are left out; in no order. */
  findMany(entity: EntityName, ids: readonly string[]): Promise<readonly Stored<AnyDocument>[]>;
  findAll(entity: EntityName): Promise<readonly Stored<AnyDocument>[]>;
  /** The clear SIP password, e.g. for a phone's configuration; undefined when there is none. */
  revealSipCredentials(userId: string): Promise<SipCredentials | undefined>;
  listUsers(query: UserQuery): Promise<Page<ListedUser>>;
  /** All users in the order of their extensions, e.g. for CSV. */
  allUsers(): Promise<readonly Stored<User>[]>;

  /** Newest first unless told otherwise. `search` looks at author, reason and at what was changed, by name. */
  listRevisions(query: {
    readonly search?: string | undefined;
    readonly direction?: 'asc' | 'desc' | undefined;
    readonly page: number;
    readonly pageSize: number;
  }): Promise<Page<RevisionSummary>>;
  getRevision(number: number): Promise<Revision>;
  /** Revision 0 is the empty configuration. */
  diff(from: number, to: number): Promise<RevisionDiff>;
  /** Takes exactly the changes of one revision back, as a new revision; `conflict` when later changes depend on it. */
  revert(number: number, author: Actor, reason?: string): Promise<Revision>;
  /** Rejects with `not-pending`. */
  confirm(number: number, author: Actor): Promise<RevisionSummary>;

  /** The whole configuration as text; the same configuration always gives the same text. */
  exportText(options: { readonly secrets: 'sealed' | 'omitted' }): Promise<string>;
  previewImport(text: string): Promise<ImportPreview>;
  /** Makes the configuration equal to the text, as one revision. */
  importText(
    text: string,
    options: {
      readonly author: Actor;
      readonly reason?: string | undefined;
      readonly confirmWithinSec?: number | undefined;
    },
  ): Promise<Revision>;

  /** Called after each activation; returns the function that unsubscribes. */
  onRevision(listener: (revision: RevisionSummary) => void): () => void;

  /** What an administrator should know of: a database that had to be restored, unreadable secrets … */
  readonly problems: readonly string[];

  /** Ends timers, waits for what is under way, brings the copy up to date, closes the database. */
  close(): Promise<void>;
}
