import { describe, expect, test } from 'vitest';
import { toDeviceParameters } from '../../../../../wms-ui/src/pages/devices/device-filter.ts';

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
