import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scopeLevels } from '../../../../provisioning/scope/origin.ts';
import { resolveScopes, type Scope } from '../../../../provisioning/scope/resolve-scopes.ts';

const names = ['a', 'b', 'c', '__proto__', 'constructor'];
const scope = fc.record({
  level: fc.constantFrom(...scopeLevels),
  name: fc.constantFrom('x', 'y'),
  values: fc
    .array(fc.tuple(fc.constantFrom(...names), fc.oneof(fc.integer(), fc.constant(null))))
    .map((entries) => {
      const values: Record<string, number | null> = Object.create(null) as Record<
        string,
        number | null
      >;
      for (const [name, value] of entries) {
        values[name] = value;
      }
      return values;
    }),
});

describe('resolveScopes', () => {
  it('takes every value from the last scope that names it, whatever order the levels come in', () => {
    fc.assert(
      fc.property(fc.array(scope), (scopes: Scope[]) => {
        const resolved = resolveScopes(scopes);
        const ordered = scopes
          .map((entry, index) => ({ entry, rank: scopeLevels.indexOf(entry.level), index }))
          .sort((a, b) => a.rank - b.rank || a.index - b.index);
        for (const name of names) {
          const giver = ordered.findLast(({ entry }) => Object.hasOwn(entry.values, name))?.entry;
          expect(resolved.get(name)).toEqual(
            giver === undefined
              ? undefined
              : {
                  value: giver.values[name] ?? undefined,
                  origin: { source: giver.level, name: giver.name },
                },
          );
        }
      }),
    );
  });

  it('[DEV-045] lets a device override its group, and null take away what the group gave', () => {
    const resolved = resolveScopes([
      { level: 'device', name: 'mac', values: { zone: 'Europe/Rome', code: null } },
      { level: 'group', name: 'hotel', values: { zone: 'Asia/Tokyo', code: '*8', lamp: true } },
    ]);
    expect(resolved.get('zone')).toEqual({
      value: 'Europe/Rome',
      origin: { source: 'device', name: 'mac' },
    });
    expect(resolved.get('code')?.value).toBeUndefined();
    expect(resolved.get('lamp')?.origin).toEqual({ source: 'group', name: 'hotel' });
  });
});
