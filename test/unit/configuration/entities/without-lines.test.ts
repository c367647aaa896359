import { expect, test } from 'vitest';
import { deviceEntity, type Device } from '../../../../system/configuration/entities/device.ts';
import { withoutLinesOf } from '../../../../system/configuration/entities/without-lines.ts';

const device: Device = deviceEntity.fromStored({
  mac: '001565aabb01',
  lines: ['anna', 'bruno', 'carla'],
  keys: [
    { area: 'line', index: 1, kind: 'line', line: 1 },
    { area: 'line', index: 2, kind: 'line', line: 2 },
    { area: 'line', index: 3, kind: 'blf', value: '201', line: 3 },
    { area: 'line', index: 4, kind: 'dnd' },
  ],
  handsets: [
    { index: 1, line: 2 },
    { index: 2, line: 3 },
  ],
});

test('[DEV-025] what used the line of a user goes with it, the rest moves up', () => {
  const left = withoutLinesOf(device, new Set(['bruno']));
  expect(left.lines).toEqual(['anna', 'carla']);
  expect(left.keys.map(({ index, line }) => [index, line])).toEqual([
    [1, 1],
    [3, 2],
    [4, undefined],
  ]);
  expect(left.handsets).toEqual([{ index: 2, line: 2 }]);
});

test('a device of others is left as it is', () => {
  expect(withoutLinesOf(device, new Set(['dora']))).toBe(device);
});

test('[DEV-054] external lines stay behind those of users, or behind the one that waits for a user', () => {
  const withExternal: Device = {
    ...device,
    externalLines: [{ id: 'x', host: 'sip.example', transport: 'udp', userName: '1' }],
    keys: [{ area: 'line', index: 1, kind: 'line', line: 4 }],
    handsets: [],
  };
  const lineLeft = (userIds: readonly string[]) =>
    withoutLinesOf(withExternal, new Set(userIds)).keys[0]?.line;

  expect(lineLeft(['bruno'])).toBe(3);
  expect(lineLeft(['anna', 'bruno', 'carla'])).toBe(2);
});
