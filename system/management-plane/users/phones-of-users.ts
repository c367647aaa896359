/**
 * Phones that rows of a users file name: what an import of users asks of those who know devices, so
 * that users and their phones come into one revision.
 */
import type { Operation } from '../configuration-store/operation.ts';
import type { CsvProblem } from '../csv/csv-table.ts';

/** What one row says of the phones of its user, as it stands in the file. */
export interface PhonesRow {
  readonly line: number;
  readonly userId: string;
  /** Whether the user will have an account that a phone can use. */
  readonly hasAccount: boolean;
  /** MACs in any spelling, separated by spaces, commas or semicolons. */
  readonly devices: string | undefined;
  /** Expected model of all of them. */
  readonly model: string | undefined;
}

export interface PhonesPlan {
  /** MACs of devices that come into the list. */
  readonly added: readonly string[];
  /** MACs of devices that are there already and get the user, or another model. */
  readonly changed: readonly string[];
  /** Both, by line of the file. */
  readonly macsOfLine: ReadonlyMap<number, readonly string[]>;
  readonly problems: readonly CsvProblem[];
  /** To be made right before the commit, because new devices are numbered. */
  readonly toOperations: () => readonly Operation[];
}

export interface PhonesOfUsers {
  /** Against the devices as they are now; throws nothing on what a file holds. */
  readonly plan: (rows: readonly PhonesRow[]) => PhonesPlan;
  /** Lets the added devices make their first contact from `commit` on; resolves to what it does. */
  readonly announce: <T>(plan: PhonesPlan, commit: () => Promise<T>) => Promise<T>;
}
