/**
 * Names out of the phonebooks for who has no name of his own. One hash look-up for a call that needs
 * one, nothing for the others.
 */
import type { CallerNames } from '../../../caller-names/caller-name-table.ts';

export interface NamedParty {
  readonly number: string;
  /** Of its own; empty when there is none. */
  readonly name: string;
  /** The number is one of this system. */
  readonly isInternal: boolean;
}

/** `reader`: the user whose phonebooks count beside those for everyone. */
export function nameOf(
  { number, name, isInternal }: NamedParty,
  reader: string | undefined,
  names: Pick<CallerNames, 'find'> | undefined,
): string {
  // A name that only repeats the number says nothing.
  if (names === undefined || (name !== '' && name !== number)) {
    return name;
  }
  return names.find(number, isInternal, reader) ?? name;
}
