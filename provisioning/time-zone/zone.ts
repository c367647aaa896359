/**
 * Time zones by their names in the IANA database, whose rules are parsed once when the module loads, or
 * by a rule of their own.
 */
import { ProvisioningError } from '../provisioning-error.ts';
import { parseOwnZone } from './own-zone.ts';
import { parsePosixZone, type ZoneRule } from './posix-zone.ts';
import { renamedZones, zonesByRule } from './zones.ts';

const rules: ReadonlyMap<string, ZoneRule> = new Map(
  Object.entries(zonesByRule).flatMap(([posix, names]) => {
    const rule = parsePosixZone(posix);
    return names.split(' ').map((name): [string, ZoneRule] => [name, rule]);
  }),
);

const currentNames: ReadonlyMap<string, string> = new Map(Object.entries(renamedZones));

export function isTimeZone(name: string): boolean {
  return rules.has(toCurrentName(name)) || parseOwnZone(name) !== undefined;
}

/** Throws `invalid` for what is neither in the database nor a rule. */
export function zoneRule(name: string): ZoneRule {
  const rule = rules.get(toCurrentName(name)) ?? parseOwnZone(name);
  if (rule === undefined) {
    throw new ProvisioningError('invalid', `no time zone ${name}`);
  }
  return rule;
}

/** The name that the database uses today: vendors' tables of zones know only that one. */
export function toCurrentName(name: string): string {
  return currentNames.get(name) ?? name;
}

export const timeZones: readonly string[] = [...rules.keys()].sort();
