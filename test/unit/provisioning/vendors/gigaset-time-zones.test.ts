import { expect, test } from 'vitest';
import { timeZones } from '../../../../provisioning/time-zone/zone.ts';
import { gigasetTimeZones } from '../../../../provisioning/vendors/gigaset/time-zones.ts';

test.each([
  ['Europe/Rome', 'Europe/Rome'],
  ['Europe/Oslo', 'Europe/Oslo'],
  ['Europe/Kyiv', 'Europe/Kiev'],
  ['America/Toronto', 'America/New_York'],
  ['Asia/Kolkata', undefined],
  ['Africa/Johannesburg', 'Europe/Kaliningrad'],
  ['Asia/Singapore', 'Asia/Hong_Kong'],
  ['Africa/Abidjan', 'Greenwich'],
  ['Pacific/Auckland', undefined],
])('%s is %s on the base', (zone, expected) => {
  expect(timeZones).toContain(zone);
  expect(gigasetTimeZones[zone]).toBe(expected);
});
