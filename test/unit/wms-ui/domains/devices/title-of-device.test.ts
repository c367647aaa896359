import { describe, expect, test } from 'vitest';
import {
  formatMac,
  fullTitleOfDevice,
} from '../../../../../wms-ui/src/domains/devices/title-of-device.ts';

describe('the title of a device', () => {
  test('has the MAC as the label writes it, behind the comment', () => {
    expect(formatMac('001565aabbcc')).toBe('00:15:65:aa:bb:cc');
    expect(fullTitleOfDevice({ mac: '001565aabbcc' })).toBe('00:15:65:aa:bb:cc');
    expect(fullTitleOfDevice({ mac: '001565aabbcc', comment: 'Hall' })).toBe(
      'Hall (00:15:65:aa:bb:cc)',
    );
  });
});
