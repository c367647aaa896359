import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../../../../system/management-plane/actor.ts';
import type { SessionIdentity } from '../../../../system/management-plane/accounts/sessions.ts';
import {
  adminActor,
  goodPassword,
  ManagementServices,
} from '../../../support/management-plane/management-services.ts';

const source = '127.0.0.1';

describe('sessions', () => {
  let plane: ManagementServices;

  beforeEach(async () => {
    plane = await ManagementServices.open();
  });

  afterEach(async () => {
    await plane.dispose();
  });

  async function addAdmin(): Promise<SessionIdentity> {
    await plane.addUser({
      name: 'Peach',
      login: 'peach',
      extension: '102',
      role: 'admin',
      webPasswordHash: await plane.hasher.hash(goodPassword),
    });
    return plane.services.logins.logIn({ login: 'peach', password: goodPassword, source });
  }

  test('hold until they were idle as long as the setting says', async () => {
    const { sessionToken, csrfToken } = await addAdmin();
    plane.clock.advance(59 * 60_000);
    expect(await plane.services.sessions.find(sessionToken)).toMatchObject({
      actor: { userId: '102', role: 'admin' },
      csrfToken,
    });
    plane.clock.advance(59 * 60_000);
    expect(await plane.services.sessions.isAlive(sessionToken)).toBe(true);
    plane.clock.advance(60_000);
    expect(await plane.services.sessions.find(sessionToken)).toBeUndefined();
  });

  test('end after a day, however busy', async () => {
    const { sessionToken } = await addAdmin();
    for (let minutes = 30; minutes < 24 * 60; minutes += 30) {
      plane.clock.advance(30 * 60_000);
      expect(await plane.services.sessions.find(sessionToken)).toBeDefined();
    }
    plane.clock.advance(30 * 60_000);
    expect(await plane.services.sessions.find(sessionToken)).toBeUndefined();
  });

  test('[UI-008] survive a restart of the management plane, but not of the daemon', async () => {
    const { sessionToken } = await addAdmin();
    const { directory } = plane;
    await plane.close();
    plane = await ManagementServices.open({ directory, bootId: 'boot-1' });
    expect(await plane.services.sessions.find(sessionToken)).toBeDefined();

    await plane.close();
    plane = await ManagementServices.open({ directory, bootId: 'boot-2' });
    expect(await plane.services.sessions.find(sessionToken)).toBeUndefined();
  });

  test.each<[string, (plane: ManagementServices) => Promise<unknown>]>([
    [
      'its password is set',
      ({ services: { users } }) =>
        users.setPasswords(adminActor, ['102'], { web: { generate: true } }),
    ],
    [
      'its role changes',
      ({ services: { users } }) => users.update(adminActor, '102', { role: 'user' }),
    ],
    [
      'it is disabled',
      ({ services: { users } }) => users.update(adminActor, '102', { enabled: false }),
    ],
    ['it is deleted', ({ services: { users } }) => users.delete(adminActor, ['102'])],
    [
      'a revert makes it what it was not',
      async ({ store, services: { users } }) => {
        const { head } = store;
        await users.update(adminActor, '102', { role: 'user' });
        await store.revert(head + 1, adminActor);
        await users.update(adminActor, '102', { role: 'user' });
      },
    ],
  ])('of an account end when %s', async (_, change) => {
    const { sessionToken } = await addAdmin();
    await change(plane);
    expect(await plane.services.sessions.isAlive(sessionToken)).toBe(false);
  });

  test('go on when something harmless changes', async () => {
    const { sessionToken } = await addAdmin();
    await plane.services.users.update(adminActor, '102', { department: 'Castle' });
    await plane.services.users.setPasswords(adminActor, ['102'], { sip: { generate: true } });
    expect(await plane.services.sessions.isAlive(sessionToken)).toBe(true);
  });

  test('are not to be found in the database by what the cookie holds', async () => {
    const { sessionToken } = await addAdmin();
    const rows = await plane.databases.accounts.queries
      .selectFrom('sessions')
      .selectAll()
      .execute();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(sessionToken);
    expect(sessionToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test('are limited per account: the oldest ends', async () => {
    const first = await addAdmin();
    const user = await plane.store.findUser('102');
    if (user === undefined) {
      throw new Error('expected the user to be there');
    }
    const tokens: string[] = [];
    for (let index = 0; index < 50; index += 1) {
      plane.clock.advance(1);
      tokens.push((await plane.services.sessions.create(user, source)).sessionToken);
    }
    expect(await plane.services.sessions.isAlive(first.sessionToken)).toBe(false);
    expect(await plane.services.sessions.isAlive(tokens[0] ?? '')).toBe(true);
  });
});

describe('tokens', () => {
  let plane: ManagementServices;
  const peach: Actor = { kind: 'session', userId: '102', name: 'Peach', role: 'admin' };

  beforeEach(async () => {
    plane = await ManagementServices.open();
    await plane.addUser({ name: 'Peach', extension: '102', role: 'admin' });
  });

  afterEach(async () => {
    await plane.dispose();
  });

  test('act for their maker until they expire or are deleted', async () => {
    const { token, value } = await plane.services.tokens.create(peach, {
      name: 'Report',
      role: 'user',
      expiresInDays: 2,
    });
    expect(value.reveal()).toMatch(/^cmp_[\w-]{16}_[\w-]{43}$/);
    expect(await plane.services.tokens.find(value.reveal())).toMatchObject({
      kind: 'token',
      actor: { kind: 'token', userId: '102', name: 'Report (Peach)', role: 'user' },
    });
    expect((await plane.services.tokens.list())[0]).toMatchObject({
      id: token.id,
      lastUsedAtMs: plane.clock.wallMs(),
    });

    plane.clock.advance(2 * 86_400_000);
    expect(await plane.services.tokens.find(value.reveal())).toBeUndefined();

    const second = await plane.services.tokens.create(peach, { name: 'Report', role: 'user' });
    await plane.services.tokens.delete(second.token.id);
    expect(await plane.services.tokens.find(second.value.reveal())).toBeUndefined();
    await expect(plane.services.tokens.delete(second.token.id)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('never have a higher role than their maker has now', async () => {
    await expect(
      plane.services.tokens.create(peach, { name: 'Root', role: 'superadmin' }),
    ).rejects.toMatchObject({ code: 'forbidden' });

    const { value } = await plane.services.tokens.create(peach, { name: 'Sync', role: 'admin' });
    await plane.services.users.update(adminActor, '102', { role: 'user' });
    expect((await plane.services.tokens.find(value.reveal()))?.actor.role).toBe('user');
    await plane.services.users.update(adminActor, '102', { enabled: false });
    expect(await plane.services.tokens.find(value.reveal())).toBeUndefined();
  });

  test('of another secret or form are nobody', async () => {
    const { token, value } = await plane.services.tokens.create(peach, {
      name: 'Report',
      role: 'user',
    });
    const wrong = `cmp_${token.id}_${'A'.repeat(43)}`;
    for (const text of [wrong, '', 'cmp_', `${value.reveal()}x`, value.reveal().slice(0, -1)]) {
      expect(await plane.services.tokens.find(text)).toBeUndefined();
    }
    const rows = await plane.databases.accounts.queries.selectFrom('tokens').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(value.reveal().slice(-43));
  });
});
