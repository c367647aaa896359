/** Pages of users: narrowed, sorted and counted by the database. */
import { sql, type ExpressionBuilder, type Kysely } from 'kysely';
import type { PublicUser, User } from '../../configuration/entities/user.ts';
import { likeAnywhere } from '../storage/column-value.ts';
import type { ConfigurationTables, UserRow } from '../storage/configuration-tables.ts';
import type { ListedUser, Page, UserQuery, UserSortKey } from './configuration-store.ts';
import { toStored } from './entity-rows.ts';
import { toSearchWords } from './search-text.ts';

const columnOfSortKey: Readonly<Record<UserSortKey, keyof UserRow>> = {
  name: 'name_order',
  extension: 'extension_order',
  login: 'login_key',
  email: 'email_key',
  department: 'department_order',
  role: 'role',
  enabled: 'enabled',
};

export async function listUsers(
  queries: Kysely<ConfigurationTables>,
  query: UserQuery,
): Promise<Page<ListedUser>> {
  const words = toSearchWords(query.search);
  const narrow = (rows: ExpressionBuilder<ConfigurationTables, 'users'>) =>
    rows.and([
      ...words.map(
        (word) => sql<boolean>`${rows.ref('search_text')} like ${likeAnywhere(word)} escape '!'`,
      ),
      ...(query.role === undefined ? [] : [rows('role', '=', query.role)]),
    ]);
  const counted = await queries
    .selectFrom('users')
    .select((select) => select.fn.countAll<number>().as('total'))
    .where(narrow)
    .executeTakeFirstOrThrow();
  // The page is cut out of the narrow rows first; documents are read for it alone.
  const page = await queries
    .selectFrom('users')
    .select('id')
    .where(narrow)
    .orderBy(columnOfSortKey[query.sort], query.direction)
    .orderBy('id', query.direction)
    .limit(query.pageSize)
    .offset((query.page - 1) * query.pageSize)
    .execute();
  const ids = page.map((row) => row.id);
  if (ids.length === 0) {
    return { items: [], total: counted.total };
  }
  const rows = await queries
    .selectFrom('entities')
    .selectAll()
    .where('kind', '=', 'user')
    .where('id', 'in', ids)
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const items = ids.flatMap((id) => {
    const row = byId.get(id);
    return row === undefined ? [] : [toListedUser(toStored(row) as never)];
  });
  return { items, total: counted.total };
}

function toListedUser(stored: {
  readonly id: string;
  readonly document: User;
  readonly version: number;
}): ListedUser {
  const { webPasswordHash, sipCredentials, ...document } = stored.document;
  return {
    id: stored.id,
    document: document satisfies PublicUser,
    version: stored.version,
    hasWebPassword: webPasswordHash !== undefined,
    hasSipPassword: sipCredentials !== undefined,
  };
}
