/**
 * The time zones that N610 to N870 take. Any other stands for the first of them that changes its clocks in the same
 * way, or else has the same standard time.
 */
import type { ValueMap } from '../../template/filter.ts';
import { isTimeZone, timeZones, toCurrentName, zoneRule } from '../../time-zone/zone.ts';

const known: Readonly<Record<string, string>> = {
  Africa: 'Cairo',
  America: 'Anchorage Caracas Chicago Denver Los_Angeles New_York Sao_Paulo',
  Asia: 'Dhaka Dubai Hong_Kong Karachi Tokyo',
  Australia: 'Adelaide Brisbane Darwin Sydney',
  Europe:
    'Amsterdam Andorra Astrakhan Athens Belfast Belgrade Berlin Bratislava Brussels Bucharest Budapest Busingen ' +
    'Chisinau Copenhagen Dublin Gibraltar Guernsey Helsinki Isle_of_Man Istanbul Jersey Kaliningrad Kiev Kirov ' +
    'Lisbon Ljubljana London Luxembourg Madrid Malta Mariehamn Minsk Monaco Moscow Nicosia Oslo Paris Podgorica ' +
    'Prague Riga Rome Samara San_Marino Sarajevo Simferopol Skopje Sofia Stockholm Tallinn Tirane Tiraspol ' +
    'Ulyanovsk Uzhgorod Vaduz Vatican Vienna Vilnius Volgograd Warsaw Zagreb Zaporozhye Zurich',
  Pacific: 'Honolulu Noumea',
};

/** Without those that the database no longer has: nobody can choose them. */
const names = Object.entries(known)
  .flatMap(([area, places]) => places.split(' ').map((place) => `${area}/${place}`))
  .filter((name) => isTimeZone(name));
/** By the name that the database uses today; Kiev is Kyiv there. */
const byCurrentName = new Map(names.map((name) => [toCurrentName(name), name]));
const byRule = new Map(names.toReversed().map((name) => [zoneRule(name).posix, name]));
const hasSummerTime = (name: string): boolean => zoneRule(name).summerTime !== undefined;
/** The last of equals counts: one without summer time, if there is one. */
const byOffset = new Map<number, string>([
  ...[...names.filter(hasSummerTime), ...names.filter((name) => !hasSummerTime(name))].map(
    (name): [number, string] => [zoneRule(name).offsetMin, name],
  ),
  [0, 'Greenwich'],
]);

/** By the name that the database uses today. */
export const gigasetTimeZones: ValueMap = Object.fromEntries(
  timeZones.flatMap((zone) => {
    const { posix, offsetMin } = zoneRule(zone);
    const name = byCurrentName.get(zone) ?? byRule.get(posix) ?? byOffset.get(offsetMin);
    return name === undefined ? [] : [[zone, name]];
  }),
);
