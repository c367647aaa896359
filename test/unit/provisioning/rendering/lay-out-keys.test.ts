import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeviceKey } from '../../../../provisioning/device.ts';
import { layOutKeys, type UserKey } from '../../../../provisioning/rendering/lay-out-keys.ts';

const phone = { lines: 2, keys: { line: 4, expansion: { modules: 1, keys: 2 } } };
const blf = (value: string): UserKey => ({ kind: 'blf', value, label: `Key ${value}` });

function shown(keys: readonly DeviceKey[]): string[] {
  return keys.map(({ area, index, kind, value, line }) =>
    [area, index, kind, value ?? '', line ?? ''].join(' ').trim(),
  );
}

test('[DEV-077] keys of a user follow the line key, over the keys of the phone and of its module', () => {
  const list = [blf('201'), { kind: 'none' } as const, blf('203'), blf('204'), blf('205')];
  const { keys, keysLeftOut } = layOutKeys(phone, [], [list]);

  expect(shown(keys)).toEqual([
    'line 1 line  1',
    'line 2 blf 201 1',
    'line 3 none  1',
    'line 4 blf 203 1',
    'expansion 1 blf 204 1',
    'expansion 2 blf 205 1',
  ]);
  expect(keys.flatMap(({ label }) => label ?? [])).toEqual([
    ...['Key 201', 'Key 203', 'Key 204', 'Key 205'],
  ]);
  expect(keysLeftOut).toBe(0);
});

test('what the administrator put on the phone itself keeps its place', () => {
  const own: DeviceKey[] = [{ area: 'line', index: 2, kind: 'park', value: '701' }];
  const { keys } = layOutKeys(phone, own, [[blf('201')]]);
  expect(shown(keys)).toEqual([
    'line 2 park 701',
    'line 1 line  1',
    'line 3 blf 201 1',
    'line 4 none',
  ]);
});

test('a user who lays out lines himself gets no others', () => {
  const { keys } = layOutKeys(phone, [], [[blf('201'), { kind: 'line' }]]);
  expect(shown(keys).slice(0, 2)).toEqual(['line 1 blf 201 1', 'line 2 line  1']);
});

test('the keys of a second user use the second line', () => {
  const { keys } = layOutKeys(phone, [], [[blf('201')], [blf('301')]]);
  expect(shown(keys).slice(0, 4)).toEqual([
    'line 1 line  1',
    'line 2 line  2',
    'line 3 blf 201 1',
    'line 4 blf 301 2',
  ]);
});

test('without any layout the phone is left as the administrator has it', () => {
  const own: DeviceKey[] = [{ area: 'line', index: 2, kind: 'park', value: '701' }];
  expect(layOutKeys(phone, own, [[], []])).toEqual({ keys: own, keysLeftOut: 0, linesLeftOut: 0 });
});

test('[DEV-057] nothing goes where the model has no key, and what is left out is counted', () => {
  const key = fc.constantFrom<UserKey>(blf('201'), { kind: 'none' }, { kind: 'dnd' });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: 0, max: 3 }),
      fc.array(fc.array(key, { maxLength: 20 }), { minLength: 1, maxLength: 4 }),
      (line, lines, lists) => {
        const { keys, keysLeftOut, linesLeftOut } = layOutKeys(
          { lines, keys: { line } },
          [],
          lists,
        );
        const places = keys.map(({ area, index }) => `${area} ${String(index)}`);
        expect(new Set(places).size).toBe(places.length);
        expect(keys.every(({ index }) => index >= 1 && index <= line)).toBe(true);
        expect(linesLeftOut).toBe(Math.max(0, lists.length - lines));
        const wanted = lists.slice(0, lines).flat();
        const given = keys.filter(({ kind }) => kind !== 'line' && kind !== 'none').length;
        const lineKeys = keys.filter(({ kind }) => kind === 'line').length;
        const asked = wanted.filter(({ kind }) => kind !== 'none').length;
        const isLaidOut = lists.some((list) => list.length > 0);
        if (isLaidOut) {
          expect(given + keysLeftOut + lineKeys).toBe(asked + Math.min(lists.length, lines));
        }
      },
    ),
  );
});
