import { expect, test } from 'vitest';
import { CallPlaneHarness } from '../../../../support/call-plane/call-plane-harness.ts';
import { phoneSdp } from '../../../../support/call-plane/phone-sdp.ts';
import type { PhoneCall } from '../../../../support/call-plane/phone-call.ts';
import type { ScriptedPhone } from '../../../../support/call-plane/scripted-phone.ts';

function startService(number: string, sdp: string | undefined) {
  const pbx = new CallPlaneHarness();
  const anna: ScriptedPhone = pbx.addPhone('1001', '192.0.2.11');
  const call: PhoneCall = anna.call(number, sdp);
  pbx.run();
  return { pbx, anna, call };
}

test.each([
  ['*43', 'echo', '0 8 101', 'PCMU', 0],
  ['*44', 'milliwatt', '8 0', 'PCMA', 8],
  ['*43', 'echo', '9 18 8', 'PCMA', 8],
] as const)(
  '%s answers with %s, in the caller’s preferred G.711',
  (number, service, formats, codec, type) => {
    const { pbx, anna, call } = startService(number, phoneSdp('192.0.2.11', { formats }));
    call.ack();
    pbx.run();

    const [end] = pbx.media.endpoints;
    expect(call.statuses).toBe('100 200');
    expect(end?.service).toEqual([service, codec, type]);
    expect(end?.remotes).toEqual([
      { address: anna.address, rtpPort: 40_000, rtcpPort: 40_001, signallingAddress: anna.address },
    ]);
    expect(call.lastResponse.body.toString()).toContain(`m=audio ${String(end?.rtpPort)} RTP/AVP`);
    expect(pbx.control.listCalls(1).calls[0]).toMatchObject({
      state: 'answered',
      mediaMode: 'service',
      calleeName: service,
    });
    call.bye();
    pbx.run();
    pbx.expectNothingLeft(1);
    expect(pbx.lastRecord).toMatchObject({ outcome: 'answered', mediaMode: 'service' });
    expect(pbx.lastRecord.legs[0]?.media).toMatchObject({ codec, packetsReceived: 0 });
    expect(pbx.lastRecord.trace.map(({ code }) => code)).toEqual([
      'call-received',
      'service-found',
      'service-answered',
      'hung-up',
    ]);
  },
);

test('[SIP-034] refuses a caller without G.711 with 488', () => {
  const { pbx, call } = startService('*43', phoneSdp('192.0.2.11', { formats: '9 18' }));

  expect(call.statuses).toBe('100 488');
  expect(call.lastResponse.headers.get('Reason')).toMatch(/^Q\.850;cause=65/);
  pbx.expectNothingLeft(1);
});

test('[SIP-022] makes the offer itself when the caller makes none', () => {
  const { pbx, anna, call } = startService('*43', undefined);
  expect(call.lastResponse.body.toString()).toContain('RTP/AVP 0 8 101');

  call.ack(phoneSdp(anna.address, { formats: '8' }));
  pbx.run();

  expect(pbx.media.endpoints[0]?.service).toEqual(['echo', 'PCMA', 8]);
  call.bye();
  pbx.run();
  pbx.expectNothingLeft(1);
});

test('hangs up a caller that does not answer our offer', () => {
  const { pbx, call } = startService('*43', undefined);

  call.ack();
  pbx.run();

  expect(call.methods).toBe('BYE');
  pbx.expectNothingLeft(1);
});

test('[PARK-003] holds and resumes', () => {
  const { pbx, anna, call } = startService('*43', phoneSdp('192.0.2.11'));
  call.ack();
  pbx.run();

  call.reinvite(phoneSdp(anna.address, { version: 2, direction: 'sendonly' }));
  pbx.run();
  call.ack();
  expect(call.lastResponse.body.toString()).toContain('a=recvonly');
  expect(pbx.media.endpoints[0]?.direction).toEqual({ sends: false, receives: true });
  call.reinvite(phoneSdp(anna.address, { version: 3, formats: '8' }));
  pbx.run();
  call.ack();
  pbx.run();

  expect(call.lastResponse.body.toString()).toContain('a=sendrecv');
  expect(pbx.media.endpoints[0]?.service).toEqual(['echo', 'PCMA', 8]);
  call.bye();
  pbx.run();
  pbx.expectNothingLeft(1);
});

test('[SIP-034] answers 503 when there are no ports', () => {
  const pbx = new CallPlaneHarness();
  const anna = pbx.addPhone('1001', '192.0.2.11');
  pbx.media.totalPorts = 0;

  const call = anna.call('*43', phoneSdp(anna.address));
  pbx.run();

  expect(call.statuses).toBe('100 503');
  pbx.expectNothingLeft(1);
});
