/** Who sees and changes which phonebook, and how changes are taken back. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../../system/management-plane/actor.ts';
import { adminActor } from '../../../support/management-plane/management-services.ts';
import { TestPhonebooks } from '../../../support/management-plane/phonebooks.ts';

let test: TestPhonebooks;
let anna: Actor;
let bruno: Actor;

beforeEach(async () => {
  test = await TestPhonebooks.open();
  anna = await test.addUser('101', 'Anna Verdi', 'Sales');
  bruno = await test.addUser('102', 'Bruno Bianchi');
});

afterEach(() => test.dispose());

async function namesFor(actor: Actor): Promise<string[]> {
  const { items } = await test.phonebooks.service.list(actor, {
    sort: 'name',
    direction: 'asc',
    page: 1,
    pageSize: 100,
  });
  return items.map(({ name }) => name);
}

describe('rights', () => {
  it('show a personal phonebook to its owner alone, administrators included', async () => {
    const { service } = test.phonebooks;
    const { contact } = await service.createContact(anna, 'own', { name: 'Dentist' });

    expect(await namesFor(anna)).toContain('Dentist');
    expect(await namesFor(bruno)).not.toContain('Dentist');
    expect(await namesFor(adminActor)).not.toContain('Dentist');
    await expect(service.findContact(adminActor, contact.id)).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(service.deleteContacts(bruno, [contact.id])).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('show a shared phonebook to its departments, who change it only when they may', async () => {
    const { service } = test.phonebooks;
    const readers = { everyone: false, users: [], departments: ['Sales'], mayEdit: false };
    const book = await service.createBook(adminActor, 'Leads', readers);
    await service.createContact(adminActor, book.id, { name: 'Lead' });

    expect(
      [await namesFor(anna), await namesFor(bruno)].map((names) => names.includes('Lead')),
    ).toEqual([true, false]);
    await expect(service.createContact(anna, book.id, { name: 'x' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await service.updateBook(adminActor, book.id, { readers: { ...readers, mayEdit: true } });
    await service.createContact(anna, book.id, { name: 'Of Anna' });
    expect(await namesFor(adminActor)).toContain('Of Anna');
    await expect(service.createBook(anna, 'Mine')).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('[USR-005] erase a personal phonebook with its history', async () => {
    const { service, store } = test.phonebooks;
    await service.createContact(anna, 'own', { name: 'Dentist' });
    await service.erase([anna.userId]);

    expect(await namesFor(anna)).not.toContain('Dentist');
    expect((await store.history.bookIds()).some((id) => id.includes(anna.userId))).toBe(false);
  });
});

describe('taking back', () => {
  it('brings a deleted phonebook back with all its contacts, and can itself be taken back', async () => {
    const { service, changes } = test.phonebooks;
    const book = await service.createBook(adminActor, 'Customers');
    for (const name of ['A', 'B', 'C']) {
      await service.createContact(adminActor, book.id, {
        name,
        speedCode: String(name.charCodeAt(0)),
      });
    }
    const change = await service.deleteBook(adminActor, book.id);
    expect(await namesFor(adminActor)).not.toContain('B');

    const undone = await changes.undo(adminActor, change);
    expect(await namesFor(adminActor)).toEqual(expect.arrayContaining(['A', 'B', 'C']));
    await changes.undo(adminActor, undone);
    expect(await namesFor(adminActor)).not.toContain('B');
  });

  it('is refused when the contact was changed again, and by whoever may not change the book', async () => {
    const { service, changes } = test.phonebooks;
    const { contact, changeId } = await service.createContact(anna, 'own', { name: 'Dentist' });
    await service.updateContact(anna, contact.id, { note: 'new' });

    await expect(changes.undo(anna, changeId)).rejects.toMatchObject({ code: 'conflict' });
    await expect(changes.undo(bruno, changeId)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('refuses what somebody else changed meanwhile, and a speed code that is taken', async () => {
    const { service } = test.phonebooks;
    const { contact } = await service.createContact(anna, 'own', { name: 'A', speedCode: '1' });

    await expect(service.updateContact(anna, contact.id, { name: 'B' }, 7)).rejects.toMatchObject({
      code: 'stale',
    });
    await expect(
      service.createContact(anna, 'own', { name: 'C', speedCode: '1' }),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await namesFor(anna)).not.toContain('C');
  });
});
