import { describe, expect, test } from 'vitest';
import { settingsEntity } from '../../../../system/configuration/entities/settings.ts';
import { userEntity, type User } from '../../../../system/configuration/entities/user.ts';
import type { Actor } from '../../../../system/management-plane/actor.ts';
import type { Stored } from '../../../../system/management-plane/configuration-store/configuration-store.ts';
import {
  planUsersImport,
  type UsersImportPlan,
} from '../../../../system/management-plane/users/plan-users-import.ts';
import {
  parseUsersCsv,
  serializeUsersCsv,
} from '../../../../system/management-plane/users/users-csv.ts';

const superadmin: Actor = { kind: 'session', userId: 'admin', name: 'Admin', role: 'superadmin' };
const otherAdmin: Actor = { kind: 'session', userId: 'boss', name: 'Boss', role: 'admin' };

function stored(id: string, fields: Partial<User>): Stored<User> {
  return { id, version: 7, document: userEntity.fromStored(fields) };
}

const users: readonly Stored<User>[] = [
  stored('admin', { name: 'Admin', role: 'superadmin', login: 'admin' }),
  stored('boss', { name: 'Boss', role: 'admin', extension: '100' }),
  stored('mario', {
    name: 'Mario Rossi',
    extension: '101',
    aliases: ['rossi'],
    email: 'mario@example.com',
  }),
];

function plan(text: string, actor: Actor = superadmin): UsersImportPlan {
  let next = 0;
  return planUsersImport({
    content: parseUsersCsv(text),
    users,
    settings: settingsEntity.fromStored({ language: 'it' }),
    actor,
    createId: () => `new-${String((next += 1))}`,
  });
}

function problemsOf(text: string, actor?: Actor): [number, string | undefined, string][] {
  return plan(text, actor).problems.map(({ line, column, code }) => [line, column, code]);
}

describe('plan of a users import', () => {
  test('makes new users with generated passwords and the language of the system', () => {
    const { rows, changes, problems } = plan('name,extension\nLuigi Verdi,102\n');
    expect(problems).toEqual([]);
    expect(rows).toEqual([{ line: 2, action: 'create', title: 'Luigi Verdi (102)' }]);
    expect(changes).toEqual([
      {
        operation: {
          kind: 'create',
          entity: 'user',
          id: 'new-1',
          after: { name: 'Luigi Verdi', extension: '102', language: 'it' },
        },
        passwords: { web: { generate: true }, sip: { generate: true } },
      },
    ]);
  });

  test('changes only what differs, and nothing where cells are empty', () => {
    const { rows, changes } = plan(
      'name,extension,email,aliases,department\nMario Rossi,101,,rossi,Sales\nBoss,100,,,\n',
    );
    expect(rows.map((row) => row.action)).toEqual(['update', 'unchanged']);
    expect(changes.map((change) => change.operation)).toEqual([
      {
        kind: 'update',
        entity: 'user',
        id: 'mario',
        after: { department: 'Sales' },
        ifVersion: 7,
      },
    ]);
    expect(changes[0]?.passwords).toEqual({});
  });

  test('what was exported changes nothing', () => {
    const result = plan(serializeUsersCsv(users.map((user) => user.document)));
    expect(result.problems).toEqual([]);
    expect(result.rows.map((row) => row.action)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect(result.changes).toEqual([]);
  });

  test('[USR-024] names the owner of a number that is taken', () => {
    const { problems, rows } = plan(
      'name,extension,aliases,email\nLuigi,102,ROSSI,\nPeach,*43,,\nToad,104,,MARIO@example.com\nWario,105,,\nWaluigi,106,105,\n',
    );
    expect(problems.map(({ line, column, message }) => [line, column, message])).toEqual([
      [2, 'aliases', 'ROSSI is taken by Mario Rossi (101)'],
      [3, 'extension', '*43 is taken by the echo test'],
      [4, 'email', 'MARIO@example.com is taken by Mario Rossi (101)'],
      [6, 'aliases', '105 is taken by Wario (105)'],
    ]);
    expect(rows.map((row) => row.action)).toEqual(['error', 'error', 'error', 'create', 'error']);
  });

  test('lets a number move from one user to another within one file', () => {
    expect(
      problemsOf('name,extension,aliases\nMario Rossi,101,m.rossi\nLuigi,102,rossi\n'),
    ).toEqual([]);
  });

  test.each([
    ['name,extension\nLuigi,abc\n', [[2, 'extension', 'invalid-value']]],
    ['extension\n102\n', [[2, 'name', 'missing']]],
    ['name,extension\nLuigi,102\nPeach,102\n', [[3, 'extension', 'repeated']]],
    ['name,extension,login\nLuigi,,\n', [[2, 'extension', 'missing']]],
    ['name,extension,email\nLuigi,102,nowhere\n', [[2, 'email', 'invalid-value']]],
    ['name,extension,enabled\nLuigi,102,maybe\n', [[2, 'enabled', 'invalid-value']]],
    ['name,extension,role\nLuigi,102,king\n', [[2, 'role', 'invalid-value']]],
    ['name,extension,role\nLuigi,102,superadmin\n', [[2, 'role', 'built-in']]],
    ['name,extension,login\nLuigi,102,root\n', [[2, 'login', 'reserved']]],
    [
      'name,extension,web_password\nLuigi,102,short\n',
      expect.arrayContaining([
        [2, 'web_password', 'password-too-short'],
        [2, 'web_password', 'password-needs-digit'],
      ]),
    ],
    [
      'name,extension,sip_password\nLuigi,102,wildix\n',
      expect.arrayContaining([[2, 'sip_password', 'password-factory']]),
    ],
  ])('refuses %j', (text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test('[USR-062] keeps the reserved names for the system', () => {
    for (const login of ['system', 'administrator', 'root', 'Admin']) {
      expect(problemsOf(`name,extension,login\nLuigi,102,${login}\n`)).not.toEqual([]);
    }
  });

  test('[USR-010] [USR-020] lets other administrators touch no administrator and make none', () => {
    expect(
      problemsOf(
        'name,extension,login,role,web_password\nAdmin,,admin,,Better-Horse-42\nLuigi,102,,admin,\nMario,101,,,Better-Horse-42\n',
        otherAdmin,
      ),
    ).toEqual([
      [2, 'web_password', 'forbidden'],
      [3, 'role', 'forbidden'],
    ]);
  });

  test('never sets the own password', () => {
    expect(
      problemsOf('name,extension,web_password\nBoss,100,Better-Horse-42\n', otherAdmin),
    ).toEqual([[2, 'web_password', 'own-password']]);
  });
});
