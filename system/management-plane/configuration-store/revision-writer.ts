/**
 * Makes revisions: what was asked for becomes drafts, these are validated whole and compiled, then
 * stored in one transaction. Callers see to it that only one thing happens at a time.
 */
import { type AnyDocument, isEqualValue } from '../../configuration/entities/entity.ts';
import { entityNames, type EntityName } from '../../configuration/entities/entity-names.ts';
import {
  settingsEntity,
  settingsId,
  type Settings,
} from '../../configuration/entities/settings.ts';
import type { DectHandset } from '../../configuration/entities/dect-handset.ts';
import type { Device } from '../../configuration/entities/device.ts';
import { builtInAdminId, type User } from '../../configuration/entities/user.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Actor } from '../actor.ts';
import type { ConfigurationTables, RevisionRow } from '../storage/configuration-tables.ts';
import type { SqlDatabase } from '../storage/database.ts';
import type { ActiveConfiguration, PreparedConfiguration } from './active-configuration.ts';
import {
  ConfigurationError,
  toConfigurationError,
  type OperationIssue,
} from './configuration-error.ts';
import type { ImportPreview, Stored } from './configuration-store.ts';
import { toEntityChange } from './diff-documents.ts';
import { draftImport, type DraftedImport } from './draft-import.ts';
import { draftOperations } from './draft-operations.ts';
import { keyOf, kindOf, type Draft } from './draft.ts';
import { findAllEntities, findEntities, findTakenClaims, writeEntities } from './entity-rows.ts';
import { findClashes } from './find-clashes.ts';
import type { Operation } from './operation.ts';
import { parseConfiguration } from './parse-configuration.ts';
import { planRevert } from './plan-revert.ts';
import {
  deleteRevisionsUpTo,
  findHead,
  findPastOperations,
  insertRevision,
  requireRevisionRow,
  setRevisionState,
} from './revision-rows.ts';
import { draftForDomain, sealDrafts, type SealedDrafts } from './seal-drafts.ts';
import type { SecretSeal } from './secret-seal.ts';
import { openSipCredentials } from './sip-credentials.ts';
import { deletedUsersOf, unassignDeleted } from './unassign-deleted.ts';
import { validateDrafts } from './validate-drafts.ts';

export interface RevisionHeader {
  readonly author: Actor;
  readonly reason: string;
  readonly confirmWithinSec?: number | undefined;
}

/** A revision that is stored and waits for its activation; undefined when nothing changed. */
export type WrittenRevision = PreparedConfiguration | undefined;

export class RevisionWriter {
  readonly #database: SqlDatabase<ConfigurationTables>;
  readonly #seal: SecretSeal;
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #active: ActiveConfiguration;
  #head = 0;
  #settings: Settings = settingsEntity.fromStored({});

  constructor(
    database: SqlDatabase<ConfigurationTables>,
    seal: SecretSeal,
    clock: Pick<Clock, 'wallMs'>,
    active: ActiveConfiguration,
  ) {
    this.#database = database;
    this.#seal = seal;
    this.#clock = clock;
    this.#active = active;
  }

  /** The newest revision. */
  get head(): number {
    return this.#head;
  }

  /** As of the head. */
  get settings(): Settings {
    return this.#settings;
  }

  /** Reads head and settings; returns whether there is a configuration at all. */
  async load(): Promise<boolean> {
    this.#head = await findHead(this.#queries);
    const [settings] = await findEntities(this.#queries, 'settings', [settingsId]);
    if (settings === undefined) {
      return false;
    }
    this.#settings = settings.document as Settings;
    return true;
  }

  async writeFirst(author: Actor, webPasswordHash: string): Promise<WrittenRevision> {
    const drafts = firstDrafts(webPasswordHash);
    return this.#write({ author, reason: 'First start' }, { drafts, issues: [] });
  }

  /** Rejects with ConfigurationError `stale`, `invalid`, `conflict` or `not-found`. */
  async writeOperations(
    header: RevisionHeader,
    operations: readonly Operation[],
  ): Promise<WrittenRevision> {
    const current = await this.#findCurrent(operations);
    const { drafts, issues, staleOperations } = draftOperations(operations, current);
    if (staleOperations.length > 0) {
      const ids = staleOperations.map((index) => operations[index]?.id ?? '').join(', ');
      throw new ConfigurationError('stale', `changed by someone else in the meantime: ${ids}`);
    }
    return this.#write(header, { drafts, issues });
  }

  async previewImport(text: string): Promise<ImportPreview> {
    const imported = await this.#draftImport(text);
    const prepared = await this.#prepare(imported.drafts);
    const changes = prepared.drafts
      .map(({ entity, id, before, after }) => toEntityChange(entity, id, before, after))
      .filter((change) => change !== undefined);
    return { changes, issues: [...imported.issues, ...prepared.issues] };
  }

  /** Rejects with ConfigurationError `invalid` or `conflict`. */
  async writeImport(header: RevisionHeader, text: string): Promise<WrittenRevision> {
    return this.#write(header, await this.#draftImport(text));
  }

  /** Rejects with ConfigurationError `not-found`, `conflict` or `invalid`. */
  async writeRevert(header: RevisionHeader, number: number): Promise<WrittenRevision> {
    const row = await requireRevisionRow(this.#queries, number);
    if (row.state === 'reverted') {
      throw new ConfigurationError(
        'conflict',
        `revision ${number.toString()} is taken back already`,
      );
    }
    const past = await findPastOperations(this.#queries, number);
    const current = await this.#findCurrent(past);
    const plan = planRevert(
      past,
      (entity, id) => current.get(keyOf(entity, id))?.document,
      (_entity, id, field, a, b) => this.#isSameValue(id, field, a, b),
    );
    return this.#write(header, plan, row);
  }

  get #queries() {
    return this.#database.queries;
  }

  async #findCurrent(
    named: readonly { readonly entity: EntityName; readonly id: string }[],
  ): Promise<Map<string, Stored<AnyDocument>>> {
    const current = new Map<string, Stored<AnyDocument>>();
    for (const entity of entityNames) {
      const ids = named.filter((one) => one.entity === entity).map((one) => one.id);
      for (const stored of await findEntities(this.#queries, entity, [...new Set(ids)])) {
        current.set(keyOf(entity, stored.id), stored);
      }
    }
    return current;
  }

  async #draftImport(text: string): Promise<DraftedImport> {
    const current = [];
    for (const entity of entityNames) {
      for (const stored of await findAllEntities(this.#queries, entity)) {
        current.push({ ...stored, entity });
      }
    }
    return draftImport(parseConfiguration(text), current, this.#seal);
  }

  /** Validates, seals, drops what changes nothing and looks for clashes: every issue at once. */
  async #prepare(unchecked: readonly Draft[]): Promise<SealedDrafts> {
    const validated = validateDrafts(unchecked);
    const settings = settingsAfter(validated.drafts) ?? this.#settings;
    const sealed = sealDrafts(validated.drafts, settings, this.#seal);
    const drafts = (await this.#unassignDeleted(sealed.drafts)).filter(isRealChange);
    if (settings.sipDomain !== this.#settings.sipDomain) {
      const named = new Set(unchecked.map((draft) => draft.id));
      const users = (await findAllEntities(this.#queries, 'user')) as Stored<User>[];
      const others = users.filter((user) => !named.has(user.id));
      drafts.push(...draftForDomain(others, settings, this.#seal));
    }
    const claiming = [...drafts, ...validated.salvaged];
    const taken = await findTakenClaims(this.#queries, claiming, this.#settings);
    const clashes = findClashes(claiming, taken);
    return { drafts, issues: [...validated.issues, ...sealed.issues, ...clashes] };
  }

  async #unassignDeleted(drafts: readonly Draft[]): Promise<readonly Draft[]> {
    if (deletedUsersOf(drafts).size === 0) {
      return drafts;
    }
    const devices = (await findAllEntities(this.#queries, 'device')) as Stored<Device>[];
    return unassignDeleted(drafts, devices);
  }

  async #write(
    header: RevisionHeader,
    asked: { readonly drafts: readonly Draft[]; readonly issues: readonly OperationIssue[] },
    reverts?: RevisionRow,
  ): Promise<WrittenRevision> {
    const { drafts, issues: found } = await this.#prepare(asked.drafts);
    const issues = [...asked.issues, ...found];
    if (issues.length > 0) {
      throw toConfigurationError(issues);
    }
    if (drafts.length === 0 && reverts === undefined) {
      return undefined;
    }
    const number = this.#head + 1;
    const { author, reason, confirmWithinSec } = header;
    const settings = settingsAfter(drafts) ?? this.#settings;
    const isSameDomain = settings.sipDomain === this.#settings.sipDomain;
    const devices = isSameDomain
      ? []
      : ((await findAllEntities(this.#queries, 'device')) as Stored<Device>[]);
    const handsets = isSameDomain
      ? []
      : ((await findAllEntities(
          this.#queries,
          'dect-handset',
        )) as unknown as Stored<DectHandset>[]);
    const prepared = this.#active.prepare(drafts, settings, devices, handsets, number);
    await this.#database.transaction(async (transaction) => {
      await writeEntities(transaction, drafts, number);
      await insertRevision(transaction, {
        number,
        atMs: this.#clock.wallMs(),
        author,
        reason,
        confirmWithinMs: confirmWithinSec === undefined ? undefined : confirmWithinSec * 1000,
        reverts: reverts?.number,
        drafts,
      });
      if (reverts !== undefined) {
        await setRevisionState(transaction, reverts.number, 'reverted');
        if (reverts.reverts !== null) {
          await setRevisionState(transaction, reverts.reverts, 'active');
        }
      }
      await deleteRevisionsUpTo(transaction, number - settings.revisionsKeep);
    });
    this.#head = number;
    this.#settings = settings;
    return prepared;
  }

  #isSameValue(id: string, field: string, a: unknown, b: unknown): boolean {
    if (isEqualValue(a, b)) {
      return true;
    }
    if (field !== 'sipCredentials' || typeof a !== 'string' || typeof b !== 'string') {
      return false;
    }
    if (!this.#seal.isOwn(a) || !this.#seal.isOwn(b)) {
      return false;
    }
    const passwords = [a, b].map((sealed) => openSipCredentials(sealed, id, this.#seal).password);
    return passwords[0]?.reveal() === passwords[1]?.reveal();
  }
}

function firstDrafts(webPasswordHash: string): Draft[] {
  const base = { before: undefined, sipPassword: undefined, operation: undefined };
  const admin = {
    name: 'Administrator',
    role: 'superadmin',
    login: 'admin',
    mustChangePassword: true,
    webPasswordHash,
  };
  return [
    { ...base, entity: 'settings', id: settingsId, after: {} },
    { ...base, entity: 'user', id: builtInAdminId, after: admin },
  ];
}

function settingsAfter(drafts: readonly Draft[]): Settings | undefined {
  return drafts.find((draft) => draft.entity === 'settings')?.after as Settings | undefined;
}

function isRealChange(draft: Draft): boolean {
  return (
    kindOf(draft) !== 'update' ||
    toEntityChange(draft.entity, draft.id, draft.before, draft.after) !== undefined
  );
}
