/** The rules of staged rollouts, on a clock and a site that the test plays. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignRings } from '../../../../provisioning/firmware/rollout/assign-rings.ts';
import { missingGraceMs } from '../../../../provisioning/firmware/rollout/decide-rollout.ts';
import { isQuiet } from '../../../../provisioning/firmware/rollout/quiet-hours.ts';
import {
  cancelRollout,
  noteUntold,
  resumeRollout,
  rollBack,
} from '../../../../provisioning/firmware/rollout/steer-rollout.ts';
import { Site, oldVersion, newVersion } from '../../../support/provisioning/rollout-site.ts';

/** Lets everything go well until the rollout has ended or stands still. */
function runToEnd(site: Site, steps = 500): void {
  for (let step = 0; step < steps && site.rollout.state === 'running'; step++) {
    site.update(site.look());
    site.update(site.pass(5));
  }
}

describe('rings', () => {
  test('one device, ten percent, all; the same devices always in the same ones', () => {
    const candidates = Array.from({ length: 41 }, (_, index) => ({
      mac: `mac${String(index)}`,
      isRegistered: index !== 7,
    }));
    const places = assignRings(candidates, { seed: 'a', isStaged: true });
    const sizes = [0, 1, 2].map((ring) => places.filter((place) => place.ring === ring).length);
    expect(sizes).toEqual([1, 5, 35]);
    expect(places.at(-1)?.mac).toBe('mac7');
    expect(assignRings(candidates.toReversed(), { seed: 'a', isStaged: true })).toEqual(places);
    const chosen = assignRings(candidates, { seed: 'a', first: 'mac7', isStaged: true });
    expect(chosen[0]).toEqual({ mac: 'mac7', ring: 0 });
  });

  test('the next ring begins when the one before came back with the version and was watched', () => {
    const site = new Site(30);
    const first = site.look();
    expect(first).toEqual(site.ring(0));
    expect(site.pass(5)).toEqual([]);
    site.update(first);
    site.look();
    expect(site.pass(29)).toEqual([]);

    expect(site.pass(1)).toEqual(site.ring(1));
    site.update(site.ring(1).slice(1));
    expect(site.pass(10)).toEqual([]);
    site.update(site.ring(1));
    site.look();
    const third = site.pass(30);

    // Not more than ten at once.
    expect(third).toEqual(site.ring(2).slice(0, 10));
    site.update(third.slice(0, 3));
    expect(site.look()).toEqual(site.ring(2).slice(10, 13));
  });

  test('it ends when all have it; who could not be reached is left out', () => {
    const site = new Site(5);
    site.phone(site.ring(2)[0] ?? '').isRegistered = false;
    runToEnd(site);
    expect(site.rollout.state).toBe('completed');
    expect(site.stateOf(site.ring(2)[0] ?? '')).toBe('skipped offline');
    expect(site.rollout.devices.filter(({ state }) => state === 'updated')).toHaveLength(4);
  });
});

describe('never at the wrong time', () => {
  test('a device in a call is told after it', () => {
    const site = new Site(3);
    const [mac = ''] = site.ring(0);
    site.phone(mac).isInCall = true;
    expect(site.look()).toEqual([]);
    site.phone(mac).isInCall = false;
    expect(site.look()).toEqual([mac]);
  });

  test.each([
    [22 * 60, 5 * 60, 21 * 60 + 59, false],
    [22 * 60, 5 * 60, 22 * 60, true],
    [22 * 60, 5 * 60, 0, true],
    [22 * 60, 5 * 60, 5 * 60, false],
    [60, 120, 60, true],
    [60, 120, 120, false],
    [60, 60, 700, true],
  ])('quiet from %i to %i: at %i %s', (fromMin, toMin, minute, expected) => {
    expect(isQuiet({ fromMin, toMin }, minute)).toBe(expected);
  });

  test('each device waits for its own quiet hours', () => {
    const site = new Site(3, { quietHours: { fromMin: 22 * 60, toMin: 6 * 60 }, watchMin: 0 });
    const [first = ''] = site.ring(0);
    expect(site.look()).toEqual([]);
    site.phone(first).localMinute = 6 * 60;
    expect(site.look()).toEqual([]);
    site.phone(first).localMinute = 23 * 60;
    expect(site.look()).toEqual([first]);
  });
});

describe('halts by itself', () => {
  test('when a device does not come back in time', () => {
    const site = new Site(10);
    const [mac = ''] = site.look();
    site.phone(mac).isRegistered = false;
    site.pass(19);
    expect(site.rollout.state).toBe('running');
    expect(site.pass(1)).toEqual([]);
    expect(site.rollout.state).toBe('halted');
    expect(site.stateOf(mac)).toBe('failed not-back');
    expect(site.rollout.halt).toMatchObject({
      cause: 'lost',
      sentence: 'Lost 1 of 1 told to update in step 1: 1 not back in time.',
    });
    site.pass(1_000);
    expect(site.told).toEqual([mac]);
  });

  test('when a device still runs the old version after it was told twice', () => {
    const site = new Site(10);
    const [mac = ''] = site.look();
    expect(site.pass(20)).toEqual([mac]);
    site.pass(20);
    expect(site.stateOf(mac)).toBe('failed old-version');
    expect(site.rollout.halt?.sentence).toContain('1 still on another version');
  });

  test('when updated devices lose their registration, but not for a moment', () => {
    const site = new Site(30, { watchMin: 0 });
    site.update(site.look());
    site.update(site.look());
    site.look();
    const [lost = ''] = site.ring(1);
    site.phone(lost).isRegistered = false;
    site.look();
    site.nowMs += missingGraceMs - 1;
    site.look();
    expect(site.rollout.state).toBe('running');
    site.nowMs += 1;
    site.look();
    expect(site.rollout.halt?.sentence).toContain('1 updated and then not registered any more');
  });

  test('not for one of many that is lost', () => {
    const site = new Site(60, { watchMin: 0, lostPercent: 5 });
    runToEnd(site, 9);
    const updated = site.rollout.devices.filter(({ state }) => state === 'updated');
    expect(updated.length).toBeGreaterThan(20);
    site.phone(updated[5]?.mac ?? '').isRegistered = false;
    site.pass(10);
    site.pass(10);
    expect(site.rollout.state).not.toBe('halted');
  });

  test.each([
    [4.3, 20, 3.9, 20, true],
    [4.3, 20, 4.1, 20, false],
    [4.3, 4, 2.0, 20, false],
    [4.3, 20, 2.0, 4, false],
    [4.0, 20, 4.4, 20, false],
  ])('audio %d (%i calls) before, %d (%i) after: %s', (before, calls, after, later, halts) => {
    const site = new Site(10);
    site.update(site.look());
    site.audio = { before: { mos: before, calls }, after: { mos: after, calls: later } };
    site.look();
    expect(site.rollout.halt?.cause).toBe(halts ? 'audio' : undefined);
  });

  test('and goes on when an administrator says so, without those that are lost', () => {
    const site = new Site(10, { watchMin: 0 });
    const [mac = ''] = site.look();
    site.phone(mac).isRegistered = false;
    site.pass(20);
    site.rollout = resumeRollout(site.rollout, site.nowMs) ?? site.rollout;
    expect(site.look()).toEqual(site.ring(1));
    expect(site.rollout.state).toBe('running');
    expect(resumeRollout(site.rollout, 0)).toBeUndefined();
  });
});

test('a device that refuses to be told is tried again, then counts as failed', () => {
  const site = new Site(4);
  const [mac = ''] = site.look();
  site.rollout = noteUntold(site.rollout, mac, 'in-call', 0);
  expect(site.device(mac)).toMatchObject({ state: 'waiting', attempts: 0 });
  for (let attempt = 0; attempt < 3; attempt++) {
    site.look();
    site.rollout = noteUntold(site.rollout, mac, 'refused', 0);
  }
  expect(site.stateOf(mac)).toBe('failed refused');
});

test('a device that was deleted or updated by hand holds nobody up', () => {
  const site = new Site(3, { watchMin: 0 });
  const [first = ''] = site.ring(0);
  const [second = ''] = site.ring(1);
  site.phone(first).version = newVersion;
  site.phone(second).isThere = false;
  expect(site.look()).toEqual(site.ring(2));
  expect(site.stateOf(first)).toBe('skipped already');
  expect(site.stateOf(second)).toBe('skipped gone');
});

describe('rolling back', () => {
  test('returns every touched device, without rings, and leaves the others alone', () => {
    const site = new Site(30);
    site.update(site.look());
    site.look();
    site.update(site.pass(30));
    site.look();
    const touched = [...site.ring(0), ...site.ring(1)];
    site.rollout = rollBack(site.rollout, site.nowMs) ?? site.rollout;
    // One is offline: it is waited for.
    const [offline = ''] = touched;
    site.phone(offline).isRegistered = false;
    const told = site.look();
    expect(told).toEqual(touched.filter((mac) => mac !== offline));
    site.update(told, oldVersion);
    site.pass(1);
    expect(site.rollout.state).toBe('running');
    site.phone(offline).isRegistered = true;
    site.update(site.look(), oldVersion);
    site.pass(1);
    expect(site.rollout.state).toBe('rolled-back');
    expect(new Set(site.told)).toEqual(new Set(touched));
    expect(rollBack(site.rollout, 0)).toBeUndefined();
  });

  test('is refused when nothing leads back', () => {
    const site = new Site(3);
    site.update(site.look());
    site.look();
    const devices = site.rollout.devices.map((device) => ({ ...device, backLabel: undefined }));
    expect(rollBack({ ...site.rollout, devices }, 0)).toBeUndefined();
  });
});

test('cancelled, it tells nobody any more', () => {
  const site = new Site(30);
  site.update(site.look());
  site.look();
  site.rollout = cancelRollout(site.rollout, site.nowMs) ?? site.rollout;
  expect(site.pass(1_000)).toEqual([]);
  expect(site.rollout.devices.filter(({ state }) => state === 'updated')).toHaveLength(1);
  expect(cancelRollout(site.rollout, 0)).toBeUndefined();
});

test('whatever phones do, rings are kept, never too many at once, nobody in a call, no ring ahead', () => {
  const stepArbitrary = fc.record({
    index: fc.nat(24),
    what: fc.constantFrom('update', 'leave', 'return', 'call', 'hang up', 'fall back', 'delete'),
    minutes: fc.nat(40),
  });
  fc.assert(
    fc.property(fc.array(stepArbitrary, { maxLength: 60 }), (steps) => {
      const site = new Site(25, { atOnce: 4, watchMin: 1, lostPercent: 30 });
      for (const { index, what, minutes } of steps) {
        const phone = site.phone(site.rollout.devices[index]?.mac ?? '');
        switch (what) {
          case 'update':
            phone.version = newVersion;
            break;
          case 'leave':
            phone.isRegistered = false;
            break;
          case 'return':
            phone.isRegistered = true;
            break;
          case 'call':
            phone.isInCall = true;
            break;
          case 'hang up':
            phone.isInCall = false;
            break;
          case 'fall back':
            phone.version = oldVersion;
            break;
          case 'delete':
            phone.isThere = false;
            break;
        }
        const before = site.rollout;
        const told = site.pass(minutes);
        for (const mac of told) {
          const { isInCall, isRegistered } = site.phone(mac);
          expect({ isInCall, isRegistered }).toEqual({ isInCall: false, isRegistered: true });
          expect(site.device(mac).ring).toBeLessThanOrEqual(site.rollout.ring);
        }
        expect(site.rollout.ring).toBeGreaterThanOrEqual(before.ring);
        expect(
          site.rollout.devices.filter(({ state }) => state === 'told').length,
        ).toBeLessThanOrEqual(4);
        if (before.state !== 'running') {
          expect(told).toEqual([]);
        }
      }
    }),
    { numRuns: 200 },
  );
});
