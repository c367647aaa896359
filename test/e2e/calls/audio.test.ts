/** What people hear, with baresip and linphone as the phones and tones as their voices. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Baresip } from '../../support/programs/baresip.ts';
import { CallScene, passwordOf } from '../../support/daemon/call-scene.ts';
import { type Ear, secondsOfTone, waitForTone } from '../../support/media-plane/hearing.ts';
import { Linphone } from '../../support/programs/linphone.ts';
import { measureLevelDbm0, measureTone, takeLast } from '../../support/media-plane/tone.ts';
import { waitUntil } from '../../support/wait-until.ts';

const callerHz = 440;
const calleeHz = 600;
/** A sine of 0 dBm0 as µ-law decodes it: 3.17 dB below the largest code (ITU-T G.711). */
const peakAt0Dbm0 = 32_124 / 10 ** (3.17 / 20);

let scene: CallScene;
const phones: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  scene = await CallScene.open({ users: 40 });
});
afterEach(async () => {
  await Promise.all(phones.splice(0).map((phone) => phone.stop()));
});
afterAll(() => scene.close());

async function startBaresip(
  transport: 'udp' | 'tcp' | 'tls',
  toneHz: number,
): Promise<[string, Baresip]> {
  const user = scene.takeUser();
  const { daemon } = scene;
  const sipPort = transport === 'tls' ? daemon.sipTlsPort : daemon.sipPort;
  const account = { user, password: passwordOf(user), sipPort, transport };
  const phone = await Baresip.start({ account, toneHz });
  phones.push(phone);
  return [user, phone];
}

async function startLinphone(
  transport: 'udp' | 'tcp',
  toneHz: number,
): Promise<[string, Linphone]> {
  const user = scene.takeUser();
  const { sipPort } = scene.daemon;
  const phone = await Linphone.start({
    user,
    password: passwordOf(user),
    sipPort,
    transport,
    toneHz,
  });
  phones.push(phone);
  return [user, phone];
}

async function changeSettings(changes: Readonly<Record<string, string>>): Promise<void> {
  const { headers } = await scene.api.send('GET', '/settings');
  await scene.api.expect(200, 'PATCH', '/settings', changes, {
    'if-match': String(headers['etag']),
  });
}

/** Lets the phones send audio for a while: linphone writes down what it heard only when that ends. */
function talk(): Promise<void> {
  return setTimeout(1_200);
}

function samplesOf(ears: readonly Ear[]): readonly number[] {
  return ears.map((ear) => ear.heard().samples.length);
}

/** Waits until so many more packets came from every phone than there are now. */
async function waitForPackets(callRef: string, more: number): Promise<void> {
  const before = await scene.mediaOf(callRef);
  await waitUntil(async () => {
    const now = await scene.mediaOf(callRef);
    return now.every(
      ({ packetsReceived }, leg) => packetsReceived >= (before[leg]?.packetsReceived ?? 0) + more,
    );
  }, 'audio flows through the PBX both ways');
}

describe.each([
  { mediaPolicy: 'anchored', requirement: '[MED-017]' },
  { mediaPolicy: 'direct', requirement: '[MED-001]' },
] as const)('$requirement two phones with $mediaPolicy audio', ({ mediaPolicy }) => {
  beforeAll(() => changeSettings({ mediaPolicy }));

  it.each([
    ['[SIP-001]', 'udp', 'udp'],
    ['[SIP-001]', 'udp', 'tcp'],
    ['[SIP-001]', 'tcp', 'udp'],
    ['[SIP-001]', 'tcp', 'tcp'],
    ['[SIP-025]', 'tls', 'udp'],
    ['[SIP-025]', 'udp', 'tls'],
  ] as const)(
    '%s [PARK-003] [SIP-009] hear each other over %s and %s, also after hold, and pass digits',
    async (_requirement, callerTransport, calleeTransport) => {
      const [[caller, first], [callee, second]] = await Promise.all([
        startBaresip(callerTransport, callerHz),
        startBaresip(calleeTransport, calleeHz),
      ]);
      first.command('dial', callee);
      await second.waitFor(/Incoming call/i);
      second.command('accept');
      const { callRef } = await scene.activeCall(caller);
      await Promise.all([waitForTone(first, calleeHz), waitForTone(second, callerHz)]);
      if (mediaPolicy === 'anchored') {
        await waitForPackets(callRef, 20);
      } else {
        expect(await scene.mediaOf(callRef)).toStrictEqual([]);
      }

      first.command('sndcode', '5');
      await second.waitFor(/received event: '5'|Received DTMF|DTMF.*5/i);

      first.command('hold');
      const held = await scene.activeCall(caller, ({ legs }) => legs[0]?.onHold === true);
      expect(held.legs[1]?.onHold).toBe(false);
      if (mediaPolicy === 'anchored') {
        await waitUntil(
          async () =>
            (await scene.mediaOf(callRef)).every(({ silentForMs = 0 }) => silentForMs > 500),
          'both phones are silent',
        );
      }
      first.command('resume');
      await scene.activeCall(caller, ({ legs }) => legs[0]?.onHold === false);
      // baresip's recorder does not outlive a hold, but its own count of packets does.
      const before = await Promise.all([first.packetsReceived(), second.packetsReceived()]);
      await waitUntil(async () => {
        const now = await Promise.all([first.packetsReceived(), second.packetsReceived()]);
        return now.every((count, phone) => count >= (before[phone] ?? 0) + 25);
      }, 'both phones receive audio again');

      second.command('hangup');
      await first.waitFor(/terminated|session closed/i);
      const record = await scene.recordOf(caller);
      expect(record).toMatchObject({
        outcome: 'answered',
        hangupSide: 'callee',
        mediaMode: mediaPolicy,
      });
      for (const { media } of record.legs) {
        if (mediaPolicy === 'anchored') {
          expect(media?.packetsLost).toBe(0);
          expect(media?.mos).toBeGreaterThan(4);
          expect(media?.jitterMs).toBeLessThan(50);
        } else {
          expect(media).toBeUndefined();
        }
      }
    },
  );

  it('[PARK-003] [SIP-023] of another make hear each other again after each has held the other', async () => {
    const [[caller, first], [callee, second]] = await Promise.all([
      startLinphone('udp', callerHz),
      startLinphone('tcp', calleeHz),
    ]);
    first.command(`call ${callee}`);
    await second.waitFor(/incoming call/i);
    second.command('answer');
    await scene.activeCall(caller);
    const both = [first, second] as const;
    /** Changes the session; what was played until then is written down afterwards. */
    const change = async (phone: Linphone, command: string): Promise<readonly number[]> => {
      const before = samplesOf(both);
      phone.command(command);
      await scene.activeCall(caller, ({ legs }) =>
        legs.every(({ onHold }, leg) => onHold === (command === 'pause' && both[leg] === phone)),
      );
      await waitUntil(
        () => samplesOf(both).every((count, leg) => count > (before[leg] ?? 0)),
        'both phones have begun to play anew',
      );
      return samplesOf(both);
    };
    /** Seconds of the other one's tone that each heard between two changes. */
    const heardIn = (from: readonly number[], to: readonly number[]): number[] => [
      secondsOfTone(first.heard(), calleeHz, from[0], to[0]),
      secondsOfTone(second.heard(), callerHz, from[1], to[1]),
    ];
    let start: readonly number[] = [0, 0];
    for (const holder of both) {
      await talk();
      const hold = await change(holder, 'pause');
      const [firstHeard, secondHeard] = heardIn(start, hold);
      expect(firstHeard).toBeGreaterThan(0.5);
      expect(secondHeard).toBeGreaterThan(0.5);
      await talk();
      const resume = await change(holder, 'resume');
      // The holder plays its tone as music and hears nothing.
      const heard = heardIn(hold, resume);
      expect(heard[both.indexOf(holder)]).toBe(0);
      expect(heard[1 - both.indexOf(holder)]).toBeGreaterThan(0.5);
      start = resume;
    }
    await talk();
    const [firstStart = 0, secondStart = 0] = start;
    first.command('terminate');
    await Promise.all([
      waitForTone(first, calleeHz, firstStart),
      waitForTone(second, callerHz, secondStart),
    ]);
    const record = await scene.recordOf(caller);
    expect(record).toMatchObject({ outcome: 'answered', mediaMode: mediaPolicy });
    if (mediaPolicy === 'anchored') {
      // Its reports tell how the other half of the way is.
      expect(record.legs[0]?.media?.roundTripMs).toBeLessThan(1_000);
      expect(record.legs[0]?.media?.remotePacketsLost).toBe(0);
    }
  });
});

describe('phones of different makes', () => {
  it('[MED-002] [SIP-001] linphone calls baresip', async () => {
    const [[caller, first], [callee, second]] = await Promise.all([
      startLinphone('udp', callerHz),
      startBaresip('udp', calleeHz),
    ]);
    first.command(`call ${callee}`);
    await second.waitFor(/Incoming call/i);
    second.command('accept');
    await waitForTone(second, callerHz);
    await talk();
    first.command('terminate');
    await waitForTone(first, calleeHz, 0);
    expect(await scene.recordOf(caller)).toMatchObject({
      outcome: 'answered',
      hangupSide: 'caller',
    });
  });

  it('[DEV-044] [DEV-075] [DEV-078] [MED-002] [SIP-001] baresip calls linphone over TCP, each with nothing but user ID and SIP password', async () => {
    const [[caller, first], [callee, second]] = await Promise.all([
      startBaresip('tcp', callerHz),
      startLinphone('tcp', calleeHz),
    ]);
    first.command('dial', callee);
    await second.waitFor(/incoming call/i);
    second.command('answer');
    await waitForTone(first, calleeHz);
    await talk();
    second.command('terminate');
    await waitForTone(second, callerHz, 0);
    expect(await scene.recordOf(caller)).toMatchObject({
      outcome: 'answered',
      hangupSide: 'callee',
    });
  });
});

describe('phones that know SHA-256', () => {
  beforeAll(() => changeSettings({ sipDigest: 'sha-256' }));
  afterAll(() => changeSettings({ sipDigest: 'automatic' }));

  it('register and call with it when nothing else is wanted (RFC 8760)', async () => {
    const [user, phone] = await startLinphone('udp', callerHz);
    phone.command('call *44');
    await scene.activeCall(user);
    await talk();
    phone.command('terminate');
    await waitForTone(phone, 1004, 0);
  });
});

describe('[MED-017] service numbers', () => {
  it.each(['udp', 'tcp'] as const)('echo what they hear (%s)', async (transport) => {
    const [user, phone] = await startBaresip(transport, callerHz);
    phone.command('dial', '*43');
    await waitForTone(phone, callerHz);
    phone.command('hangup');
    expect(await scene.recordOf(user)).toMatchObject({
      outcome: 'answered',
      mediaMode: 'service',
      calleeNumber: '*43',
    });
  });

  it('play 1004 Hz at 0 dBm0', async () => {
    const [, phone] = await startBaresip('udp', callerHz);
    phone.command('dial', '*44');
    await waitForTone(phone, 1004);
    const { samples } = takeLast(phone.heard(), 0.5);
    expect(measureLevelDbm0(samples, peakAt0Dbm0)).toBeCloseTo(0, 0);
    expect(measureTone({ sampleRateHz: 8000, samples }, callerHz)).toBeLessThan(0.01);
  });

  it('echo and play to linphone too', async () => {
    const [user, phone] = await startLinphone('udp', callerHz);
    for (const [service, toneHz] of [
      ['*43', callerHz],
      ['*44', 1004],
    ] as const) {
      const before = phone.heard().samples.length;
      phone.command(`call ${service}`);
      await scene.activeCall(user);
      await talk();
      phone.command('terminate');
      await waitForTone(phone, toneHz, before);
    }
  });
});
