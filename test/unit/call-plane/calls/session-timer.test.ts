import { describe, expect, test } from 'vitest';
import { endCall, establishCall } from '../../../support/call-plane/established-call.ts';
import { phoneSdp } from '../../../support/call-plane/phone-sdp.ts';

describe('session timers of the two legs', () => {
  test('are negotiated for each leg on its own', () => {
    const talk = establishCall({
      sessionTimerSec: 1800,
      supported: 'timer',
      headers: [['Session-Expires', '600;refresher=uas']],
      answerHeaders: [
        ['Session-Expires', '900;refresher=uas'],
        ['Require', 'timer'],
      ],
      allowsUpdate: true,
    });
    const { pbx, call, incoming, bruno } = talk;

    // Anna asked us to refresh every 600 s, so after 300 s; Bruno refreshes his leg himself.
    pbx.run(299_000);
    expect(call.methods).toBe('');
    pbx.run(2_000);
    const refresh = call.requireRequest('INVITE');
    expect(refresh.headers.get('Session-Expires')).toBe('600;refresher=uac');
    expect(refresh.headers.get('Min-SE')).toBe('90');
    // A refresh repeats the last description to the byte.
    expect(refresh.body.toString()).toMatch(/o=- \d+ 1 IN/);
    call.answer(phoneSdp('192.0.2.11'), [['Session-Expires', '600;refresher=uac']]);
    pbx.run();
    incoming.update(undefined, [['Session-Expires', '900;refresher=uac']]);
    pbx.run();

    expect(incoming.lastResponse.headers.get('Session-Expires')).toBe('900;refresher=uac');
    expect(incoming.lastResponse.headers.get('Require')).toBe('timer');
    expect(call.methods).toBe('INVITE ACK');
    expect(bruno.allowsUpdate).toBe(true);
    endCall(talk);
  });

  test('a phone that knows no timers is refreshed by us, by UPDATE if it can', () => {
    const talk = establishCall({ sessionTimerSec: 1800, allowsUpdate: true });
    const { pbx, call, incoming } = talk;

    pbx.run(901_000);

    expect(incoming.methods).toBe('UPDATE');
    expect(incoming.requireRequest('UPDATE').body).toHaveLength(0);
    expect(call.methods).toBe('INVITE');
    incoming.respondTo(incoming.requireRequest('UPDATE'), 200);
    call.answer(phoneSdp('192.0.2.11'));
    pbx.run(900_500);
    expect(incoming.methods).toBe('UPDATE UPDATE');
  });

  test.each([
    [481, 'UPDATE'],
    [408, 'UPDATE BYE'],
  ])('a refresh that is answered with %i ends the call', (status, methods) => {
    const talk = establishCall({ sessionTimerSec: 1800, allowsUpdate: true });
    const { pbx, call, incoming } = talk;
    pbx.run(900_500);

    incoming.respondTo(incoming.requireRequest('UPDATE'), status);
    pbx.run();

    expect(call.methods).toMatch(/BYE$/);
    expect(incoming.methods).toBe(methods);
    pbx.expectNothingLeft(1);
    expect(pbx.lastRecord.hangupSide).toBe('system');
  });

  test('a phone that vanished is noticed by the refresh', () => {
    const talk = establishCall({ sessionTimerSec: 1800 });
    const { pbx, bruno, call } = talk;
    pbx.network.remove(bruno.transport);

    pbx.run(900_500);
    call.answer(phoneSdp('192.0.2.11'));
    pbx.run(33_000);

    expect(call.methods).toBe('INVITE ACK BYE');
    pbx.expectNothingLeft(1);
  });

  test('a phone that should refresh and does not loses the call before the interval is over', () => {
    const talk = establishCall({
      sessionTimerSec: 1800,
      supported: 'timer',
      headers: [['Session-Expires', '300;refresher=uac']],
      answerHeaders: [['Session-Expires', '1800;refresher=uas']],
    });
    const { pbx, call, incoming } = talk;

    // RFC 4028 §10: a third of the interval, at most 32 s, before its end.
    pbx.run(267_000);
    expect(pbx.control.callCount).toBe(1);
    pbx.run(2_000);

    expect(call.methods).toBe('BYE');
    expect(incoming.methods).toBe('BYE');
    pbx.expectNothingLeft(1);
  });

  test('a refresh that meets the phone’s own change is tried again after the glare time', () => {
    const talk = establishCall({ sessionTimerSec: 1800, allowsUpdate: true });
    const { pbx, call, incoming } = talk;
    pbx.run(900_500);
    incoming.respondTo(incoming.requireRequest('UPDATE'), 200);

    call.reject(491);
    pbx.run();
    expect(call.methods).toBe('INVITE ACK');
    // Anna chose the Call-ID of her leg, so we wait less than 2 s.
    pbx.run(2_000);

    expect(call.methods).toBe('INVITE ACK INVITE');
  });

  test('a refresh that is refused otherwise leaves the session to run out', () => {
    const talk = establishCall({ sessionTimerSec: 1800, allowsUpdate: true });
    const { pbx, call, incoming } = talk;
    pbx.run(900_500);
    call.answer(phoneSdp('192.0.2.11'));
    incoming.respondTo(incoming.requireRequest('UPDATE'), 500);
    pbx.run(860_000);
    expect(pbx.control.callCount).toBe(1);

    pbx.run(10_000);

    expect(incoming.methods).toBe('UPDATE BYE');
    pbx.expectNothingLeft(1);
  });

  test('a refresh answered with other media moves the audio', () => {
    const talk = establishCall({ sessionTimerSec: 1800 });
    const { pbx, bruno, incoming, ends } = talk;
    pbx.run(900_500);

    incoming.answer(phoneSdp(bruno.address, { port: 45_000, version: 2 }));
    pbx.run();

    expect(ends[1]?.remotes.at(-1)?.rtpPort).toBe(45_000);
  });

  test('a refresh answered with other media in direct mode is told to the other phone', () => {
    const talk = establishCall({ sessionTimerSec: 1800, mediaPolicy: 'direct' });
    const { pbx, anna, bruno, call, incoming } = talk;
    pbx.run(900_500);
    call.answer(phoneSdp(anna.address));
    pbx.run();

    incoming.answer(phoneSdp(bruno.address, { port: 45_000, version: 2 }));
    pbx.run();

    expect(call.methods).toBe('INVITE ACK INVITE');
    expect(call.requireRequest('INVITE').body.toString()).toContain('m=audio 45000');
  });

  test('there is none when the settings say 0 and no phone asks', () => {
    const talk = establishCall({ sessionTimerSec: 0, supported: 'timer' });
    const { pbx, call, incoming } = talk;

    pbx.run(8_000_000);

    expect(call.methods + incoming.methods).toBe('');
    endCall(talk);
  });
});
