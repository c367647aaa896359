import { beforeEach, expect, test } from 'vitest';
import {
  ScanWatch,
  type ScanAlarm,
} from '../../../../../system/management-plane/provisioning/access/scan-watch.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

let clock: FakeClock;
let alarms: ScanAlarm[];
let scans: ScanWatch;

beforeEach(() => {
  clock = new FakeClock();
  alarms = [];
  scans = new ScanWatch(
    clock,
    () => 10,
    (alarm) => alarms.push(alarm),
  );
});

function guess(source: string, count: number, isProven = true): void {
  for (let index = 0; index < count; index += 1) {
    scans.note({ source, isProven, wanted: `${source} ${String(index)}` });
  }
}

test('[DEV-038] an address that guesses raises one alarm and is not listened to for ten minutes', () => {
  guess('10.0.0.66', 9);
  expect(scans.isBlocked('10.0.0.66')).toBe(false);
  guess('10.0.0.66', 15);
  expect(alarms).toMatchObject([{ kind: 'address', source: '10.0.0.66', misses: 10 }]);
  expect(scans.isBlocked('10.0.0.66')).toBe(true);
  clock.advance(600_001);
  expect(scans.isBlocked('10.0.0.66')).toBe(false);
});

test('[DEV-038] asking for the same again and again is no guessing', () => {
  for (let count = 0; count < 100; count += 1) {
    guess('10.0.0.20', 2);
  }
  expect(alarms).toEqual([]);
});

test('[DEV-038] forged addresses raise an alarm, but shut out nobody', () => {
  guess('10.0.0.20', 20, false);
  expect(alarms).toMatchObject([{ kind: 'unproven', source: '10.0.0.20' }]);
  expect(scans.isBlocked('10.0.0.20')).toBe(false);
});

test('[DEV-038] forged addresses without end raise few alarms, and forget no guesser', () => {
  guess('10.0.0.66', 9);
  for (let index = 0; index < 5_000; index += 1) {
    guess(`10.9.${String(index >> 8)}.${String(index & 255)}`, 10, false);
  }
  expect(alarms.length).toBeLessThanOrEqual(11);
  guess('10.0.0.66', 10);
  expect(scans.isBlocked('10.0.0.66')).toBe(true);
});

test('[DEV-038] fifty addresses that guess a little each are noticed together', () => {
  for (let index = 0; index < 50; index += 1) {
    guess(`10.0.1.${String(index)}`, 9);
  }
  expect(alarms).toMatchObject([{ kind: 'many', misses: 30 }]);
  expect(scans.isBlocked('10.0.1.49')).toBe(false);
});
