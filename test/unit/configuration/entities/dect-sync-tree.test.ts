import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findSyncIssues,
  maximumSyncLevels,
  toSyncTree,
  type SyncedBase,
} from '../../../../system/configuration/entities/dect-sync-tree.ts';

const macOf = (index: number): string => index.toString(16).padStart(12, '0');

/** Every base listens to some that come before it, so that no way leads back. */
const plans = fc
  .array(fc.tuple(fc.nat(), fc.option(fc.nat(), { nil: undefined })), {
    minLength: 1,
    maxLength: maximumSyncLevels,
  })
  .map((choices) =>
    choices.map(([source, alternate], index): SyncedBase => {
      if (index === 0) {
        return { mac: macOf(0) };
      }
      const syncSource = source % index;
      const alternateSource = alternate === undefined ? undefined : alternate % index;
      return {
        mac: macOf(index),
        syncSource: macOf(syncSource),
        ...(alternateSource === undefined || alternateSource === syncSource
          ? {}
          : { alternateSource: macOf(alternateSource) }),
      };
    }),
  );

const shuffledPlans = plans.chain((bases) =>
  fc.shuffledSubarray(bases, { minLength: bases.length, maxLength: bases.length }),
);

describe('the tree of synchronisation', () => {
  it('takes every plan in which no way leads back, in any order of its bases', () => {
    fc.assert(
      fc.property(shuffledPlans, (bases) => {
        expect(findSyncIssues(bases)).toEqual([]);
      }),
    );
  });

  it('gives each base one level more than its source, and every base a level', () => {
    fc.assert(
      fc.property(shuffledPlans, (bases) => {
        const { levels, roots } = toSyncTree(bases);
        expect(roots).toEqual([macOf(0)]);
        for (const { mac, syncSource } of bases) {
          expect(levels.get(mac)).toBe(
            syncSource === undefined ? 1 : (levels.get(syncSource) ?? Number.NaN) + 1,
          );
        }
      }),
    );
  });

  it('refuses a plan as soon as one way leads back, by the first or by the alternate source', () => {
    fc.assert(
      fc.property(plans, fc.nat(), fc.boolean(), (bases, choice, byAlternate) => {
        fc.pre(bases.length > 2);
        // A base listens to one that already depends on it.
        const last = bases.length - 1;
        const chain: number[] = [];
        for (
          let mac = bases[last]?.syncSource;
          mac !== undefined && mac !== macOf(0);
          mac = bases.find((base) => base.mac === mac)?.syncSource
        ) {
          chain.push(Number.parseInt(mac, 16));
        }
        fc.pre(chain.length > 0);
        const upper = chain[choice % chain.length] ?? 1;
        const broken = bases.map((base, index) =>
          index === upper
            ? byAlternate
              ? { ...base, alternateSource: macOf(last) }
              : { ...base, syncSource: macOf(last) }
            : base,
        );
        const paths = findSyncIssues(broken).map(({ path }) => path);
        expect(paths).toContain(`bases.${String(upper)}.syncSource`);
        expect(paths).toContain(`bases.${String(last)}.syncSource`);
      }),
    );
  });

  it.each<[string, readonly SyncedBase[], string]>([
    [
      'two first bases',
      [{ mac: macOf(1) }, { mac: macOf(2) }],
      'only one base of a system has no source',
    ],
    [
      'a source that is not there',
      [{ mac: macOf(1) }, { mac: macOf(2), syncSource: macOf(9) }],
      `${macOf(9)} is no base of this system`,
    ],
    [
      'a base that listens to itself',
      [{ mac: macOf(1) }, { mac: macOf(2), syncSource: macOf(2) }],
      'a base cannot listen to itself',
    ],
    [
      'an alternate source that is the first one',
      [{ mac: macOf(1) }, { mac: macOf(2), syncSource: macOf(1), alternateSource: macOf(1) }],
      'the alternate source must be another base',
    ],
    [
      'more levels than timing holds',
      Array.from({ length: maximumSyncLevels + 1 }, (_, index) =>
        index === 0 ? { mac: macOf(0) } : { mac: macOf(index), syncSource: macOf(index - 1) },
      ),
      'more than 24 levels',
    ],
  ])('refuses %s', (_what, bases, message) => {
    expect(findSyncIssues(bases).map((issue) => issue.message)).toContain(message);
  });
});
