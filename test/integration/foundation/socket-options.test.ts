import { execFileSync } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { setSocketOptions } from '../../../system/foundation/socket-options.ts';
import { NativeMediaPlane } from '../../../system/media-plane/native-media-plane.ts';
import { chooseRtpRange } from '../../support/free-ports.ts';

describe('socket options', () => {
  it('are refused with the code of the system where the descriptor is no socket', () => {
    const fd = openSync('/dev/null', 'r');

    expect(() => {
      setSocketOptions(fd, { dscp: 46 });
    }).toThrow(expect.objectContaining({ code: 'ENOTSOCK' }));
    closeSync(fd);
    expect(() => {
      setSocketOptions(fd, { dscp: 64 });
    }).toThrow(RangeError);
  });

  it('mark media packets for expedited forwarding', () => {
    const { rtpPortMin, rtpPortMax } = chooseRtpRange();
    const plane = new NativeMediaPlane({ portRange: { from: rtpPortMin, to: rtpPortMax } });
    const { rtpPort } = plane.createEndpoint({ localAddress: '127.0.0.1' });

    // `ss` shows the type of service of a socket: 46 << 2.
    const listed = execFileSync('/usr/bin/ss', ['-uan', '--tos', `sport = :${String(rtpPort)}`], {
      encoding: 'utf8',
    });
    plane.close();

    expect(listed).toContain('tos:0xb8');
  });
});
