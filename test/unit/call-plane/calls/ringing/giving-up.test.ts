import { describe, expect, test } from 'vitest';
import { at, startFork } from '../../../../support/call-plane/forked-call.ts';
import { phoneSdp } from '../../../../support/call-plane/phone-sdp.ts';

describe('giving up', () => {
  test.each([
    ['before the callee said anything', 0, 'INVITE'],
    ['while the callee rings', 180, 'INVITE CANCEL'],
  ])('cancels %s', (_when, progress, methods) => {
    const { pbx, anna, phones } = startFork(2);
    const call = anna.call('1002', phoneSdp(anna.address));
    pbx.run();
    if (progress !== 0) {
      for (const phone of phones) {
        phone.lastIncoming.progress(progress);
      }
      pbx.run();
    }

    call.cancel();
    pbx.run();

    expect(call.statuses.endsWith('200 487') || call.statuses.endsWith('487 200')).toBe(true);
    expect(phones.map((phone) => phone.lastIncoming.methods)).toEqual([methods, methods]);
    expect(pbx.lastRecord).toMatchObject({
      outcome: 'cancelled',
      hangupSide: 'caller',
      sipStatus: 487,
    });
    expect(pbx.media.portUsage().used).toBe(0);
    pbx.expectNothingLeft(1);
  });

  test('cancels when the INVITE expires before an answer (RFC 3261 §13.3.1)', () => {
    const { pbx, anna, phones } = startFork(1);
    const call = anna.call('1002', phoneSdp(anna.address), [['Expires', '20']]);
    pbx.run();
    at(phones, 0).lastIncoming.progress(180);
    pbx.run(19_000);
    expect(call.statuses).toBe('100 180');

    pbx.run(2_000);

    expect(call.statuses).toBe('100 180 487');
    expect(at(phones, 0).lastIncoming.methods).toBe('INVITE CANCEL');
    expect(pbx.lastRecord).toMatchObject({ outcome: 'cancelled', hangupSide: 'caller' });
    pbx.expectNothingLeft(1);
  });

  test('an answered INVITE does not expire', () => {
    const { pbx, anna, phones } = startFork(1);
    const call = anna.call('1002', phoneSdp(anna.address), [['Expires', '20']]);
    pbx.run();
    at(phones, 0).lastIncoming.answer(phoneSdp(at(phones, 0).address));
    pbx.run();
    call.ack();
    pbx.run(30_000);
    expect(pbx.control.callCount).toBe(1);
    call.bye();
    pbx.run();
    pbx.expectNothingLeft(1);
  });

  test('cancels a phone as soon as it says anything', () => {
    const { pbx, anna, phones } = startFork(1);
    const call = anna.call('1002', phoneSdp(anna.address));
    pbx.run();
    call.cancel();
    pbx.run();
    const incoming = at(phones, 0).lastIncoming;
    expect(incoming.methods).toBe('INVITE');

    incoming.progress(180);
    pbx.run();

    expect(incoming.methods).toBe('INVITE CANCEL');
  });

  test('hangs up a callee whose 200 crosses the caller’s CANCEL', () => {
    const { pbx, anna, phones } = startFork(1);
    const call = anna.call('1002', phoneSdp(anna.address));
    pbx.run();
    const incoming = at(phones, 0).lastIncoming;
    incoming.progress(180);
    pbx.run();

    call.cancel();
    pbx.run(1);
    incoming.answer(phoneSdp(at(phones, 0).address));
    pbx.run();

    expect(incoming.methods).toBe('INVITE CANCEL ACK BYE');
    // RFC 3326: the phone rang, was answered, and has to say why there is nobody.
    expect(incoming.requireRequest('BYE').headers.get('Reason')).toBe(
      'Q.850;cause=16;text="Normal call clearing"',
    );
    pbx.expectNothingLeft(1);
    expect(pbx.lastRecord.outcome).toBe('cancelled');
  });

  test('goes on with the call when the CANCEL comes after our 200', () => {
    const { pbx, anna, phones } = startFork(1);
    const call = anna.call('1002', phoneSdp(anna.address));
    pbx.run();
    const incoming = at(phones, 0).lastIncoming;
    incoming.answer(phoneSdp(at(phones, 0).address));
    pbx.run(1);

    call.cancel();
    pbx.run();
    call.ack();
    pbx.run();

    expect(pbx.control.callCount).toBe(1);
    expect(call.statuses).toBe('100 200 200');
    call.bye();
    pbx.run();
    expect(incoming.methods).toBe('INVITE ACK BYE');
    pbx.expectNothingLeft(1);
  });

  test('takes a BYE of the caller in the early dialog for a CANCEL', () => {
    const { pbx, anna, phones } = startFork(1);
    const call = anna.call('1002', phoneSdp(anna.address));
    pbx.run();
    at(phones, 0).lastIncoming.progress(180);
    pbx.run();

    call.bye();
    pbx.run();

    expect(call.statuses).toBe('100 180 200 487');
    expect(at(phones, 0).lastIncoming.methods).toBe('INVITE CANCEL');
    pbx.expectNothingLeft(1);
    expect(pbx.lastRecord.outcome).toBe('cancelled');
  });

  test('answers 481 to a BYE of a callee that has not answered yet', () => {
    const { pbx, anna, phones } = startFork(1);
    anna.call('1002', phoneSdp(anna.address));
    pbx.run();
    const incoming = at(phones, 0).lastIncoming;
    incoming.progress(180);
    pbx.run();

    incoming.bye();
    pbx.run();

    expect(incoming.lastResponse.status).toBe(481);
    expect(pbx.control.callCount).toBe(1);
  });
});
