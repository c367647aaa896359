import { describe, expect, test } from 'vitest';
import { at, startFork } from '../../../../support/call-plane/forked-call.ts';
import { phoneSdp } from '../../../../support/call-plane/phone-sdp.ts';

describe('a phone that sends the call on (RFC 3261 §8.1.3.4)', () => {
  const to1003 = [['Contact', '<sip:1003@192.0.2.1>']] as const;

  test('[SIP-034] rings the user it names, who is told for whom the call was', () => {
    const { pbx, anna, phones } = startFork(1);
    const carla = pbx.addPhone('1003', '192.0.2.40');
    const call = anna.call('1002', phoneSdp(anna.address));
    pbx.run();
    const contacts = '<sip:9999@192.0.2.1>;q=0.4, <sip:1003@192.0.2.1>;q=0.9';
    at(phones, 0).lastIncoming.reject(302, [['Contact', contacts]]);
    pbx.run();

    const invite = carla.lastIncoming.requireRequest('INVITE');
    expect(invite.headers.get('Diversion')).toBe(
      '<sip:1002@campanile.local>;reason=unconditional;counter=1',
    );
    expect(invite.headers.getLines('History-Info')).toEqual([
      '<sip:1002@campanile.local?Reason=SIP%3Bcause%3D302>;index=1, <sip:1003@campanile.local>;index=1.1;mp=1',
    ]);
    carla.lastIncoming.progress(180);
    pbx.run();
    carla.lastIncoming.answer(phoneSdp(carla.address));
    pbx.run();
    call.ack();
    call.bye();
    pbx.run();

    expect(call.statuses).toBe('100 181 180 200 200');
    pbx.expectNothingLeft(1);
    expect(pbx.lastRecord).toMatchObject({
      outcome: 'answered',
      callee: { number: '1002', userId: 'user-1003' },
    });
    expect(
      pbx.lastRecord.legs.map(({ legRef, sipStatus }) => [legRef.slice(-2), sipStatus]),
    ).toEqual([
      ['.1', 200],
      ['.2', 302],
      ['.3', 200],
    ]);
    expect(pbx.lastRecord.trace.map(({ code }) => code)).toEqual([
      'call-received',
      'user-found',
      'ringing',
      'phone-redirects',
      'redirect-followed',
      'user-found',
      'ringing',
      'answered',
      'hung-up',
    ]);
  });

  test('lets the other phones of the user ring; one that answers has the call', () => {
    const { pbx, anna, phones } = startFork(2);
    const carla = pbx.addPhone('1003', '192.0.2.40');
    const call = anna.call('1002', phoneSdp(anna.address));
    pbx.run();
    at(phones, 0).lastIncoming.reject(302, to1003);
    pbx.run();
    at(phones, 1).lastIncoming.answer(phoneSdp(at(phones, 1).address));
    pbx.run();
    call.ack();
    call.bye();
    pbx.run();

    expect(carla.incoming).toHaveLength(0);
    expect(call.statuses).toBe('100 200 200');
    pbx.expectNothingLeft(1);
  });

  test('follows when the other phones do not answer, but not when somebody declines', () => {
    for (const [status, isFollowed] of [
      [486, true],
      [603, false],
    ] as const) {
      const { pbx, anna, phones } = startFork(2);
      const carla = pbx.addPhone('1003', '192.0.2.40');
      const call = anna.call('1002', phoneSdp(anna.address));
      pbx.run();
      at(phones, 0).lastIncoming.reject(302, to1003);
      at(phones, 1).lastIncoming.reject(status);
      pbx.run();

      expect(carla.incoming).toHaveLength(isFollowed ? 1 : 0);
      call.cancel();
      pbx.run();
      for (const incoming of carla.incoming) {
        incoming.reject(487);
      }
      pbx.expectNothingLeft(1);
    }
  });

  test('[SIP-022] the second phone’s answer is a dialog of its own when the first was heard early', () => {
    const { pbx, anna, phones } = startFork(1);
    const carla = pbx.addPhone('1003', '192.0.2.40');
    const call = anna.call('1002', phoneSdp(anna.address));
    pbx.run();
    at(phones, 0).lastIncoming.progress(183, phoneSdp(at(phones, 0).address));
    pbx.run();
    const earlyTag = call.lastResponse.to.parameters.get('tag');
    at(phones, 0).lastIncoming.reject(302, to1003);
    pbx.run();
    carla.lastIncoming.progress(183, phoneSdp(carla.address));
    pbx.run();
    carla.lastIncoming.answer(phoneSdp(carla.address));
    pbx.run();

    expect(call.statuses).toBe('100 183 181 200');
    expect(call.lastResponse.to.parameters.get('tag')).not.toBe(earlyTag);
    call.ack();
    call.bye();
    pbx.run();
    pbx.expectNothingLeft(1);
  });

  test('[SIP-034] ends where a service takes the call, with the ports the caller has', () => {
    const { pbx, anna, phones } = startFork(1);
    const call = anna.call('1002', phoneSdp(anna.address));
    pbx.run();
    at(phones, 0).lastIncoming.reject(302, [['Contact', '<sip:*43@192.0.2.1>']]);
    pbx.run();

    expect(call.statuses).toBe('100 200');
    expect(pbx.media.portUsage().used).toBe(2);
    call.ack();
    call.bye();
    pbx.run();
    pbx.expectNothingLeft(1);
  });

  test('[SIP-034] the caller never sees a redirection: phones that send calls to each other are unavailable', () => {
    const { pbx, anna, phones } = startFork(1);
    const carla = pbx.addPhone('1003', '192.0.2.40');
    const call = anna.call('1002', phoneSdp(anna.address));
    pbx.run();
    at(phones, 0).lastIncoming.reject(302, to1003);
    pbx.run();
    carla.lastIncoming.reject(302, [['Contact', '<sip:1002@192.0.2.1>']]);
    pbx.run();

    expect(call.statuses).toBe('100 181 480');
    expect(call.lastResponse.headers.has('Contact')).toBe(false);
    expect(pbx.lastRecord.trace.map(({ code }) => code)).toContain('redirect-loop');
    pbx.expectNothingLeft(1);
  });
});
