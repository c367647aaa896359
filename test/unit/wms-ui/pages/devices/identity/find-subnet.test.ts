import { describe, expect, test } from 'vitest';
import { findSubnet } from '../../../../../../wms-ui/src/pages/devices/identity/find-subnet.ts';

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
