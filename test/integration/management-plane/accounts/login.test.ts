import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { factoryPassword } from '../../../../system/management-plane/accounts/factory-password.ts';
import { requireMayRevert } from '../../../../system/management-plane/users/revert-rules.ts';
import {
  goodPassword,
  adminActor,
  ManagementServices,
} from '../../../support/management-plane/management-services.ts';

const local = '192.168.1.20';
const outside = '203.0.113.9';

describe('login', () => {
  let plane: ManagementServices;

  beforeEach(async () => {
    plane = await ManagementServices.open();
  });

  afterEach(async () => {
    await plane.dispose();
  });

  async function addMario(): Promise<string> {
    return plane.addUser({
      name: 'Mario Rossi',
      login: 'mario',
      extension: '101',
      email: 'Mario.Rossi@example.com',
      webPasswordHash: await plane.hasher.hash(goodPassword),
    });
  }

  test('takes login, extension and e-mail address in any case, and nothing else', async () => {
    const id = await addMario();
    for (const login of ['mario', 'MARIO', '101', 'mario.rossi@EXAMPLE.com']) {
      const session = await plane.services.logins.logIn({
        login,
        password: goodPassword,
        source: local,
      });
      expect(session.actor).toMatchObject({ kind: 'session', userId: id, role: 'user' });
    }
    for (const login of ['Mario Rossi', 'mario%', '10', 'unknown@example.com']) {
      await expect(
        plane.services.logins.logIn({ login, password: goodPassword, source: local }),
      ).rejects.toMatchObject({ code: 'wrong-credentials' });
    }
  });

  test('says the same of a wrong password, an unknown and a disabled account', async () => {
    const id = await addMario();
    const refusals: unknown[] = [];
    const collect = async (login: string, password: string): Promise<void> => {
      await plane.services.logins
        .logIn({ login, password, source: local })
        .catch((error: unknown) => {
          refusals.push(error);
        });
    };
    await collect('mario', 'wrong');
    await collect('nobody', goodPassword);
    await plane.services.users.update(adminActor, id, { enabled: false });
    await collect('mario', goodPassword);

    expect(refusals).toHaveLength(3);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({
        code: 'wrong-credentials',
        message: 'Login or password is wrong.',
        details: {},
      });
    }
  });

  test('the factory password opens admin only, only from a local network, only until it was changed', async () => {
    const attempt = { login: 'admin', password: factoryPassword };
    await expect(
      plane.services.logins.logIn({ ...attempt, source: outside }),
    ).rejects.toMatchObject({
      code: 'wrong-credentials',
    });
    await addMario();
    await expect(
      plane.services.logins.logIn({ login: 'mario', password: factoryPassword, source: local }),
    ).rejects.toMatchObject({ code: 'wrong-credentials' });

    const first = await plane.services.logins.logIn({ ...attempt, source: local });
    expect(first.mustChangePassword).toBe(true);

    for (const newPassword of [factoryPassword, 'Wildix', 'short']) {
      await expect(
        plane.services.logins.changeOwnPassword(first, {
          currentPassword: factoryPassword,
          newPassword,
          source: local,
        }),
      ).rejects.toMatchObject({ code: 'invalid' });
    }
    const second = await plane.services.logins.changeOwnPassword(first, {
      currentPassword: factoryPassword,
      newPassword: goodPassword,
      source: local,
    });
    expect(second.mustChangePassword).toBe(false);
    expect(await plane.services.sessions.find(first.sessionToken)).toBeUndefined();
    await expect(plane.services.logins.logIn({ ...attempt, source: local })).rejects.toMatchObject({
      code: 'wrong-credentials',
    });
  });

  test('the factory password stays worthless when its change is taken back', async () => {
    await plane.logInFirst();
    await expect(requireMayRevert(plane.store, adminActor, plane.store.head)).rejects.toMatchObject(
      { code: 'forbidden' },
    );

    await plane.store.revert(plane.store.head, adminActor);
    await expect(
      plane.services.logins.logIn({ login: 'admin', password: factoryPassword, source: local }),
    ).rejects.toMatchObject({ code: 'wrong-credentials' });
  });

  test('[SEC-015] blocks an account after five failures and lets it in again later', async () => {
    await addMario();
    const attempt = { login: 'mario', source: local };
    for (let index = 0; index < 5; index += 1) {
      await expect(
        plane.services.logins.logIn({ ...attempt, password: 'wrong' }),
      ).rejects.toMatchObject({
        code: 'wrong-credentials',
      });
    }
    await expect(
      plane.services.logins.logIn({ ...attempt, login: '101', password: goodPassword }),
    ).rejects.toMatchObject({ code: 'blocked', details: { retryAfterSec: 3_600 } });

    plane.clock.advance(3_600_000);
    const session = await plane.services.logins.logIn({ ...attempt, password: goodPassword });
    expect(session.actor.name).toBe('Mario Rossi');
  });

  test('[SEC-015] who guesses from elsewhere does not lock out an administrator where he has logged in', async () => {
    await addMario();
    const elsewhere = '198.51.100.7';
    const logIn = (password: string, source: string): Promise<unknown> =>
      plane.services.logins.logIn({ login: 'mario', password, source });
    await logIn(goodPassword, outside);
    for (let index = 0; index < 5; index += 1) {
      await expect(logIn('wrong', elsewhere)).rejects.toMatchObject({ code: 'wrong-credentials' });
    }
    await expect(logIn(goodPassword, elsewhere)).rejects.toMatchObject({ code: 'blocked' });
    await expect(logIn(goodPassword, '198.51.100.8')).rejects.toMatchObject({ code: 'blocked' });

    await expect(logIn(goodPassword, outside)).resolves.toMatchObject({
      mustChangePassword: false,
    });
    await expect(logIn(goodPassword, local)).resolves.toMatchObject({ mustChangePassword: false });
  });

  test('[SEC-015] blocks a strange address after five failures for an hour, one with logins later, as is set', async () => {
    await addMario();
    const guess = (source: string, name: string): Promise<unknown> =>
      plane.services.logins.logIn({ login: name, password: 'wrong', source });
    const guessTimes = async (count: number, source: string): Promise<void> => {
      for (let index = 0; index < count; index += 1) {
        await expect(guess(source, `user${String(index)}`)).rejects.toMatchObject({
          code: 'wrong-credentials',
        });
      }
    };
    const strange = '198.51.100.7';
    await guessTimes(5, strange);
    await expect(guess(strange, 'another')).rejects.toMatchObject({
      code: 'blocked',
      details: { retryAfterSec: 3_600 },
    });

    // An office behind one address: one who mistypes does not lock the others out.
    await plane.services.logins.logIn({ login: 'mario', password: goodPassword, source: outside });
    await guessTimes(20, outside);
    await expect(guess(outside, 'another')).rejects.toMatchObject({ code: 'blocked' });

    await plane.store.commit({
      author: adminActor,
      reason: 'Test',
      operations: [
        {
          kind: 'update',
          entity: 'settings',
          id: 'settings',
          after: { loginFailuresPerSource: 2, loginBlockSec: 60 },
        },
      ],
    });
    const stranger = '198.51.100.8';
    await guessTimes(2, stranger);
    await expect(guess(stranger, 'another')).rejects.toMatchObject({
      code: 'blocked',
      details: { retryAfterSec: 60 },
    });
  });

  test('[SEC-022] writes every login and logout down, with success or failure, for 30 days', async () => {
    await addMario();
    await plane.services.logins
      .logIn({ login: '=mario', password: 'wrong', source: outside })
      .catch(() => undefined);
    const session = await plane.services.logins.logIn({
      login: 'mario',
      password: goodPassword,
      source: local,
    });
    plane.clock.advance(1000);
    await plane.services.logins.logOut(session, local);

    const page = { page: 1, pageSize: 10 };
    const { items, total } = await plane.services.audit.list(page);
    expect(total).toBe(3);
    expect(items).toMatchObject([
      {
        action: 'logout',
        actorName: 'Mario Rossi',
        actorId: '101',
        isSuccess: true,
        address: local,
      },
      { action: 'login', actorName: 'Mario Rossi', isSuccess: true, address: local },
      {
        action: 'login',
        actorName: '=mario',
        isSuccess: false,
        address: outside,
        actorId: undefined,
      },
    ]);
    expect((await plane.services.audit.list({ ...page, search: 'ROSSI 192' })).total).toBe(2);
    expect((await plane.services.audit.list({ ...page, action: 'logout' })).total).toBe(1);
    expect((await plane.services.audit.list({ ...page, userId: '101' })).total).toBe(2);
    expect((await plane.services.audit.list({ ...page, fromMs: items[0]?.atMs })).total).toBe(1);
    expect((await plane.services.audit.list({ ...page, toMs: items[0]?.atMs })).total).toBe(2);
    expect(await plane.services.audit.exportCsv({})).toContain(",'=mario,");

    plane.clock.advance(30 * 86_400_000 - 500);
    await plane.services.audit.deleteOld();
    expect((await plane.services.audit.list(page)).items.map((entry) => entry.action)).toEqual([
      'logout',
    ]);
  });

  test('takes as long for an unknown account as for a known one', async () => {
    await addMario();
    const measure = async (hash: string | undefined): Promise<number> => {
      const startedAtMs = performance.now();
      for (let index = 0; index < 5; index += 1) {
        await plane.hasher.verify(hash, 'wrong');
      }
      return performance.now() - startedAtMs;
    };
    const user = await plane.store.findUser('101');
    await measure(user?.document.webPasswordHash);
    const knownMs = await measure(user?.document.webPasswordHash);
    const unknownMs = await measure(undefined);
    const brokenMs = await measure('$argon2id$nonsense');
    // A machine under load stretches any measurement; a missing hash would be a hundred times faster.
    expect(unknownMs).toBeGreaterThan(knownMs / 4);
    expect(brokenMs).toBeGreaterThan(knownMs / 4);
  });

  test('hashes with Argon2id, 19 MiB and two passes, and equates ways to write a letter', async () => {
    const hash = await plane.hasher.hash('Größe');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await plane.hasher.verify(hash, 'Größe'.normalize('NFD'))).toBe(true);
    expect(await plane.hasher.verify(hash, 'Grosse')).toBe(false);
    const hashes = await plane.hasher.hashAll(
      ['one', 'two', 'three'].map((text) => ({ text, isGenerated: false })),
    );
    expect(hashes.every((each) => each.includes('$m=19456,t=2,'))).toBe(true);
    expect(await plane.hasher.verify(hashes[2], 'three')).toBe(true);
    expect(await plane.hasher.verify(hashes[1], 'three')).toBe(false);
  });

  test('hashes generated passwords quickly, chosen ones slowly, and verifies both with the same effort', async () => {
    const [generated = '', chosen = ''] = await plane.hasher.hashAll([
      { text: 'generated', isGenerated: true },
      { text: 'chosen', isGenerated: false },
    ]);
    // OWASP's first choice takes 19 MiB twice; the quick one an eightieth of that once.
    expect(chosen).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(generated).toMatch(/^\$argon2id\$v=19\$m=256,t=1,p=1\$/);
    expect(await plane.hasher.verify(generated, 'generated')).toBe(true);
    expect(await plane.hasher.verify(generated, 'chosen')).toBe(false);

    // Processor time, not the clock: other programs make nothing of it.
    const measureEffort = async (hash: string | undefined): Promise<number> => {
      const before = process.cpuUsage();
      for (let index = 0; index < 5; index += 1) {
        await plane.hasher.verify(hash, 'wrong');
      }
      return process.cpuUsage(before).user;
    };
    const unknown = await measureEffort(undefined);
    expect(await measureEffort(generated)).toBeGreaterThan(unknown / 4);
  });
});
