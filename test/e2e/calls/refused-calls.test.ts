/** Calls that do not come about, with sipp as the phones: what each side is told, what is on record. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallScene, storyOf } from '../../support/daemon/call-scene.ts';

let scene: CallScene;

beforeAll(async () => {
  scene = await CallScene.open({ users: 60, settings: { ringTimeoutSec: 5 } });
});
afterAll(() => scene.close());

describe.concurrent('a call that is refused', () => {
  it.each([
    { status: '486', told: '486', reason: 'Q.850;cause=17', outcome: 'busy', step: 'busy' },
    { status: '603', told: '603', reason: 'Q.850;cause=21', outcome: 'rejected', step: 'rejected' },
    { status: '480', told: '480', reason: 'Q.850;cause=18', outcome: 'rejected', step: 'rejected' },
    { status: '488', told: '488', reason: 'Q.850;cause=65', outcome: 'failed', step: 'failed' },
    { status: '500', told: '480', reason: 'Q.850;cause=18', outcome: 'failed', step: 'failed' },
  ])(
    '[SIP-034] tells the caller $told with a Reason when the phone answers $status',
    async ({ status, told, reason, outcome, step }) => {
      const [caller, callee] = [scene.takeUser(), scene.takeUser()];
      const phone = await scene.answerAs(callee, 'callee-refuses', { values: { STATUS: status } });
      await scene.call(caller, callee, 'caller-refused', {
        values: { STATUS: told, REASON: reason },
      });
      await phone.succeeded();
      const record = await scene.recordOf(caller);
      expect(record).toMatchObject({
        callerNumber: caller,
        calleeNumber: callee,
        outcome,
        sipStatus: Number(told),
        durationSec: 0,
        legs: [
          { role: 'caller', sipStatus: Number(told) },
          { role: 'callee', sipStatus: Number(status) },
        ],
      });
      expect(storyOf(record)).toStrictEqual([
        'call-received',
        'user-found',
        'ringing',
        step,
        'call-refused',
      ]);
    },
  );

  it('[SIP-018] [SIP-034] ends with 480 and cause 19 when nobody answers in time', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    const phone = await scene.answerAs(callee, 'callee-is-cancelled', {
      values: { SILENT_MS: '0', REASON: 'Q.850;cause=19' },
    });
    await scene.call(caller, callee, 'caller-refused', {
      values: { STATUS: '480', REASON: 'Q.850;cause=19' },
    });
    await phone.succeeded();
    const record = await scene.recordOf(caller);
    expect(record).toMatchObject({ outcome: 'no-answer', hangupSide: 'system', sipStatus: 480 });
    expect(storyOf(record)).toContain('no-answer');
  });

  it('[SIP-034] ends with 480 when the phone never says a word', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    const phone = await scene.answerAs(callee, 'callee-is-silent');
    await scene.call(caller, callee, 'caller-refused', {
      values: { STATUS: '480', REASON: 'Q.850;cause=18' },
    });
    await phone.succeeded();
    const record = await scene.recordOf(caller);
    expect(record).toMatchObject({ outcome: 'no-answer', sipStatus: 480 });
    expect(storyOf(record)).toContain('no-response');
  });

  it('[SIP-034] goes where the phone sends it, and is told the last failure only', async () => {
    const [caller, callee, target] = [scene.takeUser(), scene.takeUser(), scene.takeUser()];
    const phones = [
      await scene.answerAs(callee, 'callee-redirects', { values: { TARGET: target } }),
      await scene.answerAs(target, 'callee-refuses', { values: { STATUS: '486' } }),
    ];
    await scene.call(caller, callee, 'caller-refused', {
      values: { STATUS: '486', REASON: 'Q.850;cause=17' },
    });
    await Promise.all(phones.map((phone) => phone.succeeded()));
    const record = await scene.recordOf(caller);
    expect(record).toMatchObject({ outcome: 'busy', sipStatus: 486 });
    expect(record.legs.map(({ sipStatus }) => sipStatus)).toEqual([486, 302, 486]);
    expect(storyOf(record)).toContain('redirect-followed');
  });

  it('[SIP-034] ends with 480 when two phones send it to each other', async () => {
    const [caller, one, other] = [scene.takeUser(), scene.takeUser(), scene.takeUser()];
    const phones = [
      await scene.answerAs(one, 'callee-redirects', { values: { TARGET: other } }),
      await scene.answerAs(other, 'callee-redirects', { values: { TARGET: one } }),
    ];
    await scene.call(caller, one, 'caller-refused', {
      values: { STATUS: '480', REASON: 'Q.850' },
    });
    await Promise.all(phones.map((phone) => phone.succeeded()));
    const record = await scene.recordOf(caller);
    expect(record.legs.map(({ sipStatus }) => sipStatus)).toEqual([480, 302, 302]);
    expect(storyOf(record)).toContain('redirect-loop');
  });

  it('[SIP-018] [SIP-034] is told 480 with cause 20 when the callee has no phone', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    await scene.call(caller, callee, 'caller-refused', {
      values: { STATUS: '480', REASON: 'Q.850;cause=20' },
    });
    const record = await scene.recordOf(caller);
    expect(record).toMatchObject({ outcome: 'failed', sipStatus: 480 });
    expect(storyOf(record)).toContain('user-not-registered');
  });

  it('[SIP-018] [SIP-034] is told 404 with cause 1 for a number nobody has', async () => {
    const caller = scene.takeUser();
    await scene.call(caller, '99999', 'caller-refused', {
      values: { STATUS: '404', REASON: 'Q.850;cause=1' },
    });
    const record = await scene.recordOf(caller);
    expect(record).toMatchObject({ outcome: 'failed', sipStatus: 404, calleeNumber: '99999' });
    expect(storyOf(record)).toStrictEqual(['call-received', 'number-unknown', 'call-refused']);
  });

  it('[SIP-034] is told 488 when a service does not speak its codecs', async () => {
    await scene.call(scene.takeUser(), '*43', 'caller-strange-codec');
  });

  it('[SIP-003] is told 400 when its body is no session description', async () => {
    await scene.call(scene.takeUser(), '*43', 'caller-bad-offer');
  });
});

describe.concurrent('a caller that gives up', () => {
  it('[SIP-001] gets 487, and the phone a CANCEL, while it rings', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    const phone = await scene.answerAs(callee, 'callee-is-cancelled', {
      values: { SILENT_MS: '0', REASON: 'Q.850;cause=16' },
    });
    await scene.call(caller, callee, 'caller-cancels');
    await phone.succeeded();
    const record = await scene.recordOf(caller);
    expect(record).toMatchObject({ outcome: 'cancelled', hangupSide: 'caller', sipStatus: 487 });
    expect(storyOf(record)).toContain('caller-cancelled');
  });

  it('[SIP-001] gets 487 at once when the phone has not said anything; it is cancelled when it does', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    const phone = await scene.answerAs(callee, 'callee-is-cancelled', {
      values: { SILENT_MS: '300', REASON: 'Q.850;cause=16' },
    });
    await scene.call(caller, callee, 'caller-cancels-early');
    await phone.succeeded();
    expect(await scene.recordOf(caller)).toMatchObject({ outcome: 'cancelled', sipStatus: 487 });
  });

  it('[SIP-001] leaves no call behind when the answer crosses its CANCEL', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    const phone = await scene.answerAs(callee, 'callee-crosses-cancel');
    await scene.call(caller, callee, 'caller-cancels');
    // The phone that answered too late got an ACK and a BYE.
    await phone.succeeded();
    expect(await scene.recordOf(caller)).toMatchObject({ outcome: 'cancelled', sipStatus: 487 });
  });
});

describe.concurrent('a caller that may not call', () => {
  it('[SEC-005] is challenged, and nothing rings, without a password', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    const phone = await scene.answerAs(callee, 'callee-answers', { values: { RING_MS: '0' } });
    await scene.call(caller, callee, 'caller-unauthenticated');
    // Whatever reached the phone before this call, the unauthenticated one did not.
    await scene.call(scene.takeUser(), callee, 'caller-talks', { values: { TALK_MS: '0' } });
    expect(await phone.succeeded()).not.toContain(`sip:${caller}@`);
    expect(await scene.recordCount(caller)).toBe(0);
  });

  it('[SEC-005] is told 403 when it calls in the name of another user', async () => {
    const [caller, victim] = [scene.takeUser(), scene.takeUser()];
    await scene.call(caller, '*43', 'caller-pretends', { values: { CLAIMED: victim } });
  });

  it('[SEC-005] gets the same answer to a wrong password as to an unknown name', async () => {
    const user = scene.takeUser();
    const [known, unknown] = await Promise.all([
      scene.start(user, 'register', { password: 'wrong', values: { STATUS: '403' } }),
      scene.start('nobody-here', 'register', { password: 'wrong', values: { STATUS: '403' } }),
    ]);
    const answers = [await known.succeeded(), await unknown.succeeded()].map(shapeOfLastAnswer);
    expect(answers[0]).toStrictEqual(answers[1]);
    expect(answers[0]?.[0]).toBe('SIP/2.0 403 Forbidden');
  });
});

/** The start line and the names of the header fields of the last response in a report of sipp. */
function shapeOfLastAnswer(report: string): string[] {
  const answer = report.slice(report.lastIndexOf('SIP/2.0 403'));
  const [startLine = '', ...headers] = answer.split(/\r?\n\r?\n/, 1)[0]?.split(/\r?\n/) ?? [];
  return [startLine, ...headers.map((line) => line.slice(0, line.indexOf(':')))];
}
