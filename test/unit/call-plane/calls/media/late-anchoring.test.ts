import { expect, test } from 'vitest';
import { CallPlaneHarness } from '../../../../support/call-plane/call-plane-harness.ts';
import { phoneSdp } from '../../../../support/call-plane/phone-sdp.ts';

const audioOf = (body: Buffer | string | undefined): string[] =>
  String(body ?? '')
    .split('\r\n')
    .filter((line) => line.startsWith('c=') || line.startsWith('m=audio'));

/** Bruno's Contact is where he is seen, his description is not. */
const behindNat = phoneSdp('10.0.0.2', { port: 42_000 });

test.each([true, false])(
  '[MED-001] anchors a direct call when the answer shows a phone behind NAT (early answer: %s)',
  (hasEarlyAnswer) => {
    const pbx = new CallPlaneHarness();
    const anna = pbx.addPhone('1001', '192.0.2.11');
    const bruno = pbx.addPhone('1002', '198.51.100.7');
    const call = anna.call('1002', phoneSdp(anna.address));
    pbx.run();
    const incoming = bruno.lastIncoming;
    expect(audioOf(incoming.requests[0]?.body)).toContain('c=IN IP4 192.0.2.11');
    if (hasEarlyAnswer) {
      incoming.progress(183, behindNat);
      pbx.run();
    }

    incoming.requests.length = 0;
    incoming.answer(behindNat);
    pbx.run();
    call.ack();
    pbx.run();

    const [annasEnd, brunosEnd] = pbx.media.endpoints;
    const heard = call.responses.filter(({ body }) => body.length > 0);
    expect(heard).toHaveLength(hasEarlyAnswer ? 2 : 1);
    for (const { body } of heard) {
      expect(audioOf(body)).toEqual([
        `c=IN IP4 ${annasEnd?.localAddress ?? ''}`,
        `m=audio ${String(annasEnd?.rtpPort)} RTP/AVP 0 8 101`,
      ]);
    }
    const reInvite = incoming.requests.find(({ method }) => method === 'INVITE');
    expect(audioOf(reInvite?.body)).toEqual([
      `c=IN IP4 ${brunosEnd?.localAddress ?? ''}`,
      `m=audio ${String(brunosEnd?.rtpPort)} RTP/AVP 0 8 101`,
    ]);

    incoming.answer(behindNat);
    pbx.run();
    expect(brunosEnd?.remotes.at(-1)).toMatchObject({ address: '198.51.100.7', rtpPort: 42_000 });
    call.bye();
    pbx.run();
    pbx.expectNothingLeft(1);
    expect(pbx.records[0]?.mediaMode).toBe('anchored');
  },
);

test('leaves the call direct when there are no ports to anchor it', () => {
  const pbx = new CallPlaneHarness();
  const anna = pbx.addPhone('1001', '192.0.2.11');
  const bruno = pbx.addPhone('1002', '198.51.100.7');
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  // Room for one of the two ends.
  pbx.media.totalPorts = 2;

  bruno.lastIncoming.answer(behindNat);
  pbx.run();
  call.ack();
  pbx.run();

  expect(audioOf(call.lastResponse.body)).toContain('c=IN IP4 10.0.0.2');
  call.bye();
  pbx.run();
  pbx.expectNothingLeft(1);
  expect(pbx.records[0]?.mediaMode).toBe('direct');
});
