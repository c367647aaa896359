/** Pure rules of the page Devices. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toDeviceParameters } from '../../../../wms-ui/src/pages/devices/device-filter.ts';
import { findSubnet } from '../../../../wms-ui/src/pages/devices/find-subnet.ts';
import { countChanges, foldDiff } from '../../../../wms-ui/src/pages/devices/fold-diff.ts';
import { parseMacs } from '../../../../wms-ui/src/pages/devices/parse-macs.ts';
import {
  formatMac,
  fullTitleOfDevice,
} from '../../../../wms-ui/src/pages/devices/title-of-device.ts';

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

  test('are written as the label does', () => {
    expect(formatMac('001565aabbcc')).toBe('00:15:65:aa:bb:cc');
    expect(fullTitleOfDevice({ mac: '001565aabbcc' })).toBe('00:15:65:aa:bb:cc');
    expect(fullTitleOfDevice({ mac: '001565aabbcc', comment: 'Hall' })).toBe(
      'Hall (00:15:65:aa:bb:cc)',
    );
  });
});

describe('a difference', () => {
  const line = (change: 'same' | 'removed' | 'added', text = '') => ({ change, text });

  test('keeps two lines around each change and counts the rest', () => {
    const lines = [
      ...Array.from({ length: 5 }, () => line('same')),
      line('removed', 'a'),
      line('added', 'b'),
      ...Array.from({ length: 4 }, () => line('same')),
    ];
    expect(
      foldDiff(lines).map((part) => (part.kind === 'gap' ? part.count : part.line.change)),
    ).toEqual([3, 'same', 'same', 'removed', 'added', 'same', 'same', 2]);
    expect(countChanges(lines)).toBe(2);
  });

  test('loses no line and no change, whatever it is', () => {
    const anyLine = fc.record({
      change: fc.constantFrom('same', 'removed', 'added'),
      text: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        const parts = foldDiff(lines);
        const shown = parts.flatMap((part) => (part.kind === 'line' ? [part.line] : []));
        const left = parts.reduce((sum, part) => sum + (part.kind === 'gap' ? part.count : 0), 0);
        expect(shown.length + left).toBe(lines.length);
        expect(countChanges(shown)).toBe(countChanges(lines));
      }),
    );
  });
});

describe('the subnet of a received address', () => {
  const subnets = [
    { subnet: '10.0.0.0/8', routers: ['10.0.0.1'] },
    { subnet: '10.135.0.0/23', routers: ['10.135.0.1', '10.135.0.2'] },
    { subnet: '192.168.1.0/24' },
  ];

  test.each([
    ['10.135.1.7', { mask: '255.255.254.0', router: '10.135.0.1' }],
    ['10.135.2.7', { mask: '255.0.0.0', router: '10.0.0.1' }],
    ['192.168.1.255', { mask: '255.255.255.0', router: undefined }],
    ['172.16.0.1', undefined],
    ['fe80::1', undefined],
    ['10.0.0.256', undefined],
  ])('%s is %j', (address, found) => {
    expect(findSubnet(subnets, address)).toEqual(found);
  });
});

describe('a filter of the list', () => {
  test.each([
    [{ show: 'waiting' }, { assigned: 'false' }],
    [
      { show: 'exception', group: 'g1' },
      { tftpException: 'true', group: 'g1' },
    ],
    [{ show: '', group: 'g1' }, { group: 'g1' }],
    [{ show: 'invented' }, {}],
  ])('%j asks the API for %j', (filters, parameters) => {
    expect(toDeviceParameters(filters)).toEqual(parameters);
  });
});
