/** The configuration as text: written, previewed, read back, refused. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConfigurationStore } from '../../../../system/management-plane/configuration-store/configuration-store.ts';
import {
  ConfigurationFixture,
  factoryHash,
} from '../../../support/management-plane/configuration-fixture.ts';
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

async function nameOf(id: string): Promise<string | undefined> {
  return (await store.findUser(id))?.document.name;
}

describe('text', () => {
  it('[SEC-034] goes round identically, with secrets and without', async () => {
    await fixture.commit([
      ada,
      bob,
      update('admin', { aliases: ['Boss'], department: 'Ünïcode "quoted"\\' }),
    ]);
    const sealed = await store.exportText({ secrets: 'sealed' });
    const omitted = await store.exportText({ secrets: 'omitted' });
    await fixture.commit([remove('bob'), update('ada', { name: 'Augusta', sipPassword: null })]);
    await fixture.commit([create('carl', { name: 'Carl', extension: '104' })]);

    const preview = await store.previewImport(sealed);
    await store.importText(sealed, { author });

    expect(preview.issues).toEqual([]);
    expect(preview.changes.map((change) => `${change.kind} ${change.id}`).toSorted()).toEqual([
      'create bob',
      'delete carl',
      'update ada',
    ]);
    expect(await store.exportText({ secrets: 'sealed' })).toBe(sealed);
    expect((await store.previewImport(omitted)).changes).toEqual([]);
    expect(fixture.snapshot.findSipAccount('102')?.userId).toBe('bob');
  });

  it('keeps the secrets that it leaves out', async () => {
    await fixture.commit([ada]);
    const omitted = await store.exportText({ secrets: 'omitted' });

    await store.importText(omitted.replace('Ada Lovelace', 'Augusta'), { author });

    expect(await nameOf('ada')).toBe('Augusta');
    expect(fixture.snapshot.findSipAccount('101')?.userId).toBe('ada');
    expect((await store.findUserByLogin('admin'))?.document.webPasswordHash).toBe(factoryHash);
  });

  it('is refused whole, with every issue, when one line is wrong', async () => {
    await fixture.commit([ada, bob]);
    const text = (await store.exportText({ secrets: 'omitted' }))
      .replace('extension = "102"', 'extension = "101"')
      .replace('ringTimeoutSec = 60', 'ringTimeoutSec = "long"')
      .replace('name = "Ada Lovelace"', 'name = Ada');

    const preview = await store.previewImport(text);
    const refusal = await refusalOf(store.importText(text, { author }));

    expect(refusal.issues).toEqual(preview.issues);
    expect(preview.issues.map((issue) => [issue.id, issue.path, issue.code])).toEqual([
      ['', expect.stringMatching(/^lines\.\d+$/), 'unreadable'],
      ['settings', 'ringTimeoutSec', 'invalid-value'],
      ['ada', 'name', 'missing'],
      ['bob', 'extension', 'taken'],
    ]);
    expect(store.head).toBe(2);
  });

  it('with secrets of another installation is refused', async () => {
    await fixture.commit([ada]);
    const foreign = await store.exportText({ secrets: 'sealed' });
    const other = new ConfigurationFixture();
    try {
      const otherStore = await other.open();

      const refusal = await refusalOf(otherStore.importText(foreign, { author }));

      expect(refusal.issues.map((issue) => [issue.id, issue.path, issue.code])).toEqual([
        ['admin', 'webPasswordHash', 'foreign-secret'],
        ['ada', 'sipCredentials', 'foreign-secret'],
      ]);
    } finally {
      await other.close();
    }
  });
});
