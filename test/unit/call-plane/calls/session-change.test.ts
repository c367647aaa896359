import { describe, expect, test } from 'vitest';
import { endCall, establishCall } from '../../../support/call-plane/established-call.ts';
import { phoneSdp } from '../../../support/call-plane/phone-sdp.ts';
import type { PhoneCall } from '../../../support/call-plane/phone-call.ts';

function bodyOf(call: PhoneCall, method: string): string {
  return call.requireRequest(method).body.toString();
}

/** `m=audio 30000` of a body. */
function audioPort(body: string): string | undefined {
  return /m=audio (\d+)/.exec(body)?.[1];
}

function version(body: string): string | undefined {
  return /o=- \d+ (\d+)/.exec(body)?.[1];
}

describe.each(['direct', 'anchored'] as const)('hold (%s)', (mediaPolicy) => {
  test('[PARK-003] [SIP-023] passes hold and resume to the other phone and its answer back', () => {
    const talk = establishCall({ mediaPolicy });
    const { pbx, anna, bruno, call, incoming, ends } = talk;

    call.reinvite(phoneSdp(anna.address, { version: 2, direction: 'sendonly' }));
    pbx.run();
    const offer = bodyOf(incoming, 'INVITE');
    expect(offer).toContain('a=sendonly');
    expect(version(offer)).toBe('2');
    incoming.answer(phoneSdp(bruno.address, { port: 42_000, version: 2, direction: 'recvonly' }));
    pbx.run();
    call.ack();
    pbx.run();

    expect(call.statuses).toBe('200');
    expect(call.lastResponse.body.toString()).toContain('a=recvonly');
    expect(incoming.methods).toBe('INVITE ACK');
    expect(pbx.control.listCalls(10).calls[0]?.legs.map(({ onHold }) => onHold)).toEqual([
      true,
      false,
    ]);
    if (mediaPolicy === 'anchored') {
      expect(ends.map(({ direction }) => direction)).toEqual([
        { sends: false, receives: true },
        { sends: true, receives: false },
      ]);
    }

    call.reinvite(phoneSdp(anna.address, { version: 3 }));
    pbx.run();
    incoming.answer(phoneSdp(bruno.address, { port: 42_000, version: 3 }));
    pbx.run();
    call.ack();
    pbx.run();

    expect(pbx.control.listCalls(10).calls[0]?.legs.map(({ onHold }) => onHold)).toEqual([
      false,
      false,
    ]);
    if (mediaPolicy === 'anchored') {
      expect(ends.map(({ direction }) => direction)).toEqual([
        { sends: true, receives: true },
        { sends: true, receives: true },
      ]);
      // The phones never moved: the learning window stayed shut.
      expect(ends.map(({ remotes }) => remotes.length)).toEqual([1, 1]);
    }
    endCall(talk);
  });
});

test('[PARK-003] the callee can hold as well', () => {
  const talk = establishCall();
  const { pbx, anna, bruno, call, incoming } = talk;

  incoming.reinvite(phoneSdp(bruno.address, { port: 42_000, version: 2, direction: 'inactive' }));
  pbx.run();
  expect(bodyOf(call, 'INVITE')).toContain('a=inactive');
  call.answer(phoneSdp(anna.address, { version: 2, direction: 'inactive' }));
  pbx.run();
  incoming.ack();
  pbx.run();

  expect(incoming.statuses).toBe('200');
  expect(call.methods).toBe('INVITE ACK');
  endCall(talk);
});

test('[PARK-003] makes a direction of the hold of old phones, whose address of zeros it replaces', () => {
  const talk = establishCall();
  const { pbx, call, incoming, ends } = talk;

  call.reinvite(phoneSdp('0.0.0.0', { version: 2 }));
  pbx.run();

  const offer = bodyOf(incoming, 'INVITE');
  expect(offer).toContain('c=IN IP4 192.0.2.1\r\n');
  expect(offer).toContain('a=sendonly');
  expect(audioPort(offer)).toBe(String(ends[1]?.rtpPort));
  endCall(talk);
});

test('[SIP-023] follows a phone whose address or codec changes', () => {
  const talk = establishCall();
  const { pbx, anna, bruno, call, incoming, ends } = talk;

  call.reinvite(phoneSdp('192.0.2.99', { port: 46_000, version: 2, formats: '8' }));
  pbx.run();
  incoming.answer(phoneSdp(bruno.address, { port: 42_000, version: 2, formats: '8' }));
  pbx.run();
  call.ack();
  pbx.run();

  expect(ends[0]?.remotes.at(-1)).toEqual({
    address: '192.0.2.99',
    rtpPort: 46_000,
    rtcpPort: 46_001,
    signallingAddress: anna.address,
  });
  expect(ends[1]?.remotes).toHaveLength(1);
  expect(pbx.control.listCalls(1).calls[0]?.legs[0]?.codec).toBe('PCMA');
  expect(anna.address).not.toBe('192.0.2.99');
  endCall(talk);
});

test('refuses streams that cannot be anchored, so that a fax falls back to its audio', () => {
  const talk = establishCall();
  const { pbx, anna, call, incoming } = talk;
  const audioOff = phoneSdp(anna.address, { version: 2, port: 0 });

  call.reinvite(`${audioOff}m=image 5000 udptl t38\r\n`);
  pbx.run();
  expect(call.statuses).toBe('488');
  expect(incoming.methods).toBe('');

  // Without any stream the session goes on in silence.
  call.reinvite(audioOff);
  pbx.run();
  expect(bodyOf(incoming, 'INVITE')).toContain('m=audio 0 ');
  endCall(talk);
});

test('[MED-002] passes every stream and attribute between phones that talk directly', () => {
  const talk = establishCall({ mediaPolicy: 'direct' });
  const { pbx, anna, call, incoming } = talk;
  const video = 'm=video 5000 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\na=fmtp:99 x=1\r\n';

  call.reinvite(`${phoneSdp(anna.address, { version: 2 })}${video}`);
  pbx.run();

  expect(bodyOf(incoming, 'INVITE')).toContain(video);
  endCall(talk);
});

test('lets the other phone make the offer when a re-INVITE has none', () => {
  const talk = establishCall();
  const { pbx, anna, bruno, call, incoming, ends } = talk;

  call.reinvite(undefined);
  pbx.run();
  expect(incoming.requireRequest('INVITE').body).toHaveLength(0);
  incoming.answer(phoneSdp(bruno.address, { port: 44_000, version: 2 }));
  pbx.run();
  expect(incoming.methods).toBe('INVITE');
  expect(audioPort(call.lastResponse.body.toString())).toBe(String(ends[0]?.rtpPort));
  call.ack(phoneSdp(anna.address, { version: 2 }));
  pbx.run();

  expect(audioPort(bodyOf(incoming, 'ACK'))).toBe(String(ends[1]?.rtpPort));
  expect(ends[1]?.remotes.at(-1)?.rtpPort).toBe(44_000);
  endCall(talk);
});

test.each([
  [488, 488],
  [491, 491],
  [403, 500],
  [401, 500],
])(
  'hands the refusal %i of a change back as %i; the session stays as it was',
  (refusal, status) => {
    const talk = establishCall();
    const { pbx, anna, call, incoming, ends } = talk;

    call.reinvite(phoneSdp(anna.address, { version: 2, direction: 'sendonly' }));
    pbx.run();
    incoming.reject(refusal);
    pbx.run();

    expect(call.statuses).toBe(String(status));
    expect(ends[0]?.direction).toEqual({ sends: true, receives: true });
    expect(pbx.control.callCount).toBe(1);
    endCall(talk);
  },
);

test.each([408, 481])('ends the call when the other phone answers a change with %i', (refusal) => {
  const talk = establishCall();
  const { pbx, anna, call, incoming } = talk;

  call.reinvite(phoneSdp(anna.address, { version: 2, direction: 'sendonly' }));
  pbx.run();
  incoming.reject(refusal);
  pbx.run();

  expect(call.methods).toBe('BYE');
  expect(incoming.methods).toBe(refusal === 481 ? 'INVITE ACK' : 'INVITE ACK BYE');
  pbx.expectNothingLeft(1);
  expect(pbx.lastRecord).toMatchObject({ outcome: 'answered', hangupSide: 'system' });
});

test('ends the call when the other phone does not answer a change at all', () => {
  const talk = establishCall();
  const { pbx, anna, bruno, call } = talk;
  pbx.network.remove(bruno.transport);

  call.reinvite(phoneSdp(anna.address, { version: 2, direction: 'sendonly' }));
  pbx.run(33_000);

  expect(call.methods).toBe('BYE');
  pbx.expectNothingLeft(1);
});

test('[SIP-023] both phones want a change in the same moment: each gets 491, nobody is stuck', () => {
  const talk = establishCall();
  const { pbx, anna, bruno, call, incoming } = talk;
  const annaHolds = phoneSdp(anna.address, { version: 2, direction: 'sendonly' });
  const brunoHolds = phoneSdp(bruno.address, { port: 42_000, version: 2, direction: 'sendonly' });

  call.reinvite(annaHolds);
  incoming.reinvite(brunoHolds);
  pbx.run();
  // Anna's came first: it is at Bruno, who refuses it because his own is open.
  expect(incoming.statuses).toBe('491');
  incoming.respondTo(incoming.requireRequest('INVITE'), 491);
  pbx.run();
  expect(call.statuses).toBe('491');

  // Each tries again after its own time (RFC 3261 §14.1); Anna, who owns her Call-ID, later.
  incoming.reinvite(brunoHolds);
  pbx.run();
  call.answer(phoneSdp(anna.address, { version: 2, direction: 'recvonly' }));
  pbx.run();
  incoming.ack();
  pbx.run();
  expect(incoming.statuses).toBe('491 200');
  endCall(talk);
});

test('answers 500 with Retry-After to a second change while the first is open', () => {
  const talk = establishCall();
  const { pbx, anna, call } = talk;
  call.reinvite(phoneSdp(anna.address, { version: 2, direction: 'sendonly' }));
  pbx.run();

  call.update(phoneSdp(anna.address, { version: 3 }));
  pbx.run();

  expect(call.lastResponse.status).toBe(500);
  expect(call.lastResponse.headers.get('Retry-After')).toBe('5');
});

test('gives up a change that its phone cancels', () => {
  const talk = establishCall();
  const { pbx, anna, call, incoming } = talk;
  call.reinvite(phoneSdp(anna.address, { version: 2, direction: 'sendonly' }));
  pbx.run();
  incoming.progress(180);
  pbx.run();

  call.cancel();
  pbx.run();
  incoming.respondTo(incoming.requireRequest('CANCEL'), 200);
  incoming.reject(487);
  pbx.run();

  expect(call.statuses.split(' ').toSorted()).toEqual(['200', '487']);
  expect(pbx.control.callCount).toBe(1);
  endCall(talk);
});

test('answers a repeated offer itself: it only refreshes the session', () => {
  const talk = establishCall();
  const { pbx, anna, call, incoming } = talk;

  call.reinvite(phoneSdp(anna.address));
  pbx.run();
  call.ack();
  pbx.run();

  expect(call.statuses).toBe('200');
  expect(version(call.lastResponse.body.toString())).toBe('1');
  expect(incoming.methods).toBe('');
  endCall(talk);
});

test('follows a new remote target', () => {
  const talk = establishCall();
  const { pbx, call, incoming } = talk;

  call.request('UPDATE', undefined, [['Contact', '<sip:moved@192.0.2.11:5060>']]);
  pbx.run();
  incoming.bye();
  pbx.run();

  expect(call.requireRequest('BYE').requestUri).toMatchObject({ user: 'moved' });
  pbx.expectNothingLeft(1);
});

test('refuses what it cannot read without touching the session', () => {
  const talk = establishCall();
  const { pbx, call, incoming } = talk;

  call.reinvite('v=0\r\no=broken');
  pbx.run();
  call.request('UPDATE', 'not sdp', [['Content-Type', 'text/plain']]);
  pbx.run();
  call.reinvite(undefined, [['Require', 'replaces']]);
  pbx.run();

  expect(call.statuses).toBe('488 415 420');
  expect(incoming.methods).toBe('');
  endCall(talk);
});

test('ends the call when the other phone answers a change with nonsense', () => {
  const talk = establishCall();
  const { pbx, anna, call, incoming } = talk;

  call.reinvite(phoneSdp(anna.address, { version: 2, direction: 'sendonly' }));
  pbx.run();
  incoming.answer('v=9');
  pbx.run();

  expect(call.statuses).toBe('500');
  expect(call.methods).toBe('BYE');
  expect(incoming.methods).toBe('INVITE ACK BYE');
  pbx.expectNothingLeft(1);
});

test('a request out of order gets 500', () => {
  const talk = establishCall();
  const { pbx, call } = talk;
  call.request('OPTIONS', undefined, []);
  pbx.run();
  const packet = pbx.network.packets.findLast(({ startLine }) => startLine.startsWith('OPTIONS'));

  const older = (packet?.text ?? '')
    .replace(/CSeq: \d+/, 'CSeq: 1')
    .replace(/branch=[^;]+/, 'branch=z9hG4bKolder');
  talk.anna.transport.send(Buffer.from(older), talk.anna.flow);
  pbx.run();

  expect(call.lastResponse.status).toBe(500);
  expect(call.lastResponse.reason).toBe('CSeq Out Of Order');
});

test('hanging up while a change is open ends everything', () => {
  const talk = establishCall();
  const { pbx, anna, bruno, call, incoming } = talk;
  call.reinvite(phoneSdp(anna.address, { version: 2, direction: 'sendonly' }));
  pbx.run();

  incoming.bye();
  pbx.run();
  // Bruno's phone answers the change although it has hung up.
  incoming.answer(phoneSdp(bruno.address, { port: 42_000, version: 2 }));
  pbx.run();

  expect(call.statuses).toBe('487');
  expect(call.methods).toBe('BYE');
  expect(incoming.methods.endsWith('ACK')).toBe(true);
  pbx.expectNothingLeft(1);
});
