/** What the store does at its first start, with every change, and with secrets. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../../system/foundation/secret.ts';
import type { ConfigurationStore } from '../../../../system/management-plane/configuration-store/configuration-store.ts';
import { createSipCredentials } from '../../../../system/management-plane/configuration-store/sip-credentials.ts';
import {
  ConfigurationFixture,
  factoryHash,
} from '../../../support/management-plane/configuration-fixture.ts';
import {
  ada,
  bob,
  create,
  password,
  refusalOf,
  remove,
  update,
} from '../../../support/management-plane/user-operations.ts';

let fixture: ConfigurationFixture;
let store: ConfigurationStore;

beforeEach(async () => {
  fixture = new ConfigurationFixture();
  store = await fixture.open();
});

afterEach(async () => {
  await fixture.close();
});

async function nameOf(id: string): Promise<string | undefined> {
  return (await store.findUser(id))?.document.name;
}

describe('first start', () => {
  it('[USR-020] makes the built-in administrator, who must change the factory password', async () => {
    const admin = await store.findUserByLogin('ADMIN');

    expect(store.head).toBe(1);
    expect(admin?.document).toMatchObject({
      role: 'superadmin',
      mustChangePassword: true,
      webPasswordHash: factoryHash,
    });
    expect(fixture.snapshot.findNumber('*43')).toEqual({ kind: 'service', service: 'echo' });
  });

  it('happens once', async () => {
    await fixture.commit([update('admin', { name: 'Root of all' })]);

    store = await fixture.reopen();

    expect(store.head).toBe(2);
    expect(await nameOf('admin')).toBe('Root of all');
  });
});

describe('commit', () => {
  it('[USR-001] puts a user in force at once, and the user is there after a restart', async () => {
    const revision = await fixture.commit([ada], { reason: 'new colleague' });

    expect(revision).toMatchObject({
      number: 2,
      author: { name: 'Administrator' },
      reason: 'new colleague',
    });
    expect(fixture.snapshot.revision).toBe(2);
    expect(fixture.snapshot.findNumber('101')).toEqual({ kind: 'user', userId: 'ada' });
    const expected = createSipCredentials('101', 'campanile.local', password);
    expect(fixture.snapshot.findSipAccount('101')).toMatchObject({
      userId: 'ada',
      ha1Md5: expected.ha1Md5,
      ha1Sha256: expected.ha1Sha256,
    });

    store = await fixture.reopen();

    expect(await nameOf('ada')).toBe('Ada Lovelace');
    expect(fixture.snapshot.findSipAccount('101')?.ha1Md5).toBe(expected.ha1Md5);
    expect(store.problems).toEqual([]);
  });

  it('[USR-024] names the owner of every number, login and address that is taken, all at once', async () => {
    await fixture.commit([
      ada,
      update('admin', { aliases: ['Reception'], email: 'info@example.com' }),
    ]);

    const refusal = await refusalOf(
      fixture.commit([
        create('x', { name: 'X', extension: '101' }),
        create('y', {
          name: 'Y',
          extension: '*43',
          aliases: ['RECEPTION', '103'],
          email: 'Info@Example.com',
        }),
        create('z', { name: 'Z', extension: '103', sipUsername: '101' }),
        { kind: 'update', entity: 'settings', id: 'settings', after: { milliwattNumber: '101' } },
      ]),
    );

    expect(refusal.code).toBe('conflict');
    expect(
      refusal.issues.map(({ operation, path, message }) => [operation, path, message]),
    ).toEqual([
      [0, 'extension', '101 is taken by Ada Lovelace (101)'],
      [1, 'extension', '*43 is taken by the echo test'],
      [1, 'aliases.0', 'RECEPTION is taken by Administrator'],
      [1, 'email', 'Info@Example.com is taken by Administrator'],
      [2, 'extension', '103 is taken by Y (*43)'],
      [2, 'sipUsername', '101 is taken by Ada Lovelace (101)'],
      [3, 'milliwattNumber', '101 is taken by Ada Lovelace (101)'],
    ]);
  });

  it('makes no revision when nothing changes', async () => {
    await fixture.commit([ada]);

    const revision = await fixture.commit([update('ada', { name: 'Ada Lovelace', email: null })]);

    expect(revision.number).toBe(2);
    expect(store.head).toBe(2);
  });

  it('lets two users exchange their numbers in one change', async () => {
    await fixture.commit([ada, bob]);

    await fixture.commit([
      update('ada', { extension: '102' }),
      update('bob', { extension: '101' }),
    ]);

    expect(fixture.snapshot.findNumber('101')).toEqual({ kind: 'user', userId: 'bob' });
    expect(fixture.snapshot.findSipAccount('102')?.userId).toBe('ada');
  });

  it('applies all operations or none', async () => {
    const refusal = await refusalOf(
      fixture.commit([ada, create('bad', { name: '', extension: 'abc' })]),
    );

    expect(refusal.issues.map((issue) => issue.path)).toEqual(['name', 'extension']);
    expect(await store.findUser('ada')).toBeUndefined();
    expect(store.head).toBe(1);
  });

  it('refuses a change on top of a version that is not the latest', async () => {
    await fixture.commit([ada]);
    await fixture.commit([update('ada', { name: 'Augusta' }, 2)]);

    const refusal = await refusalOf(fixture.commit([update('ada', { name: 'Countess' }, 2)]));

    expect(refusal.code).toBe('stale');
    expect(await nameOf('ada')).toBe('Augusta');
  });

  it('keeps the built-in administrator', async () => {
    const refusal = await refusalOf(
      fixture.commit([remove('admin'), update('nobody', { name: 'x' })]),
    );

    expect(refusal.issues.map((issue) => issue.code)).toEqual(['not-found', 'built-in']);
  });

  it('[SIP-028] makes the digest hashes anew when number or domain changes', async () => {
    await fixture.commit([ada, bob]);

    const renumbered = await fixture.commit([update('ada', { extension: '201' })]);
    const moved = await fixture.commit([
      {
        kind: 'update',
        entity: 'settings',
        id: 'settings',
        after: { sipDomain: 'pbx.example.com' },
      },
    ]);

    expect(renumbered.changes[0]?.fields.map((field) => field.field)).toEqual([
      'extension',
      'sipCredentials',
    ]);
    expect(moved.changes.map((change) => change.id)).toEqual(['settings', 'ada', 'bob']);
    for (const [username, ha1Md5] of [
      ['201', createSipCredentials('201', 'pbx.example.com', password).ha1Md5],
      ['102', createSipCredentials('102', 'pbx.example.com', password).ha1Md5],
    ] as const) {
      expect(fixture.snapshot.findSipAccount(username)?.ha1Md5).toBe(ha1Md5);
    }
  });

  it('runs changes that are asked for at once one after the other', async () => {
    await fixture.commit([ada]);

    const revisions = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        fixture.commit([update('ada', { department: `D${index.toString()}` })]),
      ),
    );

    expect(revisions.map((revision) => revision.number)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 3),
    );
    expect((await store.findUser('ada'))?.document.department).toBe('D19');
  });
});

describe('secrets', () => {
  it('[SEC-036] are neither in the database in clear nor in what is shown of a revision', async () => {
    await fixture.commit([ada]);
    const revision = await fixture.commit([
      update('ada', { sipPassword: new Secret('another-S3cret') }),
    ]);
    const diff = await store.diff(0, store.head);
    const list = await store.listUsers({ sort: 'name', direction: 'asc', page: 1, pageSize: 20 });
    await fixture.reopen();

    const shown = JSON.stringify([revision, diff, list]);
    const files = ['', '-wal'].map((suffix) => {
      const path = `${fixture.databasePath}${suffix}`;
      return statSync(path, { throwIfNoEntry: false }) ? readFileSync(path, 'latin1') : '';
    });
    for (const text of [shown, ...files]) {
      expect(text).not.toContain('another-S3cret');
      expect(text).not.toContain(password.reveal());
    }
    expect(shown).not.toContain('sealed.');
    expect(shown).not.toContain('argon2id');
    expect(revision.changes[0]?.fields).toEqual([
      { field: 'sipCredentials', before: undefined, after: undefined, isSecret: true },
    ]);
  });

  it('[SEC-036] are kept in files that only their owner may read', () => {
    for (const name of ['configuration.db', 'secrets.key']) {
      expect(statSync(join(fixture.dataDirectory, name)).mode & 0o777).toBe(0o600);
    }
  });

  it('that cannot be read any more keep only their user from registering', async () => {
    await fixture.commit([ada]);
    await store.close();
    writeFileSync(
      join(fixture.dataDirectory, 'secrets.key'),
      Buffer.alloc(32, 1).toString('base64'),
    );

    store = await fixture.open();

    expect(fixture.snapshot.findSipAccount('101')).toBeUndefined();
    expect(store.problems).toEqual([expect.stringContaining('SIP passwords of 1 users')]);
    await fixture.commit([update('ada', { name: 'Augusta' })]);
    await fixture.commit([update('ada', { sipPassword: password })]);
    expect(fixture.snapshot.findSipAccount('101')?.userId).toBe('ada');
    expect(store.problems).toEqual([]);
  });
});
