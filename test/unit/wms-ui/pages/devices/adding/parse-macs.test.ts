import { describe, expect, test } from 'vitest';
import { parseMacs } from '../../../../../../wms-ui/src/pages/devices/adding/parse-macs.ts';

describe('MAC addresses in a text', () => {
  test.each([
    ['00:15:65:AA:BB:01', ['001565aabb01'], []],
    [
      '0015.65aa.bb01, 00-15-65-aa-bb-02\n001565AABB03;',
      ['001565aabb01', '001565aabb02', '001565aabb03'],
      [],
    ],
    ['001565aabb01 00:15:65:aa:bb:01', ['001565aabb01'], []],
    ['001565aabb0 phone', [], ['001565aabb0', 'phone']],
    ['  ', [], []],
  ])('%j', (text, macs, wrong) => {
    expect(parseMacs(text)).toEqual({ macs, wrong });
  });
});
