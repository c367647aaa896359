/** Endpoints that end in the PBX: host, worker and packet thread together, heard over real sockets. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { systemClock } from '../../../system/foundation/clock.ts';
import { silentLogger } from '../../../system/foundation/logger.ts';
import { pcma } from '../../../system/media-plane/codecs/pcma.ts';
import { pcmu } from '../../../system/media-plane/codecs/pcmu.ts';
import type { MediaEndpoint } from '../../../system/media-plane/media.ts';
import { MediaPlaneHost } from '../../../system/media-plane/media-host.ts';
import { chooseRtpRange } from '../../support/daemon/free-ports.ts';
import { createReceiverReport, parseCompound } from '../../support/media-plane/rtcp-packet.ts';
import {
  createRtpPacket,
  parseRtpPacket,
  type RtpPacket,
} from '../../support/media-plane/rtp-packet.ts';
import { RtpPhone } from '../../support/media-plane/rtp-phone.ts';
import { measureLevelDbm0, measureTone } from '../../support/media-plane/tone.ts';

let host: MediaPlaneHost;
let phone: RtpPhone;
let endpoint: MediaEndpoint;

beforeEach(async () => {
  const { rtpPortMin, rtpPortMax } = chooseRtpRange();
  host = new MediaPlaneHost({
    portRange: { from: rtpPortMin, to: rtpPortMax },
    clock: systemClock,
    logger: silentLogger,
  });
  host.start();
  phone = await RtpPhone.open();
  endpoint = host.plane.createEndpoint({ localAddress: '127.0.0.1' });
  endpoint.setRemote(phone.media);
});

afterEach(async () => {
  await host.close();
  phone.close();
});

async function listen(count: number): Promise<RtpPacket[]> {
  const packets: RtpPacket[] = [];
  while (packets.length < count) {
    packets.push(parseRtpPacket(await phone.rtp.next()));
  }
  return packets;
}

/** Packets of 20 ms in real time, until stopped. A late timer is made good: the clock must not drift. */
function speak(createPayload: (n: number) => Buffer, payloadType: number): () => void {
  const startedAt = performance.now();
  let n = 0;
  const timer = setInterval(() => {
    for (; n * 20 <= performance.now() - startedAt; n++) {
      const packet = { sequence: n, timestamp: n * 160, ssrc: 7, payloadType };
      phone.sendRtp(createRtpPacket({ ...packet, payload: createPayload(n) }), endpoint);
    }
  }, 10);
  return () => {
    clearInterval(timer);
  };
}

describe.each([
  ['PCMU', pcmu, 0],
  ['PCMA', pcma, 8],
] as const)('in %s', (name, codec, payloadType) => {
  it('milliwatt is 1004 Hz at 0 dBm0 in one stream of 20 ms packets', async () => {
    endpoint.attach('milliwatt', name, payloadType);

    const packets = await listen(50);

    const [first] = packets;
    packets.forEach((packet, n) => {
      expect(packet).toMatchObject({
        payloadType,
        ssrc: first?.ssrc,
        sequence: ((first?.sequence ?? 0) + n) & 0xffff,
        marker: n === 0,
      });
    });
    const codes = Buffer.concat(packets.map(({ payload }) => payload));
    const samples = Int16Array.from(codes, (code) => codec.decode(code));
    expect(samples).toHaveLength(8000);
    expect(measureTone({ sampleRateHz: 8000, samples }, 1004)).toBeGreaterThan(0.99);
    expect(Math.abs(measureLevelDbm0(samples, codec.sinePeakAt0Dbm0))).toBeLessThan(0.1);
  });

  it('echo returns the tone it hears', async () => {
    const tone = (n: number): Buffer =>
      Buffer.from(
        Array.from({ length: 160 }, (_, k) =>
          codec.encode(Math.round(8000 * Math.sin((2 * Math.PI * 440 * (n * 160 + k)) / 8000))),
        ),
      );
    endpoint.attach('echo', name, payloadType);
    const stop = speak(tone, payloadType);

    // A busy machine may miss ticks: what counts is that frames of the tone come back, not all.
    let framesOfTone = 0;
    while (framesOfTone < 25) {
      const [packet] = await listen(1);
      const samples = Int16Array.from(packet?.payload ?? [], (code) => codec.decode(code));
      framesOfTone += measureTone({ sampleRateHz: 8000, samples }, 440) > 0.9 ? 1 : 0;
    }
    stop();
  });
});

describe('an endpoint that ends in the PBX', () => {
  it('takes a marker and the next sequence number after hold', async () => {
    endpoint.attach('milliwatt', 'PCMU', 0);
    const last = (await listen(5)).at(-1);
    endpoint.setDirection({ sends: false, receives: true });
    const pausedAt = performance.now();
    await expect.poll(() => performance.now() - pausedAt).toBeGreaterThan(100);
    const before = phone.rtp.received.length;
    endpoint.setDirection({ sends: true, receives: true });

    const resumed = await listen(before - 5 + 2);

    const first = resumed.find((packet) => packet.marker);
    expect(first?.ssrc).toBe(last?.ssrc);
    const sequences = phone.rtp.received.map((packet) => parseRtpPacket(packet).sequence);
    sequences.slice(1).forEach((sequence, n) => {
      expect(sequence).toBe(((sequences[n] ?? 0) + 1) & 0xffff);
    });
  });

  it('sends reports of its own, and reads the round trip from the answer', async () => {
    endpoint.attach('echo', 'PCMU', 0);
    const stop = speak(() => Buffer.alloc(160, 0xff), 0);
    const [report, description] = parseCompound(await phone.rtcp.next());
    stop();
    const { ssrc } = parseRtpPacket(await phone.rtp.next());

    expect(report).toMatchObject({ type: 'SR', ssrc });
    expect(report?.packetCount).toBeGreaterThan(50);
    expect(report?.blocks[0]).toMatchObject({ ssrc: 7, cumulativeLost: 0, lastSenderReport: 0 });
    expect(description).toMatchObject({ type: 'SDES', ssrc });

    phone.sendRtcp(
      createReceiverReport(7, [
        {
          ssrc,
          fractionLost: 0,
          cumulativeLost: 3,
          highestSequence: 0,
          jitterTicks: 16,
          lastSenderReport: report?.middleOfNtp ?? 0,
          delaySinceLastSenderReport: 0,
        },
      ]),
      endpoint,
    );
    await expect
      .poll(() => endpoint.statistics())
      .toMatchObject({
        remotePacketsLost: 3,
        remoteJitterMs: 2,
      });
    expect(endpoint.statistics().roundTripMs).toBeLessThan(200);
  });

  it('falls silent when detached, and no tick runs for nobody', async () => {
    endpoint.attach('milliwatt', 'PCMU', 0);
    await listen(3);

    endpoint.detach();

    await expect.poll(() => host.health().figures.servicePorts).toBe(0);
  });
});

describe('the media worker', () => {
  it('is replaced without touching relayed calls, and services sound again', async () => {
    const [alice, bob] = [await RtpPhone.open(), await RtpPhone.open()];
    const toAlice = host.plane.createEndpoint({ localAddress: '127.0.0.1' });
    const toBob = host.plane.createEndpoint({ localAddress: '127.0.0.1' });
    toAlice.setRemote(alice.media);
    toBob.setRemote(bob.media);
    toAlice.join(toBob);
    endpoint.attach('milliwatt', 'PCMU', 0);
    await listen(3);

    const restarting = host.restartWorker();
    for (let sequence = 0; sequence < 100; sequence++) {
      alice.sendRtp(createRtpPacket({ sequence }), toAlice);
      expect(parseRtpPacket(await bob.rtp.next()).sequence).toBe(sequence);
    }
    await restarting;

    expect(host.health()).toMatchObject({ state: 'running', restarts: 1 });
    const before = phone.rtp.received.length;
    await expect.poll(() => phone.rtp.received.length).toBeGreaterThan(before + 5);
    alice.close();
    bob.close();
  });

  it('says that it is stopped after close, which may be called twice', async () => {
    await host.close();
    await host.close();

    expect(host.health().state).toBe('stopped');
    expect(() => host.plane).toThrow(expect.objectContaining({ code: 'unavailable' }));
    expect(endpoint.close()).toMatchObject({ packetsReceived: 0, packetsLost: undefined });
  });
});

/** A packet of a telephone-event (RFC 4733 §2.3). */
interface EventPacket {
  readonly event: number;
  readonly timestamp: number;
  readonly duration: number;
  readonly isEnd?: boolean;
  readonly marker?: boolean;
}

/** A key pressed for 80 ms: four packets, then the last one three times. */
function press(event: number, timestamp: number): EventPacket[] {
  const durations = [160, 320, 480, 640, 640, 640];
  return durations.map((duration, n) => ({
    event,
    timestamp,
    duration,
    isEnd: n >= 3,
    marker: n === 0,
  }));
}

const pressFive = press(5, 1_600);
const pressHash = press(11, 4_000);

describe('telephone-events (RFC 4733)', () => {
  it.each<[string, string, readonly EventPacket[]]>([
    ['a key of many packets once', '5', pressFive],
    ['the same key twice', '55', [...pressFive, ...press(5, 4_000)]],
    ['all sixteen keys', '0123456789*#ABCD', keys(16)],
    ['a key of which only the end arrives', '5', pressFive.slice(-1)],
    ['a key whose end is lost', '5#', [...pressFive.slice(0, 2), ...pressHash]],
    [
      'no key again of which a packet is late',
      '5#',
      [...pressHash.slice(0, 1), ...pressFive.slice(3)],
    ],
    [
      'a key held for so long that it goes on in another segment',
      '5',
      [
        { event: 5, timestamp: 0, duration: 0xffff, marker: true },
        { event: 5, timestamp: 0xffff, duration: 160 },
      ],
    ],
    ['no hook flash', '', press(16, 1_600)],
    ['no more than 32 keys that nobody takes', '0123456789*#ABCD'.repeat(2), keys(40)],
  ])('tell of %s', async (what, expected, packets) => {
    endpoint.attach('silence', 'PCMU', 0, { telephoneEvent: 101 });
    await listen(1);
    const sent = what.startsWith('no key again') ? [...pressFive.slice(0, 3), ...packets] : packets;
    sent.forEach((packet, sequence) => {
      const payload = Buffer.alloc(4);
      payload.writeUInt8(packet.event, 0);
      payload.writeUInt8((packet.isEnd === true ? 0x80 : 0) | 10, 1);
      payload.writeUInt16BE(packet.duration, 2);
      const { timestamp, marker = false } = packet;
      const header = { sequence, timestamp, marker, ssrc: 7, payloadType: 101 };
      phone.sendRtp(createRtpPacket({ ...header, payload }), endpoint);
    });
    await expect.poll(() => endpoint.statistics().packetsReceived).toBe(sent.length);

    // Another service in between loses no key.
    endpoint.attach('milliwatt', 'PCMU', 0, { telephoneEvent: 101 });
    await listen(1);
    expect(endpoint.takeDigits()).toBe(expected);
    expect(endpoint.takeDigits()).toBe('');
  });

  it('are no keys where none were agreed on, nor on the port of a leg that is gone', async () => {
    endpoint.attach('silence', 'PCMU', 0);
    await listen(1);
    const payload = Buffer.from([5, 10, 0, 160]);
    phone.sendRtp(createRtpPacket({ payloadType: 101, payload }), endpoint);
    await expect.poll(() => endpoint.statistics().packetsReceived).toBe(1);

    expect(endpoint.takeDigits()).toBe('');
    endpoint.close();
    expect(endpoint.takeDigits()).toBe('');
  });
});

/** So many keys, one after the other. */
function keys(count: number): EventPacket[] {
  return Array.from({ length: count }, (_, n) => press(n % 16, 1_600 * (n + 1))).flat();
}
