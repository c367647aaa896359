/** What events say beside their kind: in English here, by codes in the user interface. */
import { expect, test } from 'vitest';
import {
  describeEventNotes,
  eventNoteCodes,
  parseEventNotes,
  serializeEventNotes,
  type EventNote,
} from '../../../system/management-plane/event-note.ts';
import { placeholdersOf, type Message } from '../../../wms-ui/src/lib/i18n/format-message.ts';
import english from '../../../wms-ui/src/lib/i18n/en.json' with { type: 'json' };

const notes: readonly EventNote[] = [
  { code: 'sync-outcome', facts: { outcome: 'refused' } },
  { code: 'sync-status', facts: { status: 480 } },
  { code: 'asked-for-by', facts: { name: 'Anna' } },
];

test('notes are one sentence in English, and come back from their column as they were', () => {
  expect(describeEventNotes(notes)).toBe('refused, SIP 480, asked for by Anna');
  expect(parseEventNotes(serializeEventNotes(notes))).toEqual(notes);
});

test.each([
  ['from before notes', null],
  ['of a version that knew other codes', JSON.stringify([{ code: 'moved', facts: {} }])],
  ['without words', serializeEventNotes([])],
])('a row %s has none, so that its English text is shown', (_, column) => {
  expect(parseEventNotes(column)).toEqual([]);
});

test('every code has a text in WMS that mentions no fact but its own', () => {
  const table: Readonly<Record<string, Message | undefined>> = english;
  const lacking = eventNoteCodes.filter((code) => {
    const message = table[`note.${code}`];
    const inEnglish = (fact: string): boolean =>
      describeEventNotes([{ code, facts: { [fact]: '#' } } as unknown as EventNote]).includes('#');
    // The user interface tells a halt by its own texts.
    return (
      code !== 'rollout-halt' &&
      (message === undefined || !placeholdersOf(message).every((fact) => inEnglish(fact)))
    );
  });
  expect(lacking).toEqual([]);
});
