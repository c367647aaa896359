/** The ports of the media plane: a range, shared fairly, and given back on every path. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

import { afterEach, describe, expect, it } from 'vitest';

import type { MediaEndpoint } from '../../../system/media-plane/media.ts';
import { NativeMediaPlane } from '../../../system/media-plane/native-media-plane.ts';
import { chooseRtpRange } from '../../support/daemon/free-ports.ts';
import { createRtpPacket } from '../../support/media-plane/rtp-packet.ts';
import { RtpPhone } from '../../support/media-plane/rtp-phone.ts';

const planes: NativeMediaPlane[] = [];

function openPlane(size: number, quarantineMs = 2000): NativeMediaPlane {
  const { rtpPortMin: from } = chooseRtpRange(size + 2);
  const plane = new NativeMediaPlane({ portRange: { from, to: from + size - 1 }, quarantineMs });
  planes.push(plane);
  return plane;
}

afterEach(() => {
  planes.splice(0).forEach((plane) => {
    plane.close();
  });
});

const open = (plane: NativeMediaPlane): MediaEndpoint =>
  plane.createEndpoint({ localAddress: '127.0.0.1' });

const noPorts: unknown = expect.objectContaining({ name: 'MediaError', code: 'no-ports' });

describe('media ports', () => {
  it('[SIP-024] come from the configured range, even for RTP, each pair once', () => {
    const plane = openPlane(40);
    const endpoints: MediaEndpoint[] = [];
    expect(() => {
      for (;;) {
        endpoints.push(open(plane));
      }
    }).toThrow(noPorts);

    const ports = endpoints.map(({ rtpPort }) => rtpPort);
    expect(ports.length).toBeGreaterThanOrEqual(15);
    expect(new Set(ports).size).toBe(ports.length);
    expect(ports.every((port) => port % 2 === 0)).toBe(true);
    expect(Math.max(...ports) - Math.min(...ports)).toBeLessThan(40);
    expect(plane.portUsage()).toEqual({ used: 2 * ports.length, total: 40 });

    endpoints.forEach((endpoint) => endpoint.close());
    expect(plane.portUsage()).toEqual({ used: 0, total: 40 });
    expect(open(plane).rtpPort).toBeGreaterThan(0);
  });

  it('are all free again after 2,000 endpoints, also where one is closed twice', () => {
    const plane = openPlane(100);

    for (let n = 0; n < 2000; n++) {
      const [first, second] = [open(plane), open(plane)];
      first.join(second);
      if (n % 3 === 0) {
        first.attach('echo', 'PCMU', 0);
      }
      first.close();
      first.close();
      second.close();
    }

    expect(plane.portUsage().used).toBe(0);
  });

  it('rest before they are used again, while others are free', () => {
    const plane = openPlane(200);
    const seen = new Set<number>();

    for (let n = 0; n < 50; n++) {
      const endpoint = open(plane);
      seen.add(endpoint.rtpPort);
      endpoint.close();
    }

    expect(seen.size).toBe(50);
  });

  it('do not begin with the lowest, nor go up one by one', () => {
    const plane = openPlane(400);

    const ports = Array.from({ length: 20 }, () => open(plane).rtpPort);

    expect([...ports].sort((a, b) => a - b)).not.toEqual(ports);
  });

  it('that other programs have are passed over', async () => {
    const plane = openPlane(60);
    const known = Array.from({ length: 5 }, () => open(plane)).map((endpoint) => endpoint.rtpPort);
    const from = (Math.min(...known) >> 1) << 1;
    const other = createSocket('udp4');
    const candidates = Array.from({ length: 20 }, (_, n) => from + 2 * n + 1);
    const free = candidates.find((port) => !known.includes(port - 1)) ?? 0;
    other.bind(free, '127.0.0.1');
    await once(other, 'listening');

    const ports: number[] = [];
    expect(() => {
      for (;;) {
        ports.push(open(plane).rtpPort);
      }
    }).toThrow(noPorts);

    expect(ports).not.toContain(other.address().port - 1);
    expect(ports.length).toBeGreaterThan(10);
    other.close();
  });

  it('carry nothing of the former call into the next', async () => {
    const plane = openPlane(2, 0);
    const [old, next] = [await RtpPhone.open(), await RtpPhone.open()];
    const first = open(plane);
    first.setRemote(old.media);
    old.sendRtp(createRtpPacket({ sequence: 1 }), first);
    await expect.poll(() => first.statistics().packetsReceived).toBe(1);
    first.close();

    const second = open(plane);
    expect(second.rtpPort).toBe(first.rtpPort);
    expect(second.statistics()).toMatchObject({ packetsReceived: 0, silentForMs: undefined });
    second.setRemote(next.media);
    next.sendRtp(createRtpPacket({ sequence: 1 }), second);
    await expect.poll(() => second.statistics().packetsReceived).toBe(1);
    old.sendRtp(createRtpPacket({ sequence: 2 }), second);

    // The handle of the first is stale: it reaches nobody.
    first.setDirection({ sends: false, receives: false });
    first.setRemote(old.media);
    first.detach();
    expect(first.close()).toMatchObject({ packetsReceived: 1 });
    next.sendRtp(createRtpPacket({ sequence: 2 }), second);
    await expect.poll(() => second.statistics().packetsReceived).toBe(2);
    old.close();
    next.close();
  });

  it('are free for other programs when the plane is closed', async () => {
    const plane = openPlane(40);
    const { rtpPort } = open(plane);
    plane.close();
    plane.close();

    const other = createSocket('udp4');
    other.bind(rtpPort, '127.0.0.1');
    await once(other, 'listening');
    expect(other.address().port).toBe(rtpPort);
    other.close();
    expect(() => open(plane)).toThrow(
      expect.objectContaining({ name: 'MediaError', code: 'unavailable' }),
    );
  });

  it.each(['192.0.2.77', '2001:db8::77', 'localhost', '0.0.0.0', '::', ''])(
    'are refused with bad-address on "%s", which is no address of ours',
    (localAddress) => {
      const plane = openPlane(40);

      expect(() => plane.createEndpoint({ localAddress })).toThrow(
        expect.objectContaining({ name: 'MediaError', code: 'bad-address' }),
      );
      expect(plane.portUsage()).toEqual({ used: 0, total: 40 });
    },
  );

  it.each([
    [0, 100],
    [40_000, 40_000],
    [40_001, 40_002],
    [40_000, 70_000],
    [1.5, 9000],
  ])('cannot be a range from %f to %f', (from, to) => {
    expect(() => new NativeMediaPlane({ portRange: { from, to } })).toThrow(RangeError);
  });
});
