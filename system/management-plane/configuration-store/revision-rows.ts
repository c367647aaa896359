/** Revisions in the database. */
import { type Kysely, sql } from 'kysely';
import type { AnyDocument } from '../../configuration/entities/entity.ts';
import type { EntityName } from '../../configuration/entities/entity-names.ts';
import { entityByName } from '../../configuration/entities/entity-registry.ts';
import type { Actor } from '../actor.ts';
import { inChunks, likeAnywhere } from '../storage/column-value.ts';
import type {
  ConfigurationTables,
  RevisionOperationRow,
  RevisionRow,
} from '../storage/configuration-tables.ts';
import { ConfigurationError } from './configuration-error.ts';
import type { Page } from './configuration-store.ts';
import { toEntityChange } from './diff-documents.ts';
import { keyOf, kindOf, titleOf, type Draft } from './draft.ts';
import type { OperationKind } from './operation.ts';
import type { PastOperation } from './plan-revert.ts';
import {
  maxTitlesInSummary,
  type EntityChange,
  type OperationTitle,
  type Revision,
  type RevisionState,
  type RevisionSummary,
} from './revision.ts';
import { foldForSearch, toSearchWords } from './search-text.ts';

type Queries = Kysely<ConfigurationTables>;

export interface NewRevision {
  readonly number: number;
  readonly atMs: number;
  readonly author: Actor;
  readonly reason: string;
  readonly confirmWithinMs: number | undefined;
  readonly reverts: number | undefined;
  readonly drafts: readonly Draft[];
}

const maxReasonCharacters = 200;
/** A revision of thousands is found by its author and its reason. */
const maxSearchedTitles = 100;

/** 0 when there is none yet. */
export async function findHead(queries: Queries): Promise<number> {
  const row = await queries
    .selectFrom('revisions')
    .select((select) => select.fn.max('number').as('head'))
    .executeTakeFirst();
  return row?.head ?? 0;
}

/** The oldest revision that is still kept. */
export async function findOldest(queries: Queries): Promise<number> {
  const row = await queries
    .selectFrom('revisions')
    .select((select) => select.fn.min('number').as('oldest'))
    .executeTakeFirst();
  return row?.oldest ?? 0;
}

export async function insertRevision(transaction: Queries, revision: NewRevision): Promise<void> {
  const { number, atMs, author, confirmWithinMs, drafts } = revision;
  const reason = Array.from(revision.reason).slice(0, maxReasonCharacters).join('');
  const titles = drafts
    .slice(0, maxSearchedTitles)
    .map(({ entity, before, after }) => titleOf(entity, after ?? before ?? {}));
  await transaction
    .insertInto('revisions')
    .values({
      number,
      at_ms: atMs,
      author_kind: author.kind,
      author_id: author.userId,
      author_name: author.name,
      reason,
      state: confirmWithinMs === undefined ? 'active' : 'pending',
      confirm_window_ms: confirmWithinMs ?? null,
      confirm_until_ms: confirmWithinMs === undefined ? null : atMs + confirmWithinMs,
      reverts: revision.reverts ?? null,
      operation_count: drafts.length,
      search_text: foldForSearch([author.name, reason, ...titles].join('\n')),
    })
    .execute();
  const operations = drafts.map((draft, position): RevisionOperationRow => {
    const { entity, id, before, after } = draft;
    return {
      revision: number,
      position,
      kind: kindOf(draft),
      entity,
      entity_id: id,
      title: titleOf(entity, after ?? before ?? {}),
      before_document: serialize(entity, before),
      after_document: serialize(entity, after),
    };
  });
  for (const rows of inChunks(operations, 8)) {
    await transaction.insertInto('revision_operations').values(rows).execute();
  }
}

export async function setRevisionState(
  transaction: Queries,
  number: number,
  state: RevisionState,
): Promise<void> {
  await transaction
    .updateTable('revisions')
    .set({ state, confirm_until_ms: null, confirm_window_ms: null })
    .where('number', '=', number)
    .execute();
}

/** Forgets all revisions up to and including `number`. */
export async function deleteRevisionsUpTo(transaction: Queries, number: number): Promise<void> {
  await transaction.deleteFrom('revision_operations').where('revision', '<=', number).execute();
  await transaction.deleteFrom('revisions').where('number', '<=', number).execute();
}

/** Rejects with ConfigurationError `not-found`. */
export async function requireRevisionRow(queries: Queries, number: number): Promise<RevisionRow> {
  const row = await queries
    .selectFrom('revisions')
    .selectAll()
    .where('number', '=', number)
    .executeTakeFirst();
  if (row === undefined) {
    throw new ConfigurationError('not-found', `there is no revision ${number.toString()}`);
  }
  return row;
}

/** How long to wait still; a clock that was set back does not prolong the window. */
export function remainingMsOf(pending: RevisionRow, wallMs: number): number {
  const windowMs = pending.confirm_window_ms ?? 0;
  return Math.min(windowMs, Math.max(0, (pending.confirm_until_ms ?? 0) - wallMs));
}

export async function findPendingRevision(queries: Queries): Promise<RevisionRow | undefined> {
  return queries
    .selectFrom('revisions')
    .selectAll()
    .where('state', '=', 'pending')
    .executeTakeFirst();
}

/** Rejects with ConfigurationError `not-found`. */
export async function requireRevision(queries: Queries, number: number): Promise<Revision> {
  const row = await requireRevisionRow(queries, number);
  const operations = await findOperationRows(queries, number - 1, number);
  const titles = operations.slice(0, maxTitlesInSummary).map(toTitle);
  const changes = operations.map(toChange).filter((change) => change !== undefined);
  return { ...toSummary(row, titles), changes };
}

export async function findPastOperations(
  queries: Queries,
  number: number,
): Promise<PastOperation[]> {
  const rows = await findOperationRows(queries, number - 1, number);
  return rows.map((row) => ({
    entity: row.entity as EntityName,
    id: row.entity_id,
    before: parse(row.entity, row.before_document),
    after: parse(row.entity, row.after_document),
  }));
}

export async function listRevisions(
  queries: Queries,
  query: {
    readonly search?: string | undefined;
    readonly direction?: 'asc' | 'desc' | undefined;
    readonly page: number;
    readonly pageSize: number;
  },
): Promise<Page<RevisionSummary>> {
  let selected = queries.selectFrom('revisions');
  for (const word of toSearchWords(query.search)) {
    selected = selected.where(sql<boolean>`search_text like ${likeAnywhere(word)} escape '!'`);
  }
  const { total } = await selected
    .select((select) => select.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await selected
    .selectAll()
    .orderBy('number', query.direction ?? 'desc')
    .limit(query.pageSize)
    .offset((query.page - 1) * query.pageSize)
    .execute();
  const titles = await findTitles(
    queries,
    rows.map((row) => row.number),
  );
  return { items: rows.map((row) => toSummary(row, titles.get(row.number) ?? [])), total };
}

/** What all revisions after `after` up to `upTo` did together, or what taking it back would do. */
export async function findNetChanges(
  queries: Queries,
  after: number,
  upTo: number,
  isBackwards: boolean,
): Promise<EntityChange[]> {
  const first = new Map<string, RevisionOperationRow>();
  const last = new Map<string, RevisionOperationRow>();
  for (const row of await findOperationRows(queries, after, upTo)) {
    const key = keyOf(row.entity as EntityName, row.entity_id);
    if (!first.has(key)) {
      first.set(key, row);
    }
    last.set(key, row);
  }
  const changes: EntityChange[] = [];
  for (const [key, row] of first) {
    const before = parse(row.entity, row.before_document);
    const now = parse(row.entity, last.get(key)?.after_document ?? null);
    const { entity, entity_id: id } = row;
    const change = isBackwards
      ? toEntityChange(entity as EntityName, id, now, before)
      : toEntityChange(entity as EntityName, id, before, now);
    if (change !== undefined) {
      changes.push(change);
    }
  }
  return changes;
}

export function toSummary(row: RevisionRow, titles: readonly OperationTitle[]): RevisionSummary {
  return {
    number: row.number,
    atMs: row.at_ms,
    author: {
      kind: row.author_kind as Actor['kind'],
      userId: row.author_id,
      name: row.author_name,
    },
    reason: row.reason,
    state: row.state as RevisionState,
    confirmUntilMs: row.confirm_until_ms ?? undefined,
    reverts: row.reverts ?? undefined,
    operationCount: row.operation_count,
    operations: titles,
  };
}

export async function findTitles(
  queries: Queries,
  numbers: readonly number[],
): Promise<Map<number, OperationTitle[]>> {
  if (numbers.length === 0) {
    return new Map();
  }
  const rows = await queries
    .selectFrom('revision_operations')
    .select(['revision', 'kind', 'entity', 'entity_id', 'title'])
    .where('revision', 'in', numbers)
    .where('position', '<', maxTitlesInSummary)
    .orderBy('revision')
    .orderBy('position')
    .execute();
  const titles = new Map<number, OperationTitle[]>();
  for (const [revision, ofRevision] of Map.groupBy(rows, (row) => row.revision)) {
    titles.set(revision, ofRevision.map(toTitle));
  }
  return titles;
}

async function findOperationRows(
  queries: Queries,
  after: number,
  upTo: number,
): Promise<RevisionOperationRow[]> {
  return queries
    .selectFrom('revision_operations')
    .selectAll()
    .where('revision', '>', after)
    .where('revision', '<=', upTo)
    .orderBy('revision')
    .orderBy('position')
    .execute();
}

function toTitle(
  row: Pick<RevisionOperationRow, 'kind' | 'entity' | 'entity_id' | 'title'>,
): OperationTitle {
  return {
    kind: row.kind as OperationKind,
    entity: row.entity as EntityName,
    id: row.entity_id,
    title: row.title,
  };
}

function toChange(row: RevisionOperationRow): EntityChange | undefined {
  return toEntityChange(
    row.entity as EntityName,
    row.entity_id,
    parse(row.entity, row.before_document),
    parse(row.entity, row.after_document),
  );
}

function serialize(entity: EntityName, document: AnyDocument | undefined): string | null {
  return document === undefined ? null : JSON.stringify(entityByName[entity].toStored(document));
}

function parse(entity: string, text: string | null): AnyDocument | undefined {
  return text === null
    ? undefined
    : entityByName[entity as EntityName].fromStored(JSON.parse(text) as AnyDocument);
}
