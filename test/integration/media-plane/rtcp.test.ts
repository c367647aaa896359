/** RTCP through the relay: what phones read in it, and what the PBX learns from it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { MediaEndpoint } from '../../../system/media-plane/media.ts';
import { NativeMediaPlane } from '../../../system/media-plane/native-media-plane.ts';
import { chooseRtpRange } from '../../support/daemon/free-ports.ts';
import {
  createBye,
  createDescription,
  createReceiverReport,
  createSenderReport,
  parseCompound,
  type ReportBlock,
} from '../../support/media-plane/rtcp-packet.ts';
import { createRtpPacket, parseRtpPacket } from '../../support/media-plane/rtp-packet.ts';
import { RtpPhone } from '../../support/media-plane/rtp-phone.ts';

let plane: NativeMediaPlane;
let alice: RtpPhone;
let bob: RtpPhone;
let toAlice: MediaEndpoint;
let toBob: MediaEndpoint;

const aliceSsrc = 0xa11ce;
const bobSsrc = 0xb0b;

beforeEach(async () => {
  const { rtpPortMin, rtpPortMax } = chooseRtpRange();
  plane = new NativeMediaPlane({ portRange: { from: rtpPortMin, to: rtpPortMax } });
  [alice, bob] = await Promise.all([RtpPhone.open(), RtpPhone.open()]);
  toAlice = plane.createEndpoint({ localAddress: '127.0.0.1' });
  toBob = plane.createEndpoint({ localAddress: '127.0.0.1' });
  toAlice.setRemote(alice.media);
  toBob.setRemote(bob.media);
  toAlice.join(toBob);
});

afterEach(() => {
  plane.close();
  alice.close();
  bob.close();
});

/** Both phones have sent audio: everybody's SSRC is known. */
async function speak(): Promise<void> {
  alice.sendRtp(createRtpPacket({ ssrc: aliceSsrc, sequence: 100, timestamp: 16_000 }), toAlice);
  bob.sendRtp(createRtpPacket({ ssrc: bobSsrc, sequence: 700, timestamp: 90_000 }), toBob);
  await Promise.all([bob.rtp.next(), alice.rtp.next()]);
}

function senderReport(ssrc: number, timestamp: number, blocks: readonly ReportBlock[] = []) {
  return createSenderReport({
    ssrc,
    ntpSeconds: 0xe0001234,
    ntpFraction: 0x56780000,
    timestamp,
    packetCount: 1,
    octetCount: 160,
    blocks,
  });
}

const middleOfNtp = 0x12345678;

function reportBlock(block: Partial<ReportBlock> & { ssrc: number }): ReportBlock {
  return {
    fractionLost: 0,
    cumulativeLost: 0,
    highestSequence: 0,
    jitterTicks: 0,
    lastSenderReport: 0,
    delaySinceLastSenderReport: 0,
    ...block,
  };
}

describe('RTCP of a relayed call', () => {
  it('passes unchanged while nothing is rewritten', async () => {
    await speak();
    const compound = Buffer.concat([
      senderReport(aliceSsrc, 16_000, [reportBlock({ ssrc: bobSsrc, highestSequence: 700 })]),
      createDescription(aliceSsrc, 'alice@phone'),
    ]);

    alice.sendRtcp(compound, toAlice);

    expect(await bob.rtcp.next()).toEqual(compound);
  });

  it('tells remote loss and jitter, and the round trip between the PBX and the phone', async () => {
    await speak();
    bob.sendRtcp(senderReport(bobSsrc, 90_000), toBob);
    await alice.rtcp.next();
    const heldMs = 60;
    const sentAt = performance.now();
    await expect.poll(() => performance.now() - sentAt, { interval: 5 }).toBeGreaterThan(heldMs);

    const block = reportBlock({
      ssrc: bobSsrc,
      cumulativeLost: 17,
      jitterTicks: 80,
      lastSenderReport: middleOfNtp,
      // The phone claims to have answered 40 ms after the report: the rest is the way.
      delaySinceLastSenderReport: (40 * 65_536) / 1000,
    });
    alice.sendRtcp(createReceiverReport(aliceSsrc, [block]), toAlice);
    await bob.rtcp.next();

    const statistics = toAlice.statistics();
    expect(statistics).toMatchObject({ remotePacketsLost: 17, remoteJitterMs: 10 });
    expect(statistics.roundTripMs).toBeGreaterThanOrEqual(heldMs - 40 - 5);
    expect(statistics.roundTripMs).toBeLessThan(performance.now() - sentAt - 40 + 5);
    expect(toBob.statistics()).toMatchObject({
      remotePacketsLost: undefined,
      remoteJitterMs: undefined,
      roundTripMs: undefined,
    });
  });

  it('leaves the round trip unknown when the answered report did not pass here', async () => {
    await speak();
    const block = reportBlock({ ssrc: bobSsrc, lastSenderReport: 99, cumulativeLost: -3 });

    alice.sendRtcp(createReceiverReport(aliceSsrc, [block]), toAlice);
    await bob.rtcp.next();

    expect(toAlice.statistics()).toMatchObject({ remotePacketsLost: 0, roundTripMs: undefined });
  });

  it('speaks of the rewritten streams after another phone took over', async () => {
    await speak();
    const carol = await RtpPhone.open();
    const carolSsrc = 0xca201;
    const toCarol = plane.createEndpoint({ localAddress: '127.0.0.1' });
    toCarol.setRemote(carol.media);
    toAlice.join(toCarol);
    carol.sendRtp(createRtpPacket({ ssrc: carolSsrc, sequence: 5, timestamp: 1000 }), toCarol);
    const taken = parseRtpPacket(await alice.rtp.next());
    expect(taken).toMatchObject({ ssrc: bobSsrc, sequence: 701 });

    carol.sendRtcp(
      Buffer.concat([senderReport(carolSsrc, 1000), createDescription(carolSsrc, 'c')]),
      toCarol,
    );
    const heard = parseCompound(await alice.rtcp.next());
    expect(heard.map(({ type, ssrc }) => [type, ssrc])).toEqual([
      ['SR', bobSsrc],
      ['SDES', bobSsrc],
    ]);
    expect(heard[0]?.timestamp).toBe(taken.timestamp);

    const block = reportBlock({ ssrc: bobSsrc, highestSequence: 65_536 + 701 });
    alice.sendRtcp(createReceiverReport(aliceSsrc, [block]), toAlice);
    expect(parseCompound(await carol.rtcp.next())[0]?.blocks[0]).toMatchObject({
      ssrc: carolSsrc,
      highestSequence: 5,
    });
    carol.close();
  });

  it('passes BYE with the SSRC the phone knows; the next source is a stream of its own', async () => {
    await speak();
    alice.sendRtcp(
      Buffer.concat([createReceiverReport(aliceSsrc, []), createBye(aliceSsrc)]),
      toAlice,
    );
    expect(parseCompound(await bob.rtcp.next())[1]).toMatchObject({ type: 'BYE', ssrc: aliceSsrc });

    alice.sendRtp(createRtpPacket({ ssrc: 0xfeed, sequence: 9 }), toAlice);

    expect(parseRtpPacket(await bob.rtp.next())).toMatchObject({ ssrc: 0xfeed, sequence: 9 });
  });

  it('comes from the phone only', async () => {
    await speak();
    alice.sendRtcp(senderReport(aliceSsrc, 1), toAlice);
    await bob.rtcp.next();
    const stranger = await RtpPhone.open();

    stranger.sendRtcp(senderReport(666, 1), toAlice);
    alice.sendRtcp(senderReport(aliceSsrc, 2), toAlice);

    expect(parseCompound(await bob.rtcp.next())[0]).toMatchObject({
      ssrc: aliceSsrc,
      timestamp: 2,
    });
    expect(toAlice.statistics().packetsFromStrangers).toBe(1);
    stranger.close();
  });

  it('flows on during hold, and not to a phone that wants none', async () => {
    await speak();
    toBob.setDirection({ sends: false, receives: false });
    alice.sendRtcp(senderReport(aliceSsrc, 1), toAlice);
    await bob.rtcp.next();

    toBob.setRemote({ ...bob.media, rtcpPort: undefined });
    alice.sendRtcp(senderReport(aliceSsrc, 2), toAlice);
    alice.sendRtcp(
      createReceiverReport(aliceSsrc, [reportBlock({ ssrc: bobSsrc, cumulativeLost: 1 })]),
      toAlice,
    );
    await expect.poll(() => toAlice.statistics().remotePacketsLost).toBe(1);

    expect(bob.rtcp.received).toHaveLength(1);
  });
});
