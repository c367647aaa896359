/**
 * Entities in the database: documents, and the rows that lists and uniqueness are made of. Every
 * function takes the handle to use, so that what belongs to a transaction stays in it.
 */
import type { Kysely } from 'kysely';
import type { AnyDocument } from '../../configuration/entities/entity.ts';
import type { EntityName } from '../../configuration/entities/entity-names.ts';
import { entityByName } from '../../configuration/entities/entity-registry.ts';
import { foldUserPart } from '../../configuration/entities/fold-user-part.ts';
import type { Settings } from '../../configuration/entities/settings.ts';
import { loginOf, titleOfUser, type User } from '../../configuration/entities/user.ts';
import { inChunks, toSqlBoolean } from '../storage/column-value.ts';
import type {
  ConfigurationTables,
  DialableNumberRow,
  EntityRow,
  UserRow,
} from '../storage/configuration-tables.ts';
import type { Stored } from './configuration-store.ts';
import type { Draft } from './draft.ts';
import {
  claimKey,
  claimsOf,
  claimsOfSettings,
  foldEmail,
  type Claim,
  type ClaimScope,
} from './find-clashes.ts';
import { foldForSearch, toExtensionOrder } from './search-text.ts';

type Queries = Kysely<ConfigurationTables>;

const dectScopes: ReadonlySet<ClaimScope> = new Set(['dect-base', 'dect-place', 'ipui']);

export async function findEntities(
  queries: Queries,
  kind: EntityName,
  ids: readonly string[],
): Promise<Stored<AnyDocument>[]> {
  const found: Stored<AnyDocument>[] = [];
  for (const chunk of inChunks(ids)) {
    const rows = await queries
      .selectFrom('entities')
      .selectAll()
      .where('kind', '=', kind)
      .where('id', 'in', chunk)
      .execute();
    found.push(...rows.map(toStored));
  }
  return found;
}

export async function findAllEntities(
  queries: Queries,
  kind: EntityName,
): Promise<Stored<AnyDocument>[]> {
  const rows = await queries.selectFrom('entities').selectAll().where('kind', '=', kind).execute();
  return rows.map(toStored);
}

export function toStored(row: EntityRow): Stored<AnyDocument> {
  const document = entityByName[row.kind as EntityName].fromStored(
    JSON.parse(row.document) as AnyDocument,
  );
  return { id: row.id, document, version: row.version };
}

/** Titles of those who own what the drafts claim, except the entities being changed. */
export async function findTakenClaims(
  queries: Queries,
  drafts: readonly Draft[],
  settings: Settings,
): Promise<Map<string, string>> {
  const claims = drafts.flatMap((draft) =>
    draft.after === undefined ? [] : claimsOf(draft.entity, draft.after),
  );
  const changing = new Set(drafts.map((draft) => `${draft.entity}/${draft.id}`));
  const taken = new Map<string, string>();
  await addTakenNumbers(queries, claims, changing, settings, taken);
  await addTakenDect(queries, claims, changing, taken);
  await addTakenMacs(queries, drafts, changing, taken);
  for (const scope of ['login', 'email'] as const) {
    const column = scope === 'login' ? 'login_key' : 'email_key';
    const keys = claims.filter((claim) => claim.scope === scope).map((claim) => claim.key);
    for (const chunk of inChunks(keys)) {
      const rows = await queries
        .selectFrom('users')
        .select(['id', 'name', 'extension', `${column} as key`])
        .where(column, 'in', chunk)
        .execute();
      for (const row of rows) {
        if (!changing.has(`user/${row.id}`)) {
          taken.set(claimKey(scope, row.key ?? ''), titleOfRow(row));
        }
      }
    }
  }
  return taken;
}

async function addTakenNumbers(
  queries: Queries,
  claims: readonly Claim[],
  changing: ReadonlySet<string>,
  settings: Settings,
  taken: Map<string, string>,
): Promise<void> {
  const services = new Map(claimsOfSettings(settings).map((claim) => [claim.key, claim.title]));
  const numbers = claims.filter((claim) => claim.scope === 'number').map((claim) => claim.key);
  for (const chunk of inChunks(numbers)) {
    const rows = await queries
      .selectFrom('dialable_numbers')
      .leftJoin('users', 'users.id', 'dialable_numbers.owner_id')
      .select(['number', 'owner_kind', 'owner_id', 'users.name', 'users.extension'])
      .where('number', 'in', chunk)
      .execute();
    for (const row of rows) {
      if (!changing.has(`${row.owner_kind}/${row.owner_id}`)) {
        const other =
          row.owner_kind === 'settings'
            ? services.get(row.number)
            : row.owner_kind.startsWith('dect-')
              ? 'DECT'
              : undefined;
        taken.set(claimKey('number', row.number), other ?? titleOfRow(row));
      }
    }
  }
}

/** A few hundred small documents, looked through only when DECT is changed. */
async function addTakenDect(
  queries: Queries,
  claims: readonly Claim[],
  changing: ReadonlySet<string>,
  taken: Map<string, string>,
): Promise<void> {
  const wanted = new Set(
    claims.flatMap(({ scope, key }) => (dectScopes.has(scope) ? [claimKey(scope, key)] : [])),
  );
  if (wanted.size === 0) {
    return;
  }
  for (const entity of ['dect-system', 'dect-handset'] as const) {
    for (const { id, document } of await findAllEntities(queries, entity)) {
      if (changing.has(`${entity}/${id}`)) {
        continue;
      }
      for (const { scope, key, title } of claimsOf(entity, document)) {
        if (wanted.has(claimKey(scope, key))) {
          taken.set(claimKey(scope, key), title);
        }
      }
    }
  }
}

/** The other list that a MAC may be in: both have it as their id. */
async function addTakenMacs(
  queries: Queries,
  drafts: readonly Draft[],
  changing: ReadonlySet<string>,
  taken: Map<string, string>,
): Promise<void> {
  for (const [entity, other] of [
    ['device', 'rejected-device'],
    ['rejected-device', 'device'],
  ] as const) {
    const macs = drafts
      .filter((draft) => draft.entity === entity && draft.after !== undefined)
      .filter(({ id }) => !changing.has(`${other}/${id}`))
      .map(({ id }) => id);
    for (const { id, document } of await findEntities(queries, other, macs)) {
      for (const { scope, title } of claimsOf(other, document)) {
        if (scope === 'device-mac') {
          taken.set(claimKey(scope, id), title);
        }
      }
    }
  }
}

function titleOfRow(row: { readonly name: string | null; readonly extension: string | null }) {
  const name = row.name ?? '';
  return titleOfUser(row.extension === null ? { name } : { name, extension: row.extension });
}

/**
 * Writes what the drafts leave behind. Rows of all changed entities go first, so that two users may
 * exchange their numbers in one change.
 */
export async function writeEntities(
  transaction: Queries,
  drafts: readonly Draft[],
  version: number,
): Promise<void> {
  const idsByKind = Map.groupBy(drafts, (draft) => draft.entity);
  for (const [kind, changed] of idsByKind) {
    for (const ids of inChunks(changed.map((draft) => draft.id))) {
      await transaction
        .deleteFrom('entities')
        .where('kind', '=', kind)
        .where('id', 'in', ids)
        .execute();
      await transaction
        .deleteFrom('dialable_numbers')
        .where('owner_kind', '=', kind)
        .where('owner_id', 'in', ids)
        .execute();
      if (kind === 'user') {
        await transaction.deleteFrom('users').where('id', 'in', ids).execute();
      }
    }
  }

  const entities: EntityRow[] = [];
  const numbers: DialableNumberRow[] = [];
  const users: UserRow[] = [];
  for (const { entity, id, after } of drafts) {
    if (after === undefined) {
      continue;
    }
    const document = JSON.stringify(entityByName[entity].toStored(after));
    entities.push({ kind: entity, id, version, document });
    for (const number of numbersOf(entity, after)) {
      numbers.push({ number, owner_kind: entity, owner_id: id });
    }
    if (entity === 'user') {
      users.push(toUserRow(id, after as User));
    }
  }
  for (const rows of inChunks(entities, 4)) {
    await transaction.insertInto('entities').values(rows).execute();
  }
  for (const rows of inChunks(numbers, 3)) {
    await transaction.insertInto('dialable_numbers').values(rows).execute();
  }
  for (const rows of inChunks(users, 11)) {
    await transaction.insertInto('users').values(rows).execute();
  }
}

function numbersOf(entity: EntityName, document: AnyDocument): string[] {
  return claimsOf(entity, document)
    .filter((claim) => claim.scope === 'number')
    .map((claim) => claim.key);
}

function toUserRow(id: string, user: User): UserRow {
  const login = loginOf(user);
  const searched = [
    user.name,
    user.extension,
    user.login,
    user.sipUsername,
    ...user.aliases,
    user.email,
    user.mobilePhone,
    user.department,
  ];
  return {
    id,
    role: user.role,
    enabled: toSqlBoolean(user.enabled),
    name: user.name,
    extension: user.extension ?? null,
    login_key: login === undefined ? null : foldUserPart(login),
    email_key: user.email === undefined ? null : foldEmail(user.email),
    name_order: foldForSearch(user.name),
    extension_order: toExtensionOrder(user.extension),
    department_order: foldForSearch(user.department ?? ''),
    search_text: foldForSearch(searched.filter((text) => text !== undefined).join('\n')),
  };
}
