import { expect, test } from 'vitest';
import { reachableTarget } from '../../../../../system/call-plane/calls/media/media-target.ts';

test.each([
  ['a private address of a phone behind NAT', '10.0.0.2', '198.51.100.1', '198.51.100.1'],
  ['a private IPv6 address of a phone behind NAT', 'fd00::2', '2001:db8::1', '2001:db8::1'],
  ['a public address, of a media server for example', '203.0.113.5', '198.51.100.1', '203.0.113.5'],
  ['a private address named from a private network', '10.0.0.2', '192.168.1.1', '10.0.0.2'],
])('sends audio for %s (%s, messages from %s) to %s', (_what, said, from, expected) => {
  expect(reachableTarget({ address: said, rtpPort: 4000, rtcpPort: 4001 }, from)).toEqual({
    address: expected,
    rtpPort: 4000,
    rtcpPort: 4001,
  });
});
