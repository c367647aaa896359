import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../../../../system/management-plane/actor.ts';
import { requireMayRevert } from '../../../../system/management-plane/users/revert-rules.ts';
import type { UsersService } from '../../../../system/management-plane/users/users-service.ts';
import {
  adminActor,
  goodPassword,
  ManagementServices,
} from '../../../support/management-plane/management-services.ts';

const boss: Actor = { kind: 'session', userId: '100', name: 'Boss', role: 'admin' };
const mario: Actor = { kind: 'session', userId: '101', name: 'Mario Rossi', role: 'user' };
const source = '127.0.0.1';

describe('users service', () => {
  let plane: ManagementServices;
  let users: UsersService;

  beforeEach(async () => {
    plane = await ManagementServices.open();
    ({ users } = plane.services);
    await plane.addUser({ name: 'Boss', extension: '100', role: 'admin' });
    await plane.addUser({ name: 'Peach', extension: '102', role: 'admin' });
    await plane.addUser({ name: 'Mario Rossi', extension: '101' });
  });

  afterEach(async () => {
    await plane.dispose();
  });

  test('[USR-001] [USR-009] makes a user with strong passwords that work at once', async () => {
    const { user, generated } = await users.create(boss, {
      name: 'Luigi',
      extension: '103',
      email: 'luigi@example.com',
    });
    expect(user.document).toMatchObject({ role: 'user', enabled: true, language: 'en' });
    expect(generated.web).toMatch(/^[\w.-]{16,}$/);
    expect(generated.sip).toMatch(/^[\w.-]{23,}$/);
    expect(generated.web).not.toBe(generated.sip);

    const credentials = await plane.store.revealSipCredentials(user.id);
    expect(credentials?.username).toBe('103');
    expect(credentials?.password.reveal()).toBe(generated.sip);
    const session = await plane.services.logins.logIn({
      login: 'luigi@example.com',
      password: generated.web ?? '',
      source,
    });
    expect(session.actor.userId).toBe(user.id);
  });

  test('[SEC-018] takes given passwords only as the policy wants them, and reports every issue', async () => {
    const refused = users.create(
      boss,
      { name: '', extension: '10x' },
      { passwords: { web: { value: 'short' }, sip: { value: goodPassword } } },
    );
    await expect(refused).rejects.toMatchObject({
      code: 'invalid',
      details: {
        issues: [
          { path: 'passwords.web', code: 'password-too-short' },
          { path: 'passwords.web', code: 'password-needs-upper' },
          { path: 'passwords.web', code: 'password-needs-digit' },
          { path: 'name' },
          { path: 'extension' },
        ],
      },
    });
  });

  test('[USR-003] changes only the named fields of several users, in one revision', async () => {
    const before = plane.store.head;
    const revision = await users.updateMany(boss, ['100', '101'], { department: 'Castle' });
    expect(revision).toBe(before + 1);
    expect(
      (await plane.store.findUsers(['100', '101'])).map(({ document }) => document),
    ).toMatchObject([
      { name: 'Boss', extension: '100', role: 'admin', department: 'Castle' },
      { name: 'Mario Rossi', extension: '101', role: 'user', department: 'Castle' },
    ]);
    await users.updateMany(boss, ['101'], { department: null });
    expect((await plane.store.findUser('101'))?.document).not.toHaveProperty('department');
  });

  test('changes all of several users or none', async () => {
    await expect(users.updateMany(boss, ['101', '102'], { enabled: false })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(users.updateMany(boss, ['101', 'gone'], { enabled: false })).rejects.toMatchObject(
      {
        code: 'not-found',
        details: { issues: [{ path: 'gone' }] },
      },
    );
    expect((await plane.store.findUser('101'))?.document.enabled).toBe(true);
  });

  test('refuses a change of what was changed in between', async () => {
    const seen = (await plane.store.findUser('101'))?.version;
    await users.update(boss, '101', { department: 'Castle' });
    await expect(
      users.update(boss, '101', { department: 'Garden' }, { ifVersion: seen }),
    ).rejects.toMatchObject({ code: 'stale' });
  });

  test.each([
    [{ extension: '101' }, 'extension', '101 is taken by Mario Rossi (101)'],
    [{ extension: '103', aliases: ['mario', '102'] }, 'aliases.1', '102 is taken by Peach (102)'],
    [{ extension: '*43' }, 'extension', '*43 is taken by the echo test'],
  ])('[USR-024] refuses %j and names the owner', async (fields, path, message) => {
    await expect(users.create(boss, { name: 'Luigi', ...fields })).rejects.toMatchObject({
      code: 'conflict',
      issues: expect.arrayContaining([expect.objectContaining({ path, message })]) as unknown,
    });
  });

  test('[USR-008] sets passwords of several users, generated or given', async () => {
    const { generated } = await users.setPasswords(boss, ['101'], {
      web: { generate: true },
      sip: { value: goodPassword },
    });
    expect(generated).toEqual([{ userId: '101', web: expect.any(String) as unknown }]);
    const credentials = await plane.store.revealSipCredentials('101');
    expect(credentials?.password.reveal()).toBe(goodPassword);
    const { actor } = await plane.services.logins.logIn({
      login: '101',
      password: generated[0]?.web ?? '',
      source,
    });
    expect(actor.name).toBe('Mario Rossi');
    await expect(
      users.setPasswords(adminActor, ['101', '102'], { web: { value: 'wildix' } }),
    ).rejects.toMatchObject({ code: 'invalid' });
  });

  test('ends the block of an account whose password is set', async () => {
    const attempt = { login: '101', password: 'wrong', source };
    for (let index = 0; index < 6; index += 1) {
      await plane.services.logins.logIn(attempt).catch(() => undefined);
    }
    await users.setPasswords(boss, ['101'], { web: { value: goodPassword } });
    const session = await plane.services.logins.logIn({ ...attempt, password: goodPassword });
    expect(session.actor.userId).toBe('101');
  });

  test.each<[string, string, () => Promise<unknown>]>([
    [
      '[USR-010] [SEC-001]',
      'set the password of another administrator',
      () => users.setPasswords(boss, ['101', '102'], { web: { generate: true } }),
    ],
    [
      '[USR-010] [SEC-001]',
      'set the SIP password of another administrator',
      () => users.setPasswords(boss, ['102'], { sip: { generate: true } }),
    ],
    [
      '[USR-010] [SEC-001]',
      'set the password of admin',
      () => users.setPasswords(boss, ['admin'], { web: { value: goodPassword } }),
    ],
    [
      '[USR-010]',
      'set the own password without the current one',
      () => users.setPasswords(boss, ['100'], { web: { generate: true } }),
    ],
    [
      '[USR-020]',
      'make an administrator',
      () => users.create(boss, { name: 'Luigi', extension: '103', role: 'admin' }),
    ],
    [
      '[USR-020]',
      'make an administrator of a user',
      () => users.update(boss, '101', { role: 'admin' }),
    ],
    [
      '[USR-020]',
      'give the own role up or raise it',
      () => users.update(boss, '100', { role: 'user' }),
    ],
    [
      '[USR-020]',
      'change another administrator',
      () => users.update(boss, '102', { login: 'peach2' }),
    ],
    ['[USR-020]', 'delete another administrator', () => users.delete(boss, ['102'])],
    ['[USR-020]', 'delete admin', () => users.delete(boss, ['admin'])],
    ['[USR-020]', 'delete itself', () => users.delete(boss, ['100'])],
    ['[USR-015] [SEC-002]', 'export users', () => users.exportCsv(boss)],
  ])('%s lets another administrator not %s', async (_id, _what, act) => {
    const { head } = plane.store;
    await expect(act()).rejects.toMatchObject({ code: 'forbidden' });
    expect(plane.store.head).toBe(head);
  });

  test('[USR-020] lets admin do what other administrators may not', async () => {
    await users.setPasswords(adminActor, ['102'], { web: { generate: true } });
    await users.update(adminActor, '101', { role: 'admin' });
    await users.delete(adminActor, ['102']);
    expect(await users.exportCsv(adminActor)).toContain('Mario Rossi,101,admin');
    await expect(users.delete(adminActor, ['admin'])).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('lets nobody do by a revert what the role forbids', async () => {
    await users.update(adminActor, '102', { role: 'user' });
    const demotion = plane.store.head;
    await expect(requireMayRevert(plane.store, boss, demotion)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(requireMayRevert(plane.store, adminActor, demotion)).resolves.toBeUndefined();

    await users.update(boss, '101', { department: 'Castle' });
    await expect(requireMayRevert(plane.store, boss, plane.store.head)).resolves.toBeUndefined();
    await expect(requireMayRevert(plane.store, mario, plane.store.head)).rejects.toMatchObject({
      code: 'forbidden',
    });

    const setting = { kind: 'update', entity: 'settings', id: 'settings' } as const;
    await plane.store.commit({
      author: adminActor,
      reason: '',
      operations: [{ ...setting, after: { passwordMinLength: 20 } }],
    });
    await expect(requireMayRevert(plane.store, boss, plane.store.head)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  test('lets a plain user change nothing of others and make nobody', async () => {
    const attempts = [
      users.create(mario, { name: 'Luigi', extension: '103' }),
      users.update(mario, '102', { mobilePhone: '+39 333 1' }),
      users.update(mario, '101', { name: 'Super Mario' }),
      users.delete(mario, ['102']),
      users.setPasswords(mario, ['102'], { sip: { generate: true } }),
    ];
    for (const attempt of attempts) {
      await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
    }
    const changed = await users.update(mario, '101', { mobilePhone: '+39 333 1234567' });
    expect(changed.document.mobilePhone).toBe('+39 333 1234567');
  });

  test('[SEC-022] writes down who set passwords and exported users, but no password', async () => {
    const { generated } = await users.setPasswords(adminActor, ['101'], {
      web: { generate: true },
    });
    await users.exportCsv(adminActor);
    const { items } = await plane.services.audit.list({ page: 1, pageSize: 10, direction: 'asc' });
    expect(items).toMatchObject([
      { action: 'passwords-set', actorName: 'Administrator', detail: 'Mario Rossi (101)' },
      { action: 'users-exported', detail: '4 users' },
    ]);
    expect(JSON.stringify(items)).not.toContain(generated[0]?.web);
  });
});

describe('users import', () => {
  let plane: ManagementServices;

  beforeEach(async () => {
    plane = await ManagementServices.open();
    await plane.addUser({ name: 'Mario Rossi', extension: '101', aliases: ['rossi'] });
  });

  afterEach(async () => {
    await plane.dispose();
  });

  test('imports what was previewed in one revision, and tells generated passwords once', async () => {
    const { usersImport } = plane;
    const { head } = plane.store;
    const file = Buffer.from(
      `Name;Extension;E-mail;SIP password\r\nMário Rossi;101;;${goodPassword}\r\nLuigi Verdi;102;luigi@example.com;\r\n`.replace(
        'E-mail',
        'Email',
      ),
      'latin1',
    );
    const preview = await usersImport.preview(adminActor, file);
    expect(preview).toMatchObject({ created: 1, updated: 1, unchanged: 0, problems: [] });
    expect(plane.store.head).toBe(head);

    const result = await usersImport.apply(adminActor, preview.importId ?? '', {});
    expect(result).toMatchObject({ created: 1, updated: 1, revision: head + 1 });
    expect(result.generated).toHaveLength(1);
    const luigi = await plane.store.findUserByLogin('102');
    expect(luigi?.document).toMatchObject({ name: 'Luigi Verdi', email: 'luigi@example.com' });
    expect(result.generated[0]).toMatchObject({ userId: luigi?.id });
    const credentials = await plane.store.revealSipCredentials(luigi?.id ?? '');
    expect(credentials?.password.reveal()).toBe(result.generated[0]?.sip);
    expect((await plane.store.findUser('101'))?.document.name).toBe('Mário Rossi');
    const ofMario = await plane.store.revealSipCredentials('101');
    expect(ofMario?.password.reveal()).toBe(goodPassword);

    await expect(usersImport.apply(adminActor, preview.importId ?? '', {})).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('offers no import while a row is wrong, and of a cut-off file nothing', async () => {
    const { usersImport } = plane;
    const wrong = await usersImport.preview(adminActor, 'name,extension\nLuigi,102\nToad,rossi\n');
    expect(wrong).toMatchObject({
      importId: undefined,
      problems: [{ line: 3, column: 'extension' }],
    });
    const cutOff = await usersImport.preview(adminActor, 'name,extension\nLuigi,102\n"Toad,10');
    expect(cutOff).toMatchObject({ importId: undefined, problems: [{ code: 'quote-not-closed' }] });
    await expect(usersImport.preview(adminActor, Buffer.alloc(10_000_001))).rejects.toMatchObject({
      code: 'too-large',
    });
  });

  test('refuses a preview that does not fit any more, is too old or somebody else’s', async () => {
    const { usersImport } = plane;
    const file = 'name,extension\nLuigi,102\n';
    const { importId = '' } = await usersImport.preview(adminActor, file);
    await expect(
      usersImport.apply({ ...adminActor, userId: '101' }, importId, {}),
    ).rejects.toMatchObject({ code: 'not-found' });

    await plane.addUser({ name: 'Toad', extension: '103', aliases: ['102'] });
    await expect(usersImport.apply(adminActor, importId, {})).rejects.toMatchObject({
      code: 'invalid',
      details: { issues: [{ path: '2.extension', message: '102 is taken by Toad (103)' }] },
    });

    plane.clock.advance(15 * 60_000);
    await expect(usersImport.apply(adminActor, importId, {})).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('[USR-015] an exported file imports without a change', async () => {
    const { usersImport } = plane;
    const { users } = plane.services;
    await plane.addUser({ name: '=SUM(A1)', extension: '+39040', role: 'admin', email: 'x@y.it' });
    const text = await users.exportCsv(adminActor);
    const preview = await usersImport.preview(adminActor, text);
    expect(preview).toMatchObject({ created: 0, updated: 0, unchanged: 3, problems: [] });
    expect(preview.importId).toBeUndefined();
  });
});
