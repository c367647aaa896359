import { describe, expect, test } from 'vitest';
import { toInstants } from '../../../../wms-ui/src/lib/state/period.ts';

describe('[DIAG-003] the days of the filter', () => {
  test('are both included, from midnight to midnight of this time zone', () => {
    const { from, to } = toInstants({ from: '2026-03-01', to: '2026-03-01' });
    expect(from).toBe(new Date(2026, 2, 1).toISOString());
    expect(to).toBe(new Date(2026, 2, 2).toISOString());
  });

  test.each(['', 'yesterday', '2026-3-1', '01/03/2026'])('%j is no day', (day) => {
    expect(toInstants({ from: day, to: day })).toEqual({ from: undefined, to: undefined });
  });
});
