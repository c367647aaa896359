import { expect, test } from 'vitest';
import { isTimeZone, timeZones, zoneRule } from '../../../../provisioning/time-zone/zone.ts';

test.each([
  ['Europe/Rome', 60, 'CET-1CEST-2,M3.5.0/2,M10.5.0/3'],
  ['America/New_York', -300, 'EST5EDT4,M3.2.0/2,M11.1.0/2'],
  ['America/St_Johns', -210, 'NST3:30NDT2:30,M3.2.0/2,M11.1.0/2'],
  ['Australia/Lord_Howe', 630, 'STD-10:30DST-11,M10.1.0/2,M4.1.0/2'],
  ['Asia/Kolkata', 330, 'IST-5:30'],
  ['Asia/Kathmandu', 345, 'STD-5:45'],
  ['Europe/Dublin', 0, 'GMT0IST-1,M3.5.0/1,M10.5.0/2'],
  ['America/Sao_Paulo', -180, 'STD3'],
  ['UTC', 0, 'UTC0'],
])('%s is %i minutes east of Greenwich, %s', (zone, offsetMin, posix) => {
  expect(zoneRule(zone)).toMatchObject({ offsetMin, posix });
});

test('the southern summer begins in spring and ends in autumn', () => {
  expect(zoneRule('Australia/Sydney').summerTime).toEqual({
    saveMin: 60,
    start: { month: 10, week: 1, weekday: 0, timeMin: 120, dayOnOrAfter: 1 },
    end: { month: 4, week: 1, weekday: 0, timeMin: 180, dayOnOrAfter: 1 },
  });
});

test('a change beyond its day moves to the next: Israel, Friday after the fourth Thursday', () => {
  expect(zoneRule('Asia/Jerusalem').summerTime?.start).toMatchObject({
    month: 3,
    weekday: 5,
    timeMin: 120,
    dayOnOrAfter: 23,
  });
});

/** Ours against the time zone data of the JavaScript engine, which is built from the same database. */
test('every zone has the offset that the engine knows, in winter and in summer', () => {
  // Their summer time pauses for Ramadan, which is no yearly rule.
  const lunar = new Set(['Africa/Casablanca', 'Africa/El_Aaiun']);
  const year = 2027;
  const wrong: string[] = [];
  for (const name of timeZones) {
    let engine: Intl.DateTimeFormat;
    try {
      engine = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    } catch {
      continue;
    }
    const rule = zoneRule(name);
    for (const [month, isJuly] of [
      [1, false],
      [7, true],
    ] as const) {
      const text = engine.format(Date.UTC(year, month - 1, 15));
      const match = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(text);
      const actual =
        (match?.[1] === '-' ? -1 : 1) * (Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0));
      const { summerTime } = rule;
      let expected = rule.offsetMin;
      if (summerTime !== undefined) {
        const isSouthern = summerTime.start.month > summerTime.end.month;
        expected += isJuly === isSouthern ? 0 : summerTime.saveMin;
      }
      if (actual !== expected && !lunar.has(name)) {
        wrong.push(`${name} ${month}: ${expected}, engine ${actual}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('every zone that people choose is known, nothing else', () => {
  expect(Intl.supportedValuesOf('timeZone').filter((name) => !isTimeZone(name))).toEqual([]);
  expect(isTimeZone('Europe/Atlantis')).toBe(false);
  expect(isTimeZone('__proto__')).toBe(false);
});

test.each([
  ['LOC-1SUM-2,M3.5.0/2,M10.5.0/3', 60, 60, [3, 5, 0, 120], [10, 5, 0, 180]],
  ['XYZ3:30ABC2:30,M11.1.6/0,M2.4.1/23:30', -210, 60, [11, 1, 6, 0], [2, 4, 1, 1410]],
  ['XYZ-5:45', 345, undefined, undefined, undefined],
])(
  '[DEV-051] the rule %s is told like a zone of the database',
  (text, offsetMin, saveMin, start, end) => {
    expect(isTimeZone(text)).toBe(true);
    const { summerTime, ...rule } = zoneRule(text);
    expect(rule).toMatchObject({ offsetMin });
    expect(summerTime?.saveMin).toBe(saveMin);
    const [starts, ends] = [summerTime?.start, summerTime?.end].map(
      (change) => change && [change.month, change.week, change.weekday, change.timeMin],
    );
    expect(starts).toEqual(start);
    expect(ends).toEqual(end);
  },
);

test.each([
  'XYZ-15',
  'XYZ-1ABC-9,M3.5.0,M10.5.0',
  'XYZ-1ABC-1,M3.5.0,M10.5.0',
  'XYZ-1ABC,M13.5.0,M10.5.0',
  'XYZ-1ABC,M3.6.0,M10.5.0',
  'XYZ-1ABC,M3.5.7,M10.5.0',
  'XYZ-1ABC,M3.5.0/24,M10.5.0',
  'XYZ-1ABC',
  'XYZ-1ABC,J60,J300',
  'XYZ',
  ' XYZ-1',
  'XYZ-1\n',
])('the rule %j is refused', (text) => {
  expect(isTimeZone(text)).toBe(false);
});
