/** Time zones by their names in the IANA database; the rules are parsed once when the module loads. */
import { ProvisioningError } from '../provisioning-error.ts';
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
  return rules.has(toCurrentName(name));
}

/** Throws `invalid` for a name outside the database. */
export function zoneRule(name: string): ZoneRule {
  const rule = rules.get(toCurrentName(name));
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
