/**
 * Resolution of settings: default → vendor → model → group → user → device. A later scope overrides an
 * earlier one value by value, `null` removes. Every resolved value knows the scope that gave it.
 */
import { scopeLevels, type Origin, type ScopeLevel } from './origin.ts';
import type { SettingValue, SettingValues } from './setting-value.ts';

export interface Scope {
  readonly level: ScopeLevel;
  /** Vendor, model, group, user or MAC; what the interface shows as origin. */
  readonly name: string;
  readonly values: SettingValues;
}

export interface ResolvedSetting {
  /** `undefined`: a scope removed the value; `origin` is the remover. */
  readonly value: SettingValue | undefined;
  readonly origin: Origin;
}

export type ResolvedSettings = ReadonlyMap<string, ResolvedSetting>;

/**
 * Scopes may come in any order of levels; among scopes of one level (ordered groups) the later one
 * wins. Table values are replaced whole, never merged row by row: a group's phonebook list is the
 * list, not an addition.
 */
export function resolveScopes(scopes: readonly Scope[]): ResolvedSettings {
  const resolved = new Map<string, ResolvedSetting>();
  for (const level of scopeLevels) {
    for (const scope of scopes) {
      if (scope.level !== level) {
        continue;
      }
      const origin: Origin = { source: level, name: scope.name };
      for (const [name, value] of Object.entries(scope.values)) {
        resolved.set(name, { value: value ?? undefined, origin });
      }
    }
  }
  return resolved;
}
