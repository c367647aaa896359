/** The wire form of what there is to say of an event, for user interfaces in any language. */
import { z } from 'zod';
import { eventNoteCodes, type StoredEventNote } from '../../event-note.ts';

export const eventNoteSchema = z
  .object({
    /** What is said. */
    code: z.enum(eventNoteCodes),
    /** Of what it is said: names, numbers and codes of their own, by the names of the facts. */
    facts: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .meta({ id: 'EventNote' });
export type EventNote = z.infer<typeof eventNoteSchema>;

export function presentEventNote({ code, facts }: StoredEventNote): EventNote {
  return { code, facts: { ...facts } };
}
