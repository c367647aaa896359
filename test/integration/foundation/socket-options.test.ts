import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { configureDescriptor } from '../../../system/foundation/socket-descriptor.ts';
import { setSocketOptions } from '../../../system/foundation/socket-options.ts';
import { NativeMediaPlane } from '../../../system/media-plane/native-media-plane.ts';
import { chooseRtpRange } from '../../support/daemon/free-ports.ts';

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

  it('let multicast in beside a bound socket, which hears nothing of it and keeps its port', async () => {
    const sip = createSocket('udp4');
    const group = createSocket({ type: 'udp4', reuseAddr: true });
    const stranger = createSocket('udp4');
    sip.bind(0, '0.0.0.0');
    await once(sip, 'listening');
    const { port } = sip.address();
    configureDescriptor(sip, (descriptor) => {
      setSocketOptions(descriptor, { allowsMulticastBeside: true });
    });
    const heard: string[] = [];
    sip.on('message', (datagram) => heard.push(`sip ${datagram.toString()}`));
    group.on('message', (datagram) => heard.push(`group ${datagram.toString()}`));

    group.bind({ address: '224.0.1.75', port });
    await once(group, 'listening');
    group.addMembership('224.0.1.75', '127.0.0.1');
    stranger.bind(port, '0.0.0.0');
    const [refusal] = (await once(stranger, 'error')) as [NodeJS.ErrnoException];
    const sender = createSocket('udp4');
    sender.bind(0, '127.0.0.1');
    await once(sender, 'listening');
    sender.setMulticastInterface('127.0.0.1');
    sender.send('multicast', port, '224.0.1.75');
    await expect.poll(() => heard).toEqual(['group multicast']);
    sender.send('unicast', port, '127.0.0.1');
    await expect.poll(() => heard).toEqual(['group multicast', 'sip unicast']);

    expect(refusal.code).toBe('EADDRINUSE');
    for (const socket of [sip, group, sender]) {
      socket.close();
    }
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
