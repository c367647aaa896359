import { expect, test } from 'vitest';
import { describeEventNotes } from '../../../../../system/management-plane/event-note.ts';
import { DoubtfulDevices } from '../../../../../system/management-plane/provisioning/devices/doubtful-devices.ts';
import type { DeviceEvent } from '../../../../../system/management-plane/provisioning/device-state/device-history.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

const mac = '805ec0aabb01';

function createDoubtful() {
  const clock = new FakeClock();
  const told: (string | undefined)[] = [];
  const events: DeviceEvent[] = [];
  const doubtful = new DoubtfulDevices({
    clock,
    history: { add: (event) => events.push(event) },
    onProblem: (sentence) => told.push(sentence),
  });
  const fetchFrom = (...sources: readonly string[]): void => {
    for (const source of sources) {
      doubtful.noteAddress(mac, source);
    }
  };
  const notes = (): string[] => events.map((event) => describeEventNotes(event.notes));
  return { clock, told, doubtful, fetchFrom, notes };
}

test('[DEV-038] one MAC at two addresses in turns is told for an hour, once a day, and stays in the history', () => {
  const { clock, told, fetchFrom, notes } = createDoubtful();

  fetchFrom('10.0.0.11', '10.0.0.12', '10.0.0.11', '10.0.0.12');
  expect(told).toEqual([
    'Two addresses fetch the files of one device in turns: 805ec0aabb01 (10.0.0.11, 10.0.0.12). Two devices have the same MAC, or somebody uses its secret address: reset its password.',
  ]);
  clock.advance(3_600_000);
  expect(told.at(-1)).toBeUndefined();
  fetchFrom('10.0.0.11', '10.0.0.12', '10.0.0.11');
  expect(told).toHaveLength(2);
  expect(notes()).toEqual([
    'fetched in turns from 10.0.0.11 and 10.0.0.12: two devices with one MAC?',
  ]);
});

test('a device that moves, comes back later, has two lines to the internet, or IPv4 and IPv6, is no doubt', () => {
  const { clock, told, fetchFrom } = createDoubtful();

  fetchFrom('10.0.0.11', '10.0.0.12', '10.0.0.13');
  clock.advance(1_800_000);
  fetchFrom('10.0.0.12', '203.0.113.1', '203.0.113.2', '203.0.113.1');
  fetchFrom('fd00::11', '10.0.0.11', 'fd00::11', '10.0.0.11');
  expect(told).toEqual([]);
});

test('a device that tells another MAC beside its own is told once', () => {
  const { doubtful, notes } = createDoubtful();

  doubtful.noteMacs(mac, '10.0.0.11', ['805ec0aabb02']);
  doubtful.noteMacs(mac, '10.0.0.11', ['805ec0aabb02']);
  expect(notes()).toEqual(['it also calls itself 805ec0aabb02']);
});
