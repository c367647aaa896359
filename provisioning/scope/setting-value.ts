/** The values that a setting may hold. */
import type { Secret } from '../../system/foundation/secret.ts';

export type SettingScalar = string | number | boolean | Secret;
/** One row of a setting that is a table, for instance one remote phonebook. */
export type SettingRecord = Readonly<Record<string, SettingScalar>>;
export type SettingValue = SettingScalar | readonly string[] | readonly SettingRecord[];
/** What one scope says: `null` takes away what an earlier scope gave. */
export type SettingValues = Readonly<Record<string, SettingValue | null>>;
