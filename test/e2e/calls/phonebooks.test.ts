/** Phonebooks in calls: names of callers on phones and on record; and what kill -9 leaves of an import. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallScene } from '../../support/daemon/call-scene.ts';
import { waitUntil } from '../../support/wait-until.ts';

let scene: CallScene;
let book: string;
/** Has no name but his number; has one. Both are in the phonebook. */
let nameless: string;
let named: string;

beforeAll(async () => {
  scene = await CallScene.open({ users: 10 });
  const made = (await scene.api.expect(201, 'POST', '/phonebooks', { name: 'Shared' })) as {
    id: string;
  };
  book = made.id;
  [nameless, named] = [scene.takeUser(), scene.takeUser()];
  await loseName(nameless);
  await addContact('Jörg "Chef" Müller', nameless);
  await addContact('Somebody else', named);
  await waitForNames(2);
});
afterAll(() => scene.close());

/** What the callee's phone saw. */
async function callAndRefuse(caller: string, callee: string): Promise<string> {
  const phone = await scene.answerAs(callee, 'callee-refuses', { values: { STATUS: '486' } });
  await scene.call(caller, callee, 'caller-refused', {
    values: { STATUS: '486', REASON: 'Q.850;cause=17' },
  });
  await phone.succeeded();
  return (await phone.ended()).messages;
}

async function addContact(name: string, number: string): Promise<void> {
  const numbers = [{ kind: 'extension', number }];
  await scene.api.expect(201, 'POST', '/contacts', { phonebook: book, name, numbers });
}

/** A user who has no name but his number. */
async function loseName(extension: string): Promise<void> {
  const { items } = (await scene.api.expect(200, 'GET', `/users?search=${extension}`)) as {
    items: { id: string; extension: string }[];
  };
  const id = items.find((user) => user.extension === extension)?.id ?? '';
  await scene.api.expect(200, 'PATCH', `/users/${id}`, { name: extension }, { 'if-match': '*' });
}

/** Numbers in the table that the call plane has. */
async function waitForNames(atLeast: number): Promise<void> {
  await waitUntil(async () => {
    const { items } = (await scene.api.expect(200, 'GET', '/parts')) as {
      items: { name: string; figures: Record<string, number> }[];
    };
    const plane = items.find(({ name }) => name === 'management-plane');
    return (plane?.figures['callerNames'] ?? 0) >= atLeast;
  }, 'the names are in force');
}

async function countContacts(): Promise<number> {
  const { total } = (await scene.api.expect(200, 'GET', `/contacts?phonebook=${book}`)) as {
    total: number;
  };
  return total;
}

describe('a call', () => {
  it('shows the callee the name that a phonebook has for a caller without one, and keeps it on record', async () => {
    const callee = scene.takeUser();
    const messages = await callAndRefuse(nameless, callee);
    const invite = /^INVITE [\s\S]*?\r?\n\r?\n/m.exec(messages)?.[0] ?? '';

    expect(invite).toContain(`From: "Jörg \\"Chef\\" Müller" <sip:${nameless}@`);
    expect(await scene.recordOf(nameless)).toMatchObject({ callerName: 'Jörg "Chef" Müller' });
  });

  it('shows the caller’s own name where there is one', async () => {
    const messages = await callAndRefuse(named, scene.takeUser());

    expect(messages).toContain(`"User ${named}"`);
    expect(messages).not.toContain('Somebody else');
  });
});

describe('kill -9 during an import', () => {
  it('leaves all of it or nothing, and what was acknowledged before', async () => {
    const before = await countContacts();
    const size = 8_000;
    const rows = Array.from(
      { length: size },
      (_, index) => `Person ${String(index)},06555${String(index)}`,
    );
    const csv = ['name,office', ...rows].join('\n');
    const log = join(scene.daemon.dataDirectory, 'phonebooks.db-wal');
    const outcomes = new Set<number>();
    for (const writtenBytes of [1, 2_000_000]) {
      const { importId } = (await scene.api.expect(
        200,
        'POST',
        `/phonebooks/${book}/import-csv/preview?duplicates=keep-both`,
        csv,
      )) as { importId: string };
      const importing = scene.api
        .send('POST', `/phonebooks/${book}/import`, { importId })
        .catch(() => undefined);
      await waitUntil(
        () => (statSync(log, { throwIfNoEntry: false })?.size ?? 0) >= writtenBytes,
        'the import is being written',
      );
      await scene.daemon.kill();
      await importing;
      await scene.daemon.start();
      await scene.logInAgain();
      outcomes.add((await countContacts()) - before);
    }

    expect([...outcomes].every((added) => added % size === 0)).toBe(true);
    expect(await countContacts()).toBeGreaterThanOrEqual(2);
  });
});
