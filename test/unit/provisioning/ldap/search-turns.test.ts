import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SearchTurns } from '../../../../provisioning/ldap/search-turns.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

function start() {
  const clock = new FakeClock();
  const turns = new SearchTurns(clock);
  const done: string[] = [];
  const search = (source: string, name: string, tookMs: number): void => {
    void turns.run(source, () => {
      clock.advance(tookMs);
      done.push(name);
      return Promise.resolve();
    });
  };
  return { clock, turns, done, search };
}

test('a phone that searches without end lets others in after one of its searches, and rests longer than it searched', async () => {
  const { clock, done, search } = start();
  for (let index = 0; index < 20; index += 1) {
    search('10.0.0.66', `hard ${String(index)}`, 400);
  }
  search('10.0.0.20', 'easy', 2);
  await nextTurn();
  expect(done).toEqual(['hard 0']);

  clock.advance(1_199);
  await nextTurn();
  expect(done).toEqual(['hard 0']);
  clock.advance(1);
  await nextTurn();
  expect(done).toEqual(['hard 0', 'easy', 'hard 1']);
});

test('short searches wait for each other alone', async () => {
  const { done, search } = start();
  for (let index = 0; index < 50; index += 1) {
    search(`10.0.0.${String(index)}`, 'easy', 5);
  }
  await nextTurn();
  expect(done).toHaveLength(50);
});

test('a search that fails ends its turn', async () => {
  const { turns } = start();
  const failed = turns.run('10.0.0.66', () => Promise.reject(new Error('disk on fire')));
  await expect(failed).rejects.toThrow('disk on fire');
  await expect(turns.run('10.0.0.66', () => Promise.resolve('found'))).resolves.toBe('found');
});
