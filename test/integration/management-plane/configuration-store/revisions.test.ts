/** Revisions: told, compared, taken back, forgotten, and reverted when nobody confirms. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../../system/foundation/secret.ts';
import type { ConfigurationStore } from '../../../../system/management-plane/configuration-store/configuration-store.ts';
import type { Operation } from '../../../../system/management-plane/configuration-store/operation.ts';
import { ConfigurationFixture } from '../../../support/management-plane/configuration-fixture.ts';
import {
  ada,
  author,
  bob,
  create,
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

describe('revisions', () => {
  it('[SEC-022] tell who changed what, when and why', async () => {
    await fixture.commit([ada]);
    fixture.clock.advance(60_000);
    await fixture.commit([update('ada', { name: 'Augusta', department: 'Engines' })], {
      reason: 'marriage',
    });

    const { items, total } = await store.listRevisions({ page: 1, pageSize: 2 });
    const found = await store.listRevisions({ search: 'MARR', page: 1, pageSize: 20 });
    const byName = await store.listRevisions({ search: 'lovelace', page: 1, pageSize: 20 });

    expect(total).toBe(3);
    expect(items.map((item) => [item.number, item.reason, item.operations[0]?.title])).toEqual([
      [3, 'marriage', 'Augusta (101)'],
      [2, 'test', 'Ada Lovelace (101)'],
    ]);
    expect((items[0]?.atMs ?? 0) - (items[1]?.atMs ?? 0)).toBe(60_000);
    expect(found.items.map((item) => item.number)).toEqual([3]);
    expect(byName.items.map((item) => item.number)).toEqual([2]);
    expect((await store.getRevision(3)).changes).toEqual([
      {
        kind: 'update',
        entity: 'user',
        id: 'ada',
        title: 'Augusta (101)',
        fields: [
          { field: 'name', before: 'Ada Lovelace', after: 'Augusta', isSecret: false },
          { field: 'department', before: undefined, after: 'Engines', isSecret: false },
        ],
      },
    ]);
  });

  it('are compared over any distance and in both directions', async () => {
    await fixture.commit([ada, bob]);
    await fixture.commit([update('ada', { name: 'Augusta' })]);
    await fixture.commit([remove('bob')]);
    await fixture.commit([update('ada', { name: 'Ada Lovelace' })]);

    const kinds = async (from: number, to: number) =>
      (await store.diff(from, to)).changes.map((change) => `${change.kind} ${change.id}`);

    expect(await kinds(2, 5)).toEqual(['delete bob']);
    expect(await kinds(5, 2)).toEqual(['create bob']);
    expect(await kinds(1, 5)).toEqual(['create ada']);
    expect(await kinds(2, 3)).toEqual(['update ada']);
    expect(await kinds(3, 3)).toEqual([]);
    expect((await refusalOf(store.diff(1, 6))).code).toBe('not-found');
  });

  it('are taken back exactly, secrets included', async () => {
    await fixture.commit([ada, bob]);
    const before = await store.exportText({ secrets: 'sealed' });
    await fixture.commit([
      remove('ada'),
      update('bob', { extension: '103', sipPassword: new Secret('another-S3cret') }),
      { kind: 'update', entity: 'settings', id: 'settings', after: { sipDomain: 'x.example' } },
    ]);

    const revision = await store.revert(3, author);

    expect(revision).toMatchObject({ number: 4, reverts: 3, state: 'active' });
    expect(await store.exportText({ secrets: 'sealed' })).toBe(before);
    expect((await store.getRevision(3)).state).toBe('reverted');
    expect(fixture.snapshot.findSipAccount('101')?.userId).toBe('ada');

    await store.revert(4, author);

    expect((await store.getRevision(3)).state).toBe('active');
    expect(fixture.snapshot.findSipAccount('103')?.userId).toBe('bob');
  });

  it('are taken back without what came later, or not at all when that depends on them', async () => {
    await fixture.commit([ada]);
    await fixture.commit([update('ada', { name: 'Augusta', extension: '201' })]);
    await fixture.commit([update('ada', { department: 'Engines' })]);
    await fixture.commit([create('carl', { name: 'Carl', extension: '101' })]);

    const refusal = await refusalOf(store.revert(3, author));
    await fixture.commit([remove('carl')]);
    await store.revert(3, author);

    expect(refusal.code).toBe('conflict');
    expect(refusal.issues.map((issue) => issue.message)).toEqual(['101 is taken by Carl (101)']);
    expect((await store.findUser('ada'))?.document).toMatchObject({
      name: 'Ada Lovelace',
      extension: '101',
      department: 'Engines',
    });
    expect((await refusalOf(store.revert(3, author))).code).toBe('conflict');
  });

  it('are forgotten beyond the number to keep', async () => {
    await fixture.commit([
      ada,
      { kind: 'update', entity: 'settings', id: 'settings', after: { revisionsKeep: 10 } },
    ]);
    for (let index = 0; index < 15; index += 1) {
      await fixture.commit([update('ada', { department: `D${index.toString()}` })]);
    }

    expect((await store.listRevisions({ page: 1, pageSize: 50 })).total).toBe(10);
    expect((await refusalOf(store.getRevision(7))).code).toBe('not-found');
    expect((await refusalOf(store.diff(1, 17))).code).toBe('not-found');
    expect((await store.diff(7, 17)).changes).toHaveLength(1);
  });

  it('are announced after their activation', async () => {
    const seen: [number, number][] = [];
    store.onRevision((revision) => seen.push([revision.number, fixture.snapshot.revision]));

    await fixture.commit([ada]);

    expect(seen).toEqual([[2, 2]]);
  });
});

describe('confirm or revert', () => {
  const turned: Operation = {
    kind: 'update',
    entity: 'settings',
    id: 'settings',
    after: { sipDomain: 'wrong.example', ringTimeoutSec: 10 },
  };

  async function waitForHead(head: number): Promise<void> {
    if (store.head < head) {
      await new Promise<void>((resolve) => {
        const stop = store.onRevision((revision) => {
          if (revision.number >= head) {
            stop();
            resolve();
          }
        });
      });
    }
  }

  it('reverts by itself when nobody confirms', async () => {
    await fixture.commit([ada]);
    const before = await store.exportText({ secrets: 'sealed' });
    const pending = await fixture.commit([turned], { confirmWithinSec: 60 });
    expect(pending.state).toBe('pending');
    expect(fixture.snapshot.settings.ringTimeoutSec).toBe(10);

    fixture.clock.advance(60_000);
    await waitForHead(4);

    expect(await store.exportText({ secrets: 'sealed' })).toBe(before);
    expect(fixture.snapshot.settings.ringTimeoutSec).toBe(60);
    expect(await store.getRevision(4)).toMatchObject({ author: { kind: 'system' }, reverts: 3 });
  });

  it('stays when it is confirmed', async () => {
    await fixture.commit([turned], { confirmWithinSec: 60 });

    await store.confirm(2, author);
    fixture.clock.advance(120_000);
    await fixture.commit([ada]);

    expect(store.head).toBe(3);
    expect(store.settings.ringTimeoutSec).toBe(10);
    expect((await refusalOf(store.confirm(2, author))).code).toBe('not-pending');
  });

  it('refuses other changes meanwhile, because they would build on what may vanish', async () => {
    await fixture.commit([turned], { confirmWithinSec: 60 });

    expect((await refusalOf(fixture.commit([ada]))).code).toBe('pending');
    expect((await refusalOf(store.revert(1, author))).code).toBe('pending');
    await store.revert(2, author);
    await fixture.commit([ada]);
    expect(store.head).toBe(4);
  });

  it('still reverts after a restart, at its time', async () => {
    await fixture.commit([turned], { confirmWithinSec: 60 });
    fixture.clock.advance(30_000);

    store = await fixture.reopen();
    expect((await store.getRevision(2)).state).toBe('pending');
    fixture.clock.advance(30_000);
    await waitForHead(3);

    expect(fixture.snapshot.settings.ringTimeoutSec).toBe(60);
  });

  it('reverts right after a start when the time has passed meanwhile', async () => {
    await fixture.commit([turned], { confirmWithinSec: 60 });
    await store.close();
    fixture.clock.advance(3_600_000);

    store = await fixture.open();
    fixture.clock.advance(0);
    await waitForHead(3);

    expect(store.settings.ringTimeoutSec).toBe(60);
  });
});
