/** What happens inside calls, with sipp as the phones: hold, digits, session timers, races, the end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallScene, storyOf } from '../../support/daemon/call-scene.ts';

let scene: CallScene;

beforeAll(async () => {
  scene = await CallScene.open({
    users: 60,
    settings: { ringTimeoutSec: 20, sessionTimerSec: 90, mediaPolicy: 'anchored' },
  });
});
afterAll(() => scene.close());

/** A caller and a phone of a callee that play these scenarios to their ends. */
async function play(
  callerScenario: string,
  calleeScenario: string,
  values: Readonly<Record<string, string>> = {},
): Promise<string> {
  const [caller, callee] = [scene.takeUser(), scene.takeUser()];
  const phone = await scene.answerAs(callee, calleeScenario, { values });
  await scene.call(caller, callee, callerScenario, { values });
  await phone.succeeded();
  return caller;
}

describe.concurrent('a call', () => {
  it('[SIP-001] is answered and ended by the caller; both legs are on record', async () => {
    const caller = await play('caller-talks', 'callee-answers', { RING_MS: '100', TALK_MS: '500' });
    const record = await scene.recordOf(caller);
    expect(record).toMatchObject({
      outcome: 'answered',
      hangupSide: 'caller',
      sipStatus: 200,
      mediaMode: 'anchored',
      legs: [
        { role: 'caller', userId: `user-${caller}`, sipStatus: 200, codec: 'PCMU' },
        { role: 'callee', sipStatus: 200, codec: 'PCMU', userAgent: 'sipp' },
      ],
    });
    // Nobody sent audio: what is not known is not said to be zero or good.
    for (const { media } of record.legs) {
      expect(media).toMatchObject({ packetsReceived: 0 });
      expect(media).not.toHaveProperty('mos');
      expect(media).not.toHaveProperty('packetsLost');
    }
    expect(record.durationSec).toBeGreaterThanOrEqual(0.5);
    expect(storyOf(record)).toStrictEqual([
      'call-received',
      'user-found',
      'ringing',
      'answered',
      'hung-up',
    ]);
  });

  it('[SIP-001] [SIP-018] is ended by the callee; the caller is told why', async () => {
    const caller = await play('caller-hung-up', 'callee-hangs-up', {
      TALK_MS: '300',
      REASON: 'Q.850;cause=16',
    });
    expect(await scene.recordOf(caller)).toMatchObject({
      outcome: 'answered',
      hangupSide: 'callee',
    });
  });

  it('[SIP-022] has early media before the answer', async () => {
    await play('caller-early-media', 'callee-early-media');
  });

  it('[SIP-022] takes the offer from the 200 and the answer from the ACK when the INVITE has none', async () => {
    const caller = await play('caller-delayed-offer', 'callee-offers');
    expect(await scene.recordOf(caller)).toMatchObject({
      outcome: 'answered',
      legs: [{ codec: 'PCMU' }, { codec: 'PCMU' }],
    });
  });

  it('[PARK-003] [SIP-023] is held and resumed by re-INVITE', async () => {
    await play('caller-holds', 'callee-held');
  });

  it('[PARK-003] is held and resumed by UPDATE (RFC 3311)', async () => {
    await play('caller-holds-by-update', 'callee-held-by-update');
  });

  it('[SIP-026] carries a digit by INFO', async () => {
    await play('caller-sends-digit', 'callee-gets-digit');
  });

  it('[SIP-001] refuses with 491 a change that meets another one on its way', async () => {
    await play('caller-is-glared', 'callee-changes-too');
  });

  it('[SIP-030] refuses too short a session timer with 422 and is refreshed by both ways', async () => {
    await play('caller-session-timer', 'callee-answers-changes');
  });

  it('[SIP-001] takes a repeated INVITE and BYE for what they are', async () => {
    const caller = await play('caller-repeats', 'callee-answers', { RING_MS: '100' });
    await scene.recordOf(caller);
    expect(await scene.recordCount(caller)).toBe(1);
  });

  it('[SIP-001] goes on when the answer is acknowledged late', async () => {
    const values = { RING_MS: '0', TALK_MS: '500' };
    const caller = await play('caller-acknowledges-late', 'callee-answers', values);
    expect(await scene.recordOf(caller)).toMatchObject({
      outcome: 'answered',
      hangupSide: 'caller',
    });
  });

  it('[SIP-001] ends once when both phones hang up at the same moment', async () => {
    const caller = await play('caller-crosses-bye', 'callee-hangs-up', { TALK_MS: '100' });
    expect(await scene.recordOf(caller)).toMatchObject({
      outcome: 'answered',
      hangupSide: 'callee',
    });
    expect(await scene.recordCount(caller)).toBe(1);
  });

  it('[SIP-030] ends when a refresh finds a phone gone', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    const phone = await scene.answerAs(callee, 'callee-is-refreshed');
    const values = { TARGET: callee, TALK_MS: '60000' };
    const dying = await scene.start(caller, 'caller-talks', { values, transport: 'tcp' });
    await scene.activeCall(caller);
    await dying.stop();
    await phone.succeeded();
    expect(await scene.recordOf(caller)).toMatchObject({
      outcome: 'answered',
      hangupSide: 'system',
    });
  });

  it('[SIP-001] is gone after its end: 481 to everything', async () => {
    await play('caller-after-the-end', 'callee-answers', { RING_MS: '0' });
  });

  it('[SIP-001] ends with BYE to both when the answer is never acknowledged', async () => {
    const caller = await play('caller-never-acknowledges', 'callee-answers', { RING_MS: '0' });
    expect(await scene.recordOf(caller)).toMatchObject({ hangupSide: 'system' });
  });

  it('[SIP-030] is refreshed by the PBX for phones that know no session timers', async () => {
    await play('caller-is-refreshed', 'callee-is-refreshed');
  });
});

describe.concurrent('a user with several phones', () => {
  it('[CALL-052] is rung on all of them; those that lose are told that another one answered', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    const loser = { SILENT_MS: '0', REASON: 'SIP;cause=200' };
    const phones = await Promise.all([
      scene.answerAs(callee, 'callee-is-cancelled', { values: loser }),
      scene.answerAs(callee, 'callee-is-cancelled', { values: loser }),
      scene.answerAs(callee, 'callee-answers', { values: { RING_MS: '500' } }),
    ]);
    await scene.call(caller, callee, 'caller-talks', { values: { TALK_MS: '200' } });
    await Promise.all(phones.map((phone) => phone.succeeded()));
    const record = await scene.recordOf(caller);
    expect(record.outcome).toBe('answered');
    expect(record.legs.map(({ sipStatus }) => sipStatus).sort()).toStrictEqual([
      200, 200, 487, 487,
    ]);
  });

  it('[SIP-034] is busy only when all of them are', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    const phones = await Promise.all([
      scene.answerAs(callee, 'callee-refuses', { values: { STATUS: '486' } }),
      scene.answerAs(callee, 'callee-answers', { values: { RING_MS: '500' } }),
    ]);
    await scene.call(caller, callee, 'caller-talks', { values: { TALK_MS: '100' } });
    await Promise.all(phones.map((phone) => phone.succeeded()));
    expect(await scene.recordOf(caller)).toMatchObject({ outcome: 'answered' });
  });
});

describe.concurrent('outside of calls', () => {
  it('[SIP-001] an OPTIONS is told what is allowed', async () => {
    const user = scene.takeUser();
    await scene.call(user, user, 'options');
  });
});
