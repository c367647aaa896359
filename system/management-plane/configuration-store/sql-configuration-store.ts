/**
 * The configuration store over a SQL database: reads at once, writes one at a time through the
 * revision writer, activates what was written, and watches over a revision that waits for its
 * confirmation.
 */
import type { AnyDocument } from '../../configuration/entities/entity.ts';
import { entityNames, type EntityName } from '../../configuration/entities/entity-names.ts';
import { foldUserPart } from '../../configuration/entities/fold-user-part.ts';
import type { DectHandset } from '../../configuration/entities/dect-handset.ts';
import type { Device } from '../../configuration/entities/device.ts';
import { settingsId, type Settings } from '../../configuration/entities/settings.ts';
import type { User } from '../../configuration/entities/user.ts';
import { toErrorMessage } from '../../foundation/app-error.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { Secret } from '../../foundation/secret.ts';
import { TypedEmitter } from '../../foundation/typed-emitter.ts';
import { systemActor, type Actor } from '../actor.ts';
import type { ConfigurationTables } from '../storage/configuration-tables.ts';
import { CopyKeeper } from '../storage/copy-keeper.ts';
import type { SqlDatabase } from '../storage/database.ts';
import { describeRecovery } from '../storage/sqlite-file.ts';
import { ActiveConfiguration, type Activate } from './active-configuration.ts';
import { ConfigurationError } from './configuration-error.ts';
import type {
  Commit,
  ConfigurationStore,
  ImportPreview,
  ListedUser,
  Page,
  Stored,
  UserQuery,
} from './configuration-store.ts';
import { ConfirmationTimer } from './confirmation-timer.ts';
import { findAllEntities, findEntities } from './entity-rows.ts';
import { foldEmail } from './find-clashes.ts';
import {
  findNetChanges,
  findOldest,
  findPendingRevision,
  findTitles,
  listRevisions,
  remainingMsOf,
  requireRevision,
  requireRevisionRow,
  setRevisionState,
  toSummary,
} from './revision-rows.ts';
import { RevisionWriter, type RevisionHeader, type WrittenRevision } from './revision-writer.ts';
import type { Revision, RevisionDiff, RevisionSummary } from './revision.ts';
import type { SecretSeal } from './secret-seal.ts';
import {
  serializeConfiguration,
  type OtherEntities,
  type SecretsInText,
} from './serialize-configuration.ts';
import { openSipCredentials, type SipCredentials } from './sip-credentials.ts';
import { listUsers } from './user-list.ts';
import { WriteQueue } from './write-queue.ts';

export interface SqlConfigurationStoreOptions {
  readonly database: SqlDatabase<ConfigurationTables>;
  readonly seal: SecretSeal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Argon2id of the factory password; only asked for on the first start. */
  readonly hashFactoryPassword: () => Promise<string>;
  /** Hands the compiled snapshot to the call plane. A failure is logged: the change stays. */
  readonly activate: Activate;
}

interface RevisionEvents {
  revision: [RevisionSummary];
}

export class SqlConfigurationStore implements ConfigurationStore {
  readonly #database: SqlDatabase<ConfigurationTables>;
  readonly #seal: SecretSeal;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #active: ActiveConfiguration;
  readonly #writer: RevisionWriter;
  readonly #queue = new WriteQueue();
  readonly #copyKeeper: CopyKeeper;
  readonly #confirmation: ConfirmationTimer;
  readonly #events: TypedEmitter<RevisionEvents>;

  /** Makes the first revision on the first start; activates the configuration as it is stored. */
  static async open(options: SqlConfigurationStoreOptions): Promise<SqlConfigurationStore> {
    const store = new SqlConfigurationStore(options);
    await store.#load(options.hashFactoryPassword);
    return store;
  }

  private constructor(options: SqlConfigurationStoreOptions) {
    const { database, seal, clock, logger } = options;
    this.#database = database;
    this.#seal = seal;
    this.#clock = clock;
    this.#logger = logger;
    this.#active = new ActiveConfiguration(seal, options.activate, logger);
    this.#writer = new RevisionWriter(database, seal, clock, this.#active);
    this.#copyKeeper = new CopyKeeper(database, clock, logger);
    this.#confirmation = new ConfirmationTimer(clock, (number) => {
      this.#revertUnconfirmed(number);
    });
    this.#events = new TypedEmitter<RevisionEvents>((error) => {
      logger.error('a listener of revisions failed', { error: toErrorMessage(error) });
    });
  }

  get head(): number {
    return this.#writer.head;
  }

  get settings(): Settings {
    return this.#writer.settings;
  }

  get problems(): readonly string[] {
    const { recovery } = this.#database;
    return [
      ...(recovery === undefined ? [] : [describeRecovery(recovery)]),
      ...this.#active.problems,
    ];
  }

  async commit(commit: Commit): Promise<Revision> {
    return this.#queue.run(async () => {
      await this.#requireNoPending();
      const written = await this.#writer.writeOperations(commit, commit.operations);
      return this.#finish(written, commit);
    });
  }

  async findUser(id: string): Promise<Stored<User> | undefined> {
    const [found] = await this.findUsers([id]);
    return found;
  }

  async findUserByLogin(login: string): Promise<Stored<User> | undefined> {
    const key = foldUserPart(login);
    // Both are always asked, so that the time tells nobody which logins there are.
    const byLogin = await this.#queries
      .selectFrom('users')
      .select('id')
      .where((where) =>
        where.or([where('login_key', '=', key), where('email_key', '=', foldEmail(login))]),
      )
      .executeTakeFirst();
    const byNumber = await this.#queries
      .selectFrom('dialable_numbers')
      .innerJoin('users', 'users.id', 'dialable_numbers.owner_id')
      .select(['users.id', 'users.extension'])
      .where('number', '=', key)
      .where('owner_kind', '=', 'user')
      .executeTakeFirst();
    const id = byLogin?.id ?? (byNumber?.extension === key ? byNumber.id : undefined);
    return id === undefined ? undefined : this.findUser(id);
  }

  async findUsers(ids: readonly string[]): Promise<readonly Stored<User>[]> {
    const found = (await findEntities(this.#queries, 'user', ids)) as Stored<User>[];
    const byId = new Map(found.map((stored) => [stored.id, stored]));
    return ids.map((id) => byId.get(id)).filter((stored) => stored !== undefined);
  }

  async findSettings(): Promise<Stored<Settings>> {
    const [stored] = await findEntities(this.#queries, 'settings', [settingsId]);
    return stored as Stored<Settings>;
  }

  async find(entity: EntityName, id: string): Promise<Stored<AnyDocument> | undefined> {
    const [stored] = await findEntities(this.#queries, entity, [id]);
    return stored;
  }

  async findMany(
    entity: EntityName,
    ids: readonly string[],
  ): Promise<readonly Stored<AnyDocument>[]> {
    return findEntities(this.#queries, entity, ids);
  }

  async findAll(entity: EntityName): Promise<readonly Stored<AnyDocument>[]> {
    return findAllEntities(this.#queries, entity);
  }

  seal(secret: Secret, place: string): string {
    return this.#seal.seal(secret, place);
  }

  unseal(sealed: string, place: string): Secret {
    return this.#seal.open(sealed, place);
  }

  async revealSipCredentials(userId: string): Promise<SipCredentials | undefined> {
    const sealed = (await this.findUser(userId))?.document.sipCredentials;
    return sealed === undefined ? undefined : openSipCredentials(sealed, userId, this.#seal);
  }

  async listUsers(query: UserQuery): Promise<Page<ListedUser>> {
    return listUsers(this.#queries, query);
  }

  async allUsers(): Promise<readonly Stored<User>[]> {
    const rows = await this.#queries
      .selectFrom('users')
      .select('id')
      .orderBy('extension_order')
      .orderBy('id')
      .execute();
    return this.findUsers(rows.map((row) => row.id));
  }

  async listRevisions(
    query: Parameters<ConfigurationStore['listRevisions']>[0],
  ): Promise<Page<RevisionSummary>> {
    return listRevisions(this.#queries, query);
  }

  async getRevision(number: number): Promise<Revision> {
    return requireRevision(this.#queries, number);
  }

  async diff(from: number, to: number): Promise<RevisionDiff> {
    const [earlier, later] = from < to ? [from, to] : [to, from];
    const oldest = await findOldest(this.#queries);
    if (later > this.head || earlier < oldest - 1) {
      const unknown = later > this.head ? later : earlier;
      throw new ConfigurationError('not-found', `there is no revision ${unknown.toString()}`);
    }
    const changes = await findNetChanges(this.#queries, earlier, later, from > to);
    return { from, to, changes };
  }

  async revert(number: number, author: Actor, reason?: string): Promise<Revision> {
    return this.#queue.run(async () => {
      await this.#requireNoPending(number);
      return this.#revert(number, author, reason ?? `Take back revision ${number.toString()}`);
    });
  }

  async confirm(number: number, author: Actor): Promise<RevisionSummary> {
    return this.#queue.run(async () => {
      const { state } = await requireRevisionRow(this.#queries, number);
      if (state !== 'pending') {
        throw new ConfigurationError(
          'not-pending',
          `revision ${number.toString()} does not wait for a confirmation`,
        );
      }
      await setRevisionState(this.#queries, number, 'active');
      this.#confirmation.stop();
      this.#copyKeeper.noteChange();
      this.#logger.info('revision confirmed', { revision: number, by: author.name });
      return this.#announce(number);
    });
  }

  async exportText(options: { readonly secrets: SecretsInText }): Promise<string> {
    const users = (await findAllEntities(this.#queries, 'user')) as Stored<User>[];
    const others: { -readonly [Name in keyof OtherEntities]: OtherEntities[Name] } = {};
    for (const name of entityNames) {
      if (name !== 'settings' && name !== 'user') {
        others[name] = await findAllEntities(this.#queries, name);
      }
    }
    return serializeConfiguration(this.settings, users, options.secrets, this.#seal, others);
  }

  async previewImport(text: string): Promise<ImportPreview> {
    return this.#queue.run(() => this.#writer.previewImport(text));
  }

  async importText(
    text: string,
    options: Parameters<ConfigurationStore['importText']>[1],
  ): Promise<Revision> {
    return this.#queue.run(async () => {
      await this.#requireNoPending();
      const { reason = 'Import of a configuration text' } = options;
      const header = { ...options, reason };
      return this.#finish(await this.#writer.writeImport(header, text), header);
    });
  }

  onRevision(listener: (revision: RevisionSummary) => void): () => void {
    return this.#events.on('revision', listener);
  }

  async close(): Promise<void> {
    this.#confirmation.stop();
    await this.#queue.close();
    await this.#copyKeeper.close();
    await this.#database.close();
  }

  get #queries() {
    return this.#database.queries;
  }

  async #load(hashFactoryPassword: () => Promise<string>): Promise<void> {
    if (!(await this.#writer.load())) {
      const hash = await hashFactoryPassword();
      const header = { author: systemActor, reason: 'First start' };
      await this.#queue.run(async () => {
        await this.#finish(await this.#writer.writeFirst(systemActor, hash), header);
      });
      return;
    }
    const users = (await findAllEntities(this.#queries, 'user')) as Stored<User>[];
    const devices = (await findAllEntities(this.#queries, 'device')) as Stored<Device>[];
    const handsets = (await findAllEntities(
      this.#queries,
      'dect-handset',
    )) as unknown as Stored<DectHandset>[];
    await this.#active.start(this.settings, users, devices, handsets, this.head);
    const pending = await findPendingRevision(this.#queries);
    if (pending !== undefined) {
      this.#confirmation.start(pending.number, remainingMsOf(pending, this.#clock.wallMs()));
    }
  }

  async #requireNoPending(except?: number): Promise<void> {
    const pending = await findPendingRevision(this.#queries);
    if (pending !== undefined && pending.number !== except) {
      throw new ConfigurationError(
        'pending',
        `revision ${pending.number.toString()} of ${pending.author_name} waits for its confirmation; confirm it or take it back first`,
      );
    }
  }

  /** After a revision is on the disk. */
  async #finish(written: WrittenRevision, header: RevisionHeader): Promise<Revision> {
    if (written === undefined) {
      return this.getRevision(this.head);
    }
    const { author, reason, confirmWithinSec } = header;
    this.#copyKeeper.noteChange();
    this.#confirmation.stop();
    if (confirmWithinSec !== undefined) {
      this.#confirmation.start(written.revision, confirmWithinSec * 1000);
    }
    this.#logger.info('revision stored', { revision: written.revision, by: author.name, reason });
    await this.#active.activate(written);
    await this.#announce(written.revision);
    return this.getRevision(written.revision);
  }

  async #revert(number: number, author: Actor, reason: string): Promise<Revision> {
    const header = { author, reason };
    return this.#finish(await this.#writer.writeRevert(header, number), header);
  }

  #revertUnconfirmed(number: number): void {
    this.#queue
      .run(async () => {
        // Confirmed or taken back while this waited for its turn.
        if ((await findPendingRevision(this.#queries))?.number !== number) {
          return;
        }
        const reason = `Revision ${number.toString()} was not confirmed in time`;
        await this.#revert(number, systemActor, reason);
        this.#logger.warn('revision reverted by itself: nobody confirmed it', { revision: number });
      })
      .catch((error: unknown) => {
        if (error instanceof ConfigurationError && error.code === 'closed') {
          // The next start finds it pending and goes on.
          return;
        }
        this.#logger.error('an unconfirmed revision could not be reverted; trying again', {
          revision: number,
          error: toErrorMessage(error),
        });
        this.#confirmation.retry(number);
      });
  }

  async #announce(number: number): Promise<RevisionSummary> {
    const row = await requireRevisionRow(this.#queries, number);
    const titles = await findTitles(this.#queries, [number]);
    const summary = toSummary(row, titles.get(number) ?? []);
    this.#events.emit('revision', summary);
    return summary;
  }
}
