/** Phonebooks to and from rows. */
import { everyone, type Phonebook, type Readers } from '../phonebook.ts';
import type { PhonebookRow } from './phonebook-tables.ts';

export function toPhonebook(row: PhonebookRow): Phonebook {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    ownerId: row.owner_id ?? undefined,
    readers: row.readers === '' ? everyone : (JSON.parse(row.readers) as Readers),
    version: row.version,
  };
}

export function toPhonebookRow({
  id,
  kind,
  name,
  ownerId,
  readers,
  version,
}: Phonebook): PhonebookRow {
  return {
    id,
    kind,
    name,
    owner_id: ownerId ?? null,
    readers: JSON.stringify(readers),
    version,
  };
}
