import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { LocalAddressFinder } from '../../../../system/call-plane/net/local-address.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

describe('local address towards a peer', () => {
  it('is what the routing of this machine says', () => {
    const finder = new LocalAddressFinder(new FakeClock());
    expect(finder.find('127.0.0.1')).toBe('127.0.0.1');
    expect(finder.find('::1')).toBe('::1');
  });

  it.each(
    Object.values(networkInterfaces())
      .flatMap((interfaces) => interfaces ?? [])
      .filter(({ family }) => family === 'IPv4')
      .map(({ address }) => address),
  )('is our address %s towards itself', (address) => {
    expect(new LocalAddressFinder(new FakeClock()).find(address)).toBe(address);
  });
});
