import { describe, expect, test } from 'vitest';
import { at, startFork } from '../../../support/call-plane/forked-call.ts';
import { phoneSdp } from '../../../support/call-plane/phone-sdp.ts';

describe('delayed offer', () => {
  test.each(['direct', 'anchored'] as const)(
    '[SIP-022] lets the callee offer in its 200 and the caller answer in its ACK (%s)',
    (mediaPolicy) => {
      const { pbx, anna, phones } = startFork(1);
      pbx.settings.mediaPolicy = mediaPolicy;
      const call = anna.call('1002', undefined);
      pbx.run();
      const incoming = at(phones, 0).lastIncoming;
      expect(incoming.requireRequest('INVITE').body).toHaveLength(0);

      incoming.answer(phoneSdp(at(phones, 0).address, { port: 42_000 }));
      pbx.run();
      // The callee's ACK has to wait for the caller's answer.
      expect(incoming.methods).toBe('INVITE');
      const [callerEnd, calleeEnd] = pbx.media.endpoints;
      const offeredPort = mediaPolicy === 'direct' ? 42_000 : callerEnd?.rtpPort;
      expect(call.lastResponse.body.toString()).toContain(`m=audio ${String(offeredPort)} `);
      call.ack(phoneSdp(anna.address, { formats: '8' }));
      pbx.run();

      expect(incoming.methods).toBe('INVITE ACK');
      const answeredPort = mediaPolicy === 'direct' ? 40_000 : calleeEnd?.rtpPort;
      expect(incoming.requireRequest('ACK').body.toString()).toContain(
        `m=audio ${String(answeredPort)} RTP/AVP 8\r\n`,
      );
      call.bye();
      pbx.run();
      pbx.expectNothingLeft(1);
    },
  );

  test('hangs up both when the ACK brings no answer', () => {
    const { pbx, anna, phones } = startFork(1);
    const call = anna.call('1002', undefined);
    pbx.run();
    at(phones, 0).lastIncoming.answer(phoneSdp(at(phones, 0).address));
    pbx.run();

    call.ack();
    pbx.run();

    expect(call.methods).toBe('BYE');
    expect(at(phones, 0).lastIncoming.methods).toBe('INVITE ACK BYE');
    pbx.expectNothingLeft(1);
  });

  test('hangs up both when the ACK never comes', () => {
    const { pbx, anna, phones } = startFork(1);
    const call = anna.call('1002', undefined);
    pbx.run();
    at(phones, 0).lastIncoming.answer(phoneSdp(at(phones, 0).address));
    pbx.run(33_000);

    expect(call.methods).toBe('BYE');
    expect(at(phones, 0).lastIncoming.methods).toBe('INVITE ACK BYE');
    pbx.expectNothingLeft(1);
  });
});
