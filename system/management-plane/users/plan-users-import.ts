/**
 * What an import of CSV rows would do, row by row, without doing it: pure. A row means the user with
 * its extension, or its login where it has no extension; an unknown one becomes a new user. Cells
 * that are empty leave things as they are.
 */
import { isEqualValue } from '../../configuration/entities/entity.ts';
import { foldUserPart } from '../../configuration/entities/fold-user-part.ts';
import type { Settings } from '../../configuration/entities/settings.ts';
import {
  loginOf,
  sipUsernameOf,
  titleOfUser,
  type User,
} from '../../configuration/entities/user.ts';
import type { Actor } from '../actor.ts';
import type { OperationIssue } from '../configuration-store/configuration-error.ts';
import type { Stored } from '../configuration-store/configuration-store.ts';
import { draftOperations } from '../configuration-store/draft-operations.ts';
import { keyOf } from '../configuration-store/draft.ts';
import {
  claimKey,
  claimsOfSettings,
  claimsOfUser,
  findClashes,
} from '../configuration-store/find-clashes.ts';
import type { Operation, UserChanges } from '../configuration-store/operation.ts';
import { validateDrafts } from '../configuration-store/validate-drafts.ts';
import { findForbiddenUserFields, mayManageRole } from './change-rules.ts';
import { findChoiceIssues, type PasswordChoices } from './user-passwords.ts';
import type { CsvProblem, CsvRow } from '../csv/csv-table.ts';
import type { PhonesRow } from './phones-of-users.ts';
import { columnOfField, otherCsvFields, type CsvContent, type CsvField } from './users-csv.ts';

export interface UsersImportInput {
  readonly content: CsvContent;
  readonly users: readonly Stored<User>[];
  readonly settings: Settings;
  readonly actor: Actor;
  readonly createId: () => string;
}

export interface PlannedRow {
  readonly line: number;
  readonly action: 'create' | 'update' | 'unchanged' | 'error';
  /** Name and extension. */
  readonly title: string;
}

/** A row that changes something, still without its passwords. */
export interface PlannedChange {
  readonly operation: Extract<Operation, { readonly entity: 'user'; readonly after: unknown }>;
  readonly passwords: PasswordChoices;
}

export interface UsersImportPlan {
  readonly rows: readonly PlannedRow[];
  /** Sorted by line. While there is any, nothing is imported. */
  readonly problems: readonly CsvProblem[];
  readonly changes: readonly PlannedChange[];
  /** Of rows that name phones, which nobody has looked at yet. */
  readonly phones: readonly PhonesRow[];
}

interface Reading {
  readonly row: CsvRow<CsvField>;
  readonly user: Stored<User> | undefined;
  readonly id: string;
  /** Whether it is clear whom the row means; otherwise nothing else of it can be judged. */
  readonly isIdentified: boolean;
  readonly changes: UserChanges;
  readonly passwords: PasswordChoices;
  readonly problems: readonly CsvProblem[];
}

export function planUsersImport(input: UsersImportInput): UsersImportPlan {
  const readings = readRows(input);
  const changing = readings.filter(
    ({ user, changes, passwords }) =>
      user === undefined || Object.keys(changes).length + Object.keys(passwords).length > 0,
  );
  const planned = changing.map(toPlannedChange);
  const problems: CsvProblem[] = [
    ...input.content.problems,
    ...readings.flatMap((reading) => reading.problems),
    ...findStoreIssues(changing, input),
  ];
  problems.sort((a, b) => a.line - b.line);
  const broken = new Set(problems.map((problem) => problem.line));
  const isChanging = new Set(changing);
  const rows = readings.map((reading): PlannedRow => {
    const { row, user } = reading;
    const action = user === undefined ? 'create' : isChanging.has(reading) ? 'update' : 'unchanged';
    return {
      line: row.line,
      action: broken.has(row.line) ? 'error' : action,
      title: titleOfUser({
        name: row.cells.get('name') ?? user?.document.name ?? '',
        ...withoutUndefined({
          extension: row.cells.get('extension') ?? user?.document.extension,
        }),
      }),
    };
  });
  const phones = readings.flatMap((reading) => readPhones(reading) ?? []);
  return { rows, problems, changes: planned, phones };
}

function readPhones({ row, user, id }: Reading): PhonesRow | undefined {
  const { line, cells } = row;
  const devices = cells.get('devices');
  const model = cells.get('deviceModel');
  if (devices === undefined && model === undefined) {
    return undefined;
  }
  const account = withoutUndefined({
    sipUsername: cells.get('sipUsername') ?? user?.document.sipUsername,
    extension: cells.get('extension') ?? user?.document.extension,
  });
  return { line, userId: id, hasAccount: sipUsernameOf(account) !== undefined, devices, model };
}

function readRows(input: UsersImportInput): Reading[] {
  const byExtension = new Map<string, Stored<User>>();
  const byLogin = new Map<string, Stored<User>>();
  for (const user of input.users) {
    const { extension } = user.document;
    const login = loginOf(user.document);
    if (extension !== undefined) {
      byExtension.set(foldUserPart(extension), user);
    }
    if (login !== undefined) {
      byLogin.set(foldUserPart(login), user);
    }
  }
  const linesByKey = new Map<string, number>();
  return input.content.rows.map((row) => {
    const extension = row.cells.get('extension');
    const login = row.cells.get('login');
    const key = foldUserPart(extension ?? login ?? '');
    const problems: CsvProblem[] = [];
    if (key === '') {
      const message = 'without extension and login nobody knows whom the row means';
      problems.push({ line: row.line, column: 'extension', code: 'missing', message });
    }
    const otherLine = linesByKey.get(key);
    if (otherLine !== undefined && key !== '') {
      const message = `line ${String(otherLine)} is about the same user`;
      const column = extension === undefined ? 'login' : 'extension';
      problems.push({ line: row.line, column, code: 'repeated', message });
    }
    linesByKey.set(key, row.line);
    const user = extension === undefined ? byLogin.get(key) : byExtension.get(key);
    return { isIdentified: problems.length === 0, ...readRow(row, user, problems, input) };
  });
}

function readRow(
  row: CsvRow<CsvField>,
  user: Stored<User> | undefined,
  problems: CsvProblem[],
  input: UsersImportInput,
): Omit<Reading, 'isIdentified'> {
  const report = (field: string, code: string, message: string): void => {
    const column = columnOfField(field) ?? field;
    problems.push({ line: row.line, column, code, message });
  };
  const values = readValues(row);
  const changes: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(values)) {
    if (user === undefined || !isEqualValue(value, user.document[field as keyof User])) {
      changes[field] = value;
    }
  }
  if (user === undefined) {
    changes['language'] ??= input.settings.language;
  }
  const passwords = readPasswords(row, user);
  const owner = {
    login: row.cells.get('login') ?? user?.document.login,
    extension: row.cells.get('extension') ?? user?.document.extension,
    email: row.cells.get('email') ?? user?.document.email,
  };
  for (const issue of findChoiceIssues(passwords, input.settings, owner)) {
    report(`${issue.path}Password`, issue.code, issue.message);
  }
  for (const issue of findForbidden(input.actor, user, changes, passwords)) {
    report(issue.path, issue.code, issue.message);
  }
  const id = user?.id ?? input.createId();
  return { row, user, id, changes, passwords, problems };
}

const booleans: Readonly<Record<string, boolean>> = {
  yes: true,
  true: true,
  '1': true,
  no: false,
  false: false,
  '0': false,
};

/** How cells are read that are not taken as they stand. */
const readers: Readonly<Partial<Record<CsvField, (text: string) => unknown>>> = {
  role: (text) => text.toLowerCase(),
  language: (text) => text.toLowerCase(),
  aliases: (text) => text.split(/\s+/),
  // What is neither yes nor no stays text, which the declaration of the field refuses.
  enabled: (text) => booleans[text.toLowerCase()] ?? text,
};

function readValues(row: CsvRow<CsvField>): UserChanges {
  const values: Record<string, unknown> = {};
  for (const [field, text] of row.cells) {
    if (!otherCsvFields.has(field)) {
      const read = readers[field];
      values[field] = read === undefined ? text : read(text);
    }
  }
  return values;
}

/** New users get strong passwords where the row has none. */
function readPasswords(row: CsvRow<CsvField>, user: Stored<User> | undefined): PasswordChoices {
  const choose = (text: string | undefined): PasswordChoices['web'] => {
    if (text !== undefined) {
      return { value: text };
    }
    return user === undefined ? { generate: true } : undefined;
  };
  const hasSipUsername = row.cells.has('extension') || row.cells.has('sipUsername');
  return withoutUndefined({
    web: choose(row.cells.get('webPassword')),
    sip: hasSipUsername || user !== undefined ? choose(row.cells.get('sipPassword')) : undefined,
  });
}

function findForbidden(
  actor: Actor,
  user: Stored<User> | undefined,
  changes: Readonly<Record<string, unknown>>,
  passwords: PasswordChoices,
): { path: string; code: string; message: string }[] {
  const role = user?.document.role ?? 'user';
  if (user === undefined && !mayManageRole(actor, role)) {
    return [{ path: 'extension', code: 'forbidden', message: 'only administrators make users' }];
  }
  if (passwords.web !== undefined && user?.id === actor.userId) {
    const message = 'the own password is changed with the current one, not by an import';
    return [{ path: 'webPassword', code: 'own-password', message }];
  }
  const fields = Object.keys(changes).filter(
    // A new user's role is only a change when it is not the plain one.
    (field) => field !== 'role' || user !== undefined || changes[field] !== 'user',
  );
  if (passwords.web !== undefined) {
    fields.push('webPasswordHash');
  }
  if (passwords.sip !== undefined) {
    fields.push('sipPassword');
  }
  return findForbiddenUserFields(actor, { id: user?.id ?? '', role }, fields).map((issue) => ({
    ...issue,
    path: issue.path === 'webPasswordHash' ? 'webPassword' : issue.path,
  }));
}

function toPlannedChange(reading: Reading): PlannedChange {
  const { user, id, changes, passwords } = reading;
  const operation =
    user === undefined
      ? ({ kind: 'create', entity: 'user', id, after: changes } as const)
      : ({ kind: 'update', entity: 'user', id, after: changes, ifVersion: user.version } as const);
  return { operation, passwords };
}

/** The same checks that the commit does. */
function findStoreIssues(readings: readonly Reading[], input: UsersImportInput): CsvProblem[] {
  const identified = readings.filter((reading) => reading.isIdentified);
  const current = new Map(input.users.map((user) => [keyOf('user', user.id), user]));
  const drafted = draftOperations(
    identified.map((reading) => toPlannedChange(reading).operation),
    current,
  );
  const validated = validateDrafts(drafted.drafts);
  const changed = new Set(identified.map((reading) => reading.id));
  const taken = new Map<string, string>();
  const untouched = input.users.filter((user) => !changed.has(user.id));
  for (const claim of [
    ...claimsOfSettings(input.settings),
    ...untouched.flatMap((user) => claimsOfUser(user.document)),
  ]) {
    taken.set(claimKey(claim.scope, claim.key), claim.title);
  }
  const problems = new Map<string, CsvProblem>();
  for (const issue of [
    ...drafted.issues,
    ...validated.issues,
    ...findClashes(validated.drafts, taken),
  ]) {
    const line = identified[issue.operation ?? -1]?.row.line ?? 0;
    const problem = toProblem(line, issue);
    // An extension can be taken as number and as login at once: one problem for a person.
    problems.set(`${String(line)} ${problem.column ?? ''} ${problem.message}`, problem);
  }
  return [...problems.values()];
}

function toProblem(line: number, issue: OperationIssue): CsvProblem {
  const field = issue.path.split('.')[0] ?? '';
  const column = field === '' ? undefined : (columnOfField(field) ?? field);
  return { line, column, code: issue.code, message: issue.message };
}

function withoutUndefined<Value extends object>(
  value: Value,
): { [Name in keyof Value]?: Exclude<Value[Name], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [Name in keyof Value]?: Exclude<Value[Name], undefined>;
  };
}
