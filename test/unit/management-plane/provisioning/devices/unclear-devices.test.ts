import { expect, test } from 'vitest';
import { silentLogger } from '../../../../../system/foundation/logger.ts';
import { UnclearDevices } from '../../../../../system/management-plane/provisioning/devices/unclear-devices.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

const vendors = ['Fanvil', 'Yealink'];

test('[DEV-040] new devices that fit several vendors are told once, by name, until somebody adds them or an hour is over', () => {
  const clock = new FakeClock();
  const told: (string | undefined)[] = [];
  const unclear = new UnclearDevices({
    clock,
    logger: silentLogger,
    onProblem: (sentence) => told.push(sentence),
  });

  unclear.note({ mac: '02aabbccdd01', source: '10.0.0.5', vendors });
  unclear.note({ mac: '02aabbccdd01', source: '10.0.0.5', vendors });
  expect(told).toEqual([
    'New devices fit several vendors: 02aabbccdd01 (10.0.0.5) may be of Fanvil or Yealink. Add them by MAC and vendor.',
  ]);
  for (let index = 10; index < 200; index += 1) {
    unclear.note({ mac: `02aabbccde${String(index)}`, source: '10.0.0.6', vendors });
  }
  expect(told).toHaveLength(100);
  expect(told.at(-1)).toContain(', and 97 more.');

  unclear.forget('02aabbccdd01');
  expect(told.at(-1)).toContain(', and 96 more.');
  clock.advance(3_600_000);
  expect(told.at(-1)).toBeUndefined();
});
