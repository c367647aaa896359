import { describe, expect, test } from 'vitest';
import { at, startFork } from '../../../../support/call-plane/forked-call.ts';
import { phoneSdp } from '../../../../support/call-plane/phone-sdp.ts';

describe('early media', () => {
  const otherFormats = { formats: '8 101' };

  function earlyCall(phoneCount: number) {
    const fork = startFork(phoneCount);
    const call = fork.anna.call('1002', phoneSdp(fork.anna.address));
    fork.pbx.run();
    return { ...fork, call };
  }

  test('[SIP-022] passes an early answer on and joins the audio before the call is answered', () => {
    const { pbx, phones, call } = earlyCall(1);
    const incoming = at(phones, 0).lastIncoming;

    incoming.progress(183, phoneSdp(at(phones, 0).address));
    pbx.run();

    const [callerEnd, calleeEnd] = pbx.media.endpoints;
    expect(call.statuses).toBe('100 183');
    expect(call.lastResponse.body.toString()).toContain(
      `m=audio ${String(callerEnd?.rtpPort)} RTP/AVP 0 8 101`,
    );
    expect(callerEnd?.joined).toBe(calleeEnd);
    expect(callerEnd?.remotes).toEqual([
      { address: '192.0.2.11', rtpPort: 40_000, rtcpPort: 40_001, signallingAddress: '192.0.2.11' },
    ]);
    expect(calleeEnd?.remotes).toEqual([
      { address: '192.0.2.20', rtpPort: 40_000, rtcpPort: 40_001, signallingAddress: '192.0.2.20' },
    ]);
  });

  test('[SIP-022] repeats the early answer in the 200, in the same dialog', () => {
    const { pbx, phones, call } = earlyCall(1);
    const incoming = at(phones, 0).lastIncoming;
    incoming.progress(183, phoneSdp(at(phones, 0).address));
    incoming.progress(180);
    pbx.run();
    const early = call.responses.find(({ status }) => status === 183);

    incoming.answer(phoneSdp(at(phones, 0).address));
    pbx.run();

    expect(call.statuses).toBe('100 183 180 200');
    expect(call.lastResponse.body.equals(early?.body ?? Buffer.alloc(0))).toBe(true);
    expect(call.lastResponse.to.parameters.get('tag')).toBe(early?.to.parameters.get('tag'));
    // The learning window was opened once for each phone.
    expect(pbx.media.endpoints.map(({ remotes }) => remotes.length)).toEqual([1, 1]);
    call.ack();
    call.bye();
    pbx.run();
    pbx.expectNothingLeft(1);
  });

  test('takes the early answer for the answer when the 200 has none', () => {
    const { pbx, phones, call } = earlyCall(1);
    const incoming = at(phones, 0).lastIncoming;
    incoming.progress(183, phoneSdp(at(phones, 0).address));
    pbx.run();

    incoming.answer(undefined);
    pbx.run();

    expect(call.statuses).toBe('100 183 200');
    expect(call.lastResponse.body.toString()).toContain('m=audio');
  });

  test('[SIP-022] answers in a dialog of its own when another phone answers than the one heard early', () => {
    const { pbx, phones, call } = earlyCall(2);
    at(phones, 0).lastIncoming.progress(183, phoneSdp(at(phones, 0).address));
    pbx.run();
    at(phones, 1).lastIncoming.progress(183, phoneSdp(at(phones, 1).address, otherFormats));
    pbx.run();
    const early = call.lastResponse;
    expect(call.statuses).toBe('100 183');

    at(phones, 1).lastIncoming.answer(phoneSdp(at(phones, 1).address, otherFormats));
    pbx.run();

    expect(call.statuses).toBe('100 183 200');
    expect(call.lastResponse.to.parameters.get('tag')).not.toBe(early.to.parameters.get('tag'));
    expect(call.lastResponse.body.toString()).toContain('RTP/AVP 8 101');
    const open = pbx.media.endpoints.filter(({ isClosed }) => !isClosed);
    expect(open).toHaveLength(2);
    expect(open[0]?.joined).toBe(open[1]);
    call.ack();
    pbx.run();
    call.bye();
    pbx.run();
    expect(call.lastResponse).toMatchObject({ status: 200 });
    pbx.expectNothingLeft(1);
  });

  test('leaves out a phone whose answer has no usable description; the others ring on', () => {
    const { pbx, phones, call } = earlyCall(2);

    at(phones, 0).lastIncoming.answer('v=1\r\nnonsense');
    pbx.run();
    expect(call.statuses).toBe('100');
    expect(at(phones, 0).lastIncoming.methods).toBe('INVITE ACK BYE');
    at(phones, 1).lastIncoming.answer(phoneSdp(at(phones, 1).address));
    pbx.run();

    expect(call.statuses).toBe('100 200');
  });
});
