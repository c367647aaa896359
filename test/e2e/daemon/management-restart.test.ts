/** The management plane ends in the middle of a call: what people and administrators notice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Baresip } from '../../support/programs/baresip.ts';
import { CallScene, passwordOf } from '../../support/daemon/call-scene.ts';
import { secondsOfTone, waitForTone } from '../../support/media-plane/hearing.ts';
import { threadsOf } from '../../support/daemon/threads.ts';
import { waitUntil } from '../../support/wait-until.ts';

const callerHz = 440;
const calleeHz = 600;
const packetSec = 0.02;

let scene: CallScene;
let first: Baresip;
let second: Baresip;

beforeAll(async () => {
  scene = await CallScene.open({ users: 10, settings: { mediaPolicy: 'anchored' } });
});
afterAll(async () => {
  await Promise.all([first.stop(), second.stop()]);
  await scene.close();
});

async function startPhone(user: string, toneHz: number): Promise<Baresip> {
  const { sipPort } = scene.daemon;
  const account = { user, password: passwordOf(user), sipPort, transport: 'udp' } as const;
  return Baresip.start({ account, toneHz });
}

/** Ends the management plane; resolves with the milliseconds until its next life answers. */
async function restartManagementPlane(): Promise<number> {
  const before = (await restarts()) ?? 0;
  await scene.api.expect(204, 'POST', '/parts/management-plane/restart');
  const startMs = performance.now();
  await waitForRestart(before + 1);
  return performance.now() - startMs;
}

async function waitForRestart(wanted: number): Promise<void> {
  await waitUntil(async () => ((await restarts()) ?? 0) >= wanted, 'WMS answers again');
}

/** How long these threads of the daemon and this test have waited for a processor so far. */
function waitedMs(...names: string[]): number {
  return [
    ...threadsOf(scene.daemon.pid).filter(({ name }) => names.includes(name)),
    ...threadsOf(process.pid).filter(({ name }) => name === 'MainThread'),
  ].reduce((sum, thread) => sum + thread.waitedMs, 0);
}

/** How often the management plane has begun anew; undefined while nobody answers. */
async function restarts(): Promise<number | undefined> {
  try {
    // The session outlives the plane.
    const { items } = (await scene.api.expect(200, 'GET', '/parts')) as {
      items: { name: string; restarts: number }[];
    };
    return items.find(({ name }) => name === 'management-plane')?.restarts;
  } catch {
    return undefined;
  }
}

describe('[UI-015] a restart of the management plane during an anchored call', () => {
  it('leaves no gap in the audio, comes back within 3 s and keeps what was acknowledged', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    first = await startPhone(caller, callerHz);
    second = await startPhone(callee, calleeHz);
    first.command('dial', callee);
    await second.waitFor(/Incoming call/i);
    second.command('accept');
    const { callRef } = await scene.activeCall(caller);
    await Promise.all([waitForTone(first, calleeHz), waitForTone(second, callerHz)]);

    const { headers } = await scene.api.send('GET', `/users/user-${callee}`);
    const heardBefore = [first, second].map((phone) => phone.heard().samples.length);
    const countsBefore = await Promise.all([first.packetsReceived(), second.packetsReceived()]);
    await scene.api.expect(
      200,
      'PATCH',
      `/users/user-${callee}`,
      { department: 'Kept' },
      { 'if-match': String(headers['etag']) },
    );
    const waitedBeforeMs = waitedMs('MainThread');
    const backAfterMs = await restartManagementPlane();
    // What other programs on this machine took from them is not counted. The worker is a new thread.
    const waitMs = waitedMs('MainThread', 'WorkerThread') - waitedBeforeMs;
    expect(backAfterMs - waitMs).toBeLessThan(3_000);
    expect(await scene.api.expect(200, 'GET', `/users/user-${callee}`)).toMatchObject({
      department: 'Kept',
    });

    // The call is the same one, and every packet of it arrived.
    expect((await scene.activeCall(caller)).callRef).toBe(callRef);
    await Promise.all([waitForTone(first, calleeHz), waitForTone(second, callerHz)]);
    const countsAfter = await Promise.all([first.packetsReceived(), second.packetsReceived()]);
    for (const [index, [phone, toneHz]] of (
      [
        [first, calleeHz],
        [second, callerHz],
      ] as const
    ).entries()) {
      const { samples, sampleRateHz } = phone.heard();
      const from = heardBefore[index] ?? 0;
      const heardSec = (samples.length - from) / sampleRateHz;
      const receivedSec = ((countsAfter[index] ?? 0) - (countsBefore[index] ?? 0)) * packetSec;
      expect(heardSec).toBeGreaterThan(backAfterMs / 1_000);
      expect(Math.abs(heardSec - receivedSec)).toBeLessThan(0.3);
      // Windows that a clipped end makes impure are all that may be missing.
      expect(secondsOfTone({ samples, sampleRateHz }, toneHz, from)).toBeGreaterThan(
        heardSec - 0.15,
      );
    }
    for (const media of await scene.mediaOf(callRef)) {
      expect(media.packetsLost).toBe(0);
    }
  });

  it('lets new calls in while it is away, and keeps their records', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    const phone = await scene.answerAs(callee, 'callee-answers', { values: { RING_MS: '0' } });
    await scene.api.expect(204, 'POST', '/parts/management-plane/restart');
    await scene.call(caller, callee, 'caller-talks', { values: { TALK_MS: '0' } });
    await phone.succeeded();
    await waitForRestart(2);
    expect(await scene.recordOf(caller)).toMatchObject({ outcome: 'answered' });
    expect(await scene.recordCount(caller)).toBe(1);
  });

  it('[DIAG-009] has lost nothing of the first call when that ends', async () => {
    first.command('hangup');
    await second.waitFor(/terminated|session closed/i);
    const record = await scene.recordOf('101');
    expect(record).toMatchObject({ outcome: 'answered', mediaMode: 'anchored' });
    for (const { media } of record.legs) {
      expect(media?.packetsLost).toBe(0);
      expect(media?.mos).toBeGreaterThan(4);
    }
  });
});

it('the management plane lets the call plane go first, after a restart as well', async () => {
  await restartManagementPlane();
  const nicenessOf = (name: string): number | undefined =>
    threadsOf(scene.daemon.pid).find((thread) => thread.name === name)?.niceness;
  await waitUntil(() => Promise.resolve(nicenessOf('WorkerThread') === 10), 'it steps back');
  expect(nicenessOf('MainThread')).toBe(0);
});
