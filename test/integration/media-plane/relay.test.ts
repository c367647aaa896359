/** The native relay with real sockets on the loopback. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { MediaEndpoint } from '../../../system/media-plane/media.ts';
import { NativeMediaPlane } from '../../../system/media-plane/native-media-plane.ts';
import { chooseRtpRange } from '../../support/daemon/free-ports.ts';
import { createRtpPacket, parseRtpPacket } from '../../support/media-plane/rtp-packet.ts';
import { RtpPhone } from '../../support/media-plane/rtp-phone.ts';

let plane: NativeMediaPlane;
const phones: RtpPhone[] = [];

beforeEach(() => {
  const { rtpPortMin, rtpPortMax } = chooseRtpRange();
  plane = new NativeMediaPlane({ portRange: { from: rtpPortMin, to: rtpPortMax } });
});

afterEach(() => {
  plane.close();
  phones.splice(0).forEach((phone) => {
    phone.close();
  });
});

async function openPhone(address?: string): Promise<RtpPhone> {
  const phone = await RtpPhone.open(address);
  phones.push(phone);
  return phone;
}

function endpointFor(phone: RtpPhone): MediaEndpoint {
  const endpoint = plane.createEndpoint({ localAddress: phone.address });
  endpoint.setRemote(phone.media);
  return endpoint;
}

async function openCall(address?: string) {
  const [alice, bob] = [await openPhone(address), await openPhone(address)];
  const [toAlice, toBob] = [endpointFor(alice), endpointFor(bob)];
  toAlice.join(toBob);
  return { alice, bob, toAlice, toBob };
}

const random = (length: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, n) => (n * 73 + 11) & 0xff));

describe.each(['127.0.0.1', '::1'])('a relayed call on %s', (address) => {
  it('passes RTP both ways, bit by bit', async () => {
    const { alice, bob, toAlice, toBob } = await openCall(address);

    for (let sequence = 65_530; sequence < 65_545; sequence++) {
      const fromAlice = createRtpPacket({ ssrc: 7, sequence, payload: random(160) });
      const fromBob = createRtpPacket({ ssrc: 8, sequence, payload: random(33), payloadType: 96 });
      alice.sendRtp(fromAlice, toAlice);
      expect(await bob.rtp.next()).toEqual(fromAlice);
      bob.sendRtp(fromBob, toBob);
      expect(await alice.rtp.next()).toEqual(fromBob);
    }
  });

  it('counts packets, bytes and loss of each leg', async () => {
    const { alice, bob, toAlice, toBob } = await openCall(address);

    for (const sequence of [1, 2, 5, 6]) {
      alice.sendRtp(createRtpPacket({ sequence, payloadType: 8 }), toAlice);
      await bob.rtp.next();
    }

    expect(toAlice.statistics()).toMatchObject({
      packetsReceived: 4,
      bytesReceived: 4 * 172,
      packetsLost: 2,
      payloadType: 8,
      packetsSent: 0,
    });
    expect(toAlice.statistics().silentForMs).toBeLessThan(1000);
    await expect
      .poll(() => toBob.statistics())
      .toMatchObject({
        packetsSent: 4,
        bytesSent: 4 * 172,
        packetsReceived: 0,
        packetsLost: undefined,
        jitterMs: undefined,
        mos: undefined,
        silentForMs: undefined,
      });
    expect(toAlice.close()).toMatchObject({ packetsReceived: 4, packetsLost: 2 });
    expect(toAlice.close()).toMatchObject({ packetsReceived: 4, packetsLost: 2 });
  });

  it.each([
    ['a key', 101, 4],
    ['comfort noise', 13, 1],
  ])('knows the codec and the quality when the last packet is %s', async (_, payloadType, size) => {
    const { alice, bob, toAlice } = await openCall(address);
    alice.sendRtp(createRtpPacket({ sequence: 1, payloadType: 8 }), toAlice);
    await bob.rtp.next();

    alice.sendRtp(createRtpPacket({ sequence: 2, payloadType, payload: random(size) }), toAlice);
    await bob.rtp.next();

    const statistics = toAlice.statistics();
    expect(statistics).toMatchObject({ packetsReceived: 2, payloadType: 8 });
    expect(statistics.mos).toBeGreaterThan(4);
  });
});

describe('many packets', () => {
  it('that wait together pass on in order, however many they are', async () => {
    const { alice, bob, toAlice } = await openCall();

    for (let sequence = 1; sequence <= 150; sequence++) {
      alice.sendRtp(createRtpPacket({ sequence }), toAlice);
    }

    for (let sequence = 1; sequence <= 150; sequence++) {
      expect(parseRtpPacket(await bob.rtp.next()).sequence).toBe(sequence);
    }
  });

  it('of steady streams, thousands a second, pass on in order, those before their time included', async () => {
    const calls = await Promise.all(Array.from({ length: 30 }, () => openCall()));
    const ticks = 150;
    const send = (sequence: number): void => {
      for (const { alice, toAlice } of calls) {
        alice.sendRtp(createRtpPacket({ sequence, timestamp: 80 * sequence }), toAlice);
      }
    };
    let tick = 0;
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        tick += 1;
        // Once in a while a packet comes together with the one before it.
        if (tick % 40 !== 0) {
          send(tick);
        }
        if (tick % 40 === 39) {
          send(tick + 1);
        }
        if (tick === ticks) {
          clearInterval(timer);
          resolve();
        }
      }, 10);
    });

    const all = Array.from({ length: ticks }, (_, n) => n + 1);
    for (const { bob } of calls) {
      await expect
        .poll(() => bob.rtp.received.map((packet) => parseRtpPacket(packet).sequence))
        .toEqual(all);
    }
  });
});

describe('the source of an endpoint', () => {
  it('is learned from the first packets and locked: strangers are neither heard nor sent to', async () => {
    const { alice, bob, toAlice, toBob } = await openCall();
    const stranger = await openPhone();
    alice.sendRtp(createRtpPacket({ sequence: 1, ssrc: 7 }), toAlice);
    await bob.rtp.next();

    stranger.sendRtp(createRtpPacket({ sequence: 2, ssrc: 666 }), toAlice);
    stranger.sendRtp(createRtpPacket({ sequence: 3, ssrc: 666 }), toAlice);
    alice.sendRtp(createRtpPacket({ sequence: 2, ssrc: 7 }), toAlice);
    bob.sendRtp(createRtpPacket({ sequence: 1, ssrc: 8 }), toBob);

    expect(parseRtpPacket(await bob.rtp.next()).ssrc).toBe(7);
    expect(parseRtpPacket(await alice.rtp.next()).ssrc).toBe(8);
    expect(stranger.rtp.received).toEqual([]);
    expect(toAlice.statistics().packetsReceived).toBe(2);
  });

  it('is learned anew when the remote side is signalled again', async () => {
    const { alice, bob, toAlice } = await openCall();
    alice.sendRtp(createRtpPacket({ sequence: 1, ssrc: 7 }), toAlice);
    await bob.rtp.next();
    const moved = await openPhone();

    toAlice.setRemote(moved.media);
    let sequence = 0;
    await expect
      .poll(() => {
        // What comes before the packet thread knows is dropped.
        sequence += 1;
        moved.sendRtp(createRtpPacket({ sequence, ssrc: 9 }), toAlice);
        return bob.rtp.received.length;
      })
      .toBeGreaterThan(1);

    expect(parseRtpPacket(await bob.rtp.next())).toMatchObject({ ssrc: 7, sequence: 2 });
    await expect.poll(() => toAlice.statistics().packetsReceived).toBe(bob.rtp.received.length);
  });

  it('may close its port for a while and is heard and sent to afterwards', async () => {
    const { alice, bob, toAlice, toBob } = await openCall();
    alice.sendRtp(createRtpPacket({ sequence: 1, ssrc: 7 }), toAlice);
    await bob.rtp.next();
    await alice.closeRtp();
    // The kernel answers the first for the closed port, and the sender hears of it with the second.
    for (let sequence = 1; sequence <= 4; sequence++) {
      bob.sendRtp(createRtpPacket({ sequence, ssrc: 8 }), toBob);
      await expect.poll(() => toBob.statistics().packetsReceived).toBe(sequence);
    }

    await alice.reopenRtp();
    bob.sendRtp(createRtpPacket({ sequence: 5, ssrc: 8 }), toBob);
    expect(parseRtpPacket(await alice.rtp.next()).sequence).toBe(5);
    alice.sendRtp(createRtpPacket({ sequence: 2, ssrc: 7 }), toAlice);
    expect(parseRtpPacket(await bob.rtp.next()).sequence).toBe(2);
  });

  it('is where packets go once it was learned, though another port was signalled', async () => {
    const { alice, bob, toAlice, toBob } = await openCall();
    const signalledOnly = await openPhone();
    toAlice.setRemote(signalledOnly.media);
    bob.sendRtp(createRtpPacket({ sequence: 1, ssrc: 8 }), toBob);
    await signalledOnly.rtp.next();

    alice.sendRtp(createRtpPacket({ sequence: 1, ssrc: 7 }), toAlice);
    alice.sendRtp(createRtpPacket({ sequence: 2, ssrc: 7 }), toAlice);
    expect(parseRtpPacket(await bob.rtp.next()).sequence).toBe(2);
    bob.sendRtp(createRtpPacket({ sequence: 2, ssrc: 8 }), toBob);

    expect(parseRtpPacket(await alice.rtp.next()).sequence).toBe(2);
    expect(signalledOnly.rtp.received).toHaveLength(1);
  });

  it('is nobody before the remote side is signalled', async () => {
    const [alice, bob] = [await openPhone(), await openPhone()];
    const toAlice = plane.createEndpoint({ localAddress: '127.0.0.1' });
    const toBob = endpointFor(bob);
    toAlice.join(toBob);
    alice.sendRtp(createRtpPacket({ sequence: 1, ssrc: 666 }), toAlice);
    await expect.poll(() => toAlice.statistics().packetsFromStrangers).toBe(1);

    toAlice.setRemote(alice.media);
    alice.sendRtp(createRtpPacket({ sequence: 2, ssrc: 7 }), toAlice);

    expect(parseRtpPacket(await bob.rtp.next()).ssrc).toBe(7);
  });

  it.each(['phone.example', '239.1.2.3', '255.255.255.255', 'ff02::1', ''])(
    'cannot be signalled as "%s"',
    async (address) => {
      const { toAlice } = await openCall();

      expect(() => {
        toAlice.setRemote({ address, rtpPort: 4000, rtcpPort: 4001 });
      }).toThrow(expect.objectContaining({ code: 'bad-address' }));
    },
  );
});

describe('hold', () => {
  it('keeps back what the direction forbids, and lets the phone see no loss after it', async () => {
    const { alice, bob, toAlice, toBob } = await openCall();
    alice.sendRtp(createRtpPacket({ sequence: 1, timestamp: 160 }), toAlice);
    await bob.rtp.next();

    toBob.setDirection({ sends: false, receives: true });
    alice.sendRtp(createRtpPacket({ sequence: 2, timestamp: 320 }), toAlice);
    await expect.poll(() => toAlice.statistics().packetsReceived).toBe(2);
    toBob.setDirection({ sends: true, receives: true });
    toAlice.setDirection({ sends: true, receives: false });
    alice.sendRtp(createRtpPacket({ sequence: 3, timestamp: 480 }), toAlice);
    await expect.poll(() => toAlice.statistics().packetsReceived).toBe(3);
    toAlice.setDirection({ sends: true, receives: true });
    alice.sendRtp(createRtpPacket({ sequence: 4, timestamp: 640 }), toAlice);

    expect(parseRtpPacket(await bob.rtp.next())).toMatchObject({
      sequence: 2,
      timestamp: 640,
      marker: true,
    });
    expect(toAlice.statistics().packetsLost).toBe(0);
  });

  it('by the address 0.0.0.0 stops sending and keeps the learned source', async () => {
    const { alice, bob, toAlice, toBob } = await openCall();
    alice.sendRtp(createRtpPacket({ sequence: 1, ssrc: 7 }), toAlice);
    await bob.rtp.next();

    toAlice.setRemote({ address: '0.0.0.0', rtpPort: 4000, rtcpPort: undefined });
    bob.sendRtp(createRtpPacket({ sequence: 1, ssrc: 8 }), toBob);
    await expect.poll(() => toBob.statistics().packetsReceived).toBe(1);
    toAlice.setRemote(alice.media);
    bob.sendRtp(createRtpPacket({ sequence: 2, ssrc: 8 }), toBob);

    expect(parseRtpPacket(await alice.rtp.next()).sequence).toBe(2);
  });
});

describe('joining', () => {
  it('carries on the stream of a phone that is joined with another', async () => {
    const { alice, bob, toAlice, toBob } = await openCall();
    const carol = await openPhone();
    const toCarol = endpointFor(carol);
    bob.sendRtp(createRtpPacket({ sequence: 500, timestamp: 80_000, ssrc: 8 }), toBob);
    await alice.rtp.next();

    toAlice.join(toCarol);
    bob.sendRtp(createRtpPacket({ sequence: 501, timestamp: 80_160, ssrc: 8 }), toBob);
    await expect.poll(() => toBob.statistics().packetsReceived).toBe(2);
    carol.sendRtp(createRtpPacket({ sequence: 9, timestamp: 5, ssrc: 9 }), toCarol);
    carol.sendRtp(createRtpPacket({ sequence: 10, timestamp: 165, ssrc: 9 }), toCarol);

    const first = parseRtpPacket(await alice.rtp.next());
    const second = parseRtpPacket(await alice.rtp.next());
    expect(first).toMatchObject({ ssrc: 8, sequence: 501, marker: true });
    expect(first.timestamp).toBeGreaterThanOrEqual(80_160);
    expect(second).toMatchObject({ ssrc: 8, sequence: 502, marker: false });
    expect(second.timestamp).toBe(first.timestamp + 160);
  });

  it('ends with detach and with the end of either endpoint', async () => {
    const { alice, bob, toAlice, toBob } = await openCall();
    alice.sendRtp(createRtpPacket({ sequence: 1 }), toAlice);
    await bob.rtp.next();

    toAlice.detach();
    alice.sendRtp(createRtpPacket({ sequence: 2 }), toAlice);
    await expect.poll(() => toAlice.statistics().packetsReceived).toBe(2);
    toAlice.join(toBob);
    toBob.close();
    alice.sendRtp(createRtpPacket({ sequence: 3 }), toAlice);
    await expect.poll(() => toAlice.statistics().packetsReceived).toBe(3);

    expect(bob.rtp.received).toHaveLength(1);
  });

  it('rewrites payload types to those of the other side, others as they are', async () => {
    const { alice, bob, toAlice } = await openCall();
    toAlice.setPayloadTypes(new Map([[101, 96]]));

    alice.sendRtp(createRtpPacket({ sequence: 1, payloadType: 101, marker: true }), toAlice);
    alice.sendRtp(createRtpPacket({ sequence: 2, payloadType: 8 }), toAlice);

    expect(parseRtpPacket(await bob.rtp.next())).toMatchObject({ payloadType: 96, marker: true });
    expect(parseRtpPacket(await bob.rtp.next())).toMatchObject({ payloadType: 8, marker: false });
    expect(toAlice.statistics().payloadType).toBe(8);
  });
});

describe('hostile packets', () => {
  it('on both ports do no harm', async () => {
    const { alice, bob, toAlice, toBob } = await openCall();
    alice.sendRtp(createRtpPacket({ sequence: 1 }), toAlice);
    await bob.rtp.next();

    let sequence = 1;
    let seed = 1;
    const garbage = (length: number): Buffer =>
      Buffer.from(
        Array.from({ length }, () => {
          seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
          return seed >>> 24;
        }),
      );
    for (let n = 0; n < 2000; n++) {
      const packet = garbage(n % 97 === 0 ? 60_000 : n % 200);
      // Half of it looks like RTP or RTCP at first sight.
      if (packet.length > 1 && n % 2 === 0) {
        packet[0] = 0x80 | ((packet[0] ?? 0) & 0x3f);
        packet[1] = 200 + (n % 8);
      }
      alice.sendRtcp(packet, toAlice);
      packet[1] = (packet[1] ?? 0) & 0x7f;
      packet[0] = 0;
      alice.sendRtp(packet, toAlice);
      // What is heard in between was behind the garbage, and the next fits into the socket's memory.
      if (n % 20 === 19) {
        sequence += 1;
        alice.sendRtp(createRtpPacket({ sequence }), toAlice);
        expect(parseRtpPacket(await bob.rtp.next())).toMatchObject({ sequence });
      }
    }
    expect(toAlice.statistics()).toMatchObject({ packetsReceived: sequence, packetsLost: 0 });
    expect(toBob.statistics().packetsReceived).toBe(0);
  });

  it('of the phone itself pass on or die without harm', async () => {
    const { alice, bob, toAlice } = await openCall();
    for (const cut of [0, 1, 11, 12, 13]) {
      alice.sendRtp(createRtpPacket({ sequence: cut }).subarray(0, cut), toAlice);
    }
    alice.sendRtp(createRtpPacket({ sequence: 14, payload: Buffer.alloc(3000) }), toAlice);
    alice.sendRtp(createRtpPacket({ sequence: 15 }), toAlice);

    expect(await bob.rtp.next()).toHaveLength(12);
    expect(await bob.rtp.next()).toHaveLength(13);
    expect(parseRtpPacket(await bob.rtp.next()).sequence).toBe(15);
  });

  it('towards a port where nobody listens do not stop the call', async () => {
    const { alice, bob, toAlice, toBob } = await openCall();
    const gone = await RtpPhone.open();
    const goneMedia = gone.media;
    gone.close();
    toBob.setRemote(goneMedia);
    for (let sequence = 1; sequence <= 20; sequence++) {
      alice.sendRtp(createRtpPacket({ sequence }), toAlice);
    }
    await expect.poll(() => toAlice.statistics().packetsReceived).toBe(20);

    toBob.setRemote(bob.media);
    alice.sendRtp(createRtpPacket({ sequence: 21 }), toAlice);

    expect(parseRtpPacket(await bob.rtp.next()).sequence).toBe(21);
  });
});
