import { describe, expect, test } from 'vitest';
import type { SipRequest } from '../../../../system/call-plane/sip/messages/message.ts';
import { CallPlaneHarness } from '../../../support/call-plane-harness.ts';
import type { ScriptedPhone } from '../../../support/scripted-phone.ts';
import { phoneSdp } from '../../../support/scripted-phone.ts';

/** Anna calls a user with several phones. */
function startFork(phoneCount: number): {
  readonly pbx: CallPlaneHarness;
  readonly anna: ScriptedPhone;
  readonly phones: readonly ScriptedPhone[];
} {
  const pbx = new CallPlaneHarness();
  pbx.settings.mediaPolicy = 'anchored';
  const anna = pbx.addPhone('1001', '192.0.2.11');
  const phones = Array.from({ length: phoneCount }, (_, index) =>
    pbx.addPhone('1002', `192.0.2.${String(20 + index)}`),
  );
  return { pbx, anna, phones };
}

function at(phones: readonly ScriptedPhone[], index: number): ScriptedPhone {
  const phone = phones[index];
  if (phone === undefined) {
    throw new Error(`there is no phone ${String(index)}`);
  }
  return phone;
}

test('rings all phones of a user; the first that answers has the call, the others are cancelled', () => {
  const { pbx, anna, phones } = startFork(3);
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  for (const phone of phones) {
    phone.lastIncoming.progress(180);
  }
  pbx.run();

  at(phones, 1).lastIncoming.answer(phoneSdp(at(phones, 1).address));
  pbx.run();
  call.ack();
  for (const index of [0, 2]) {
    const loser = at(phones, index).lastIncoming;
    loser.respondTo(loser.requireRequest('CANCEL'), 200);
    loser.reject(487);
  }
  pbx.run();

  expect(call.statuses).toBe('100 180 200');
  expect(phones.map((phone) => phone.lastIncoming.methods)).toEqual([
    'INVITE CANCEL ACK',
    'INVITE ACK',
    'INVITE CANCEL ACK',
  ]);
  expect(at(phones, 0).lastIncoming.requireRequest('CANCEL').headers.get('Reason')).toBe(
    'SIP;cause=200;text="Call completed elsewhere"',
  );
  // The caller and the phone that answered.
  expect(pbx.media.portUsage().used).toBe(4);
  call.bye();
  pbx.run();
  pbx.expectNothingLeft(1);
  expect(pbx.lastRecord.legs.map(({ sipStatus }) => sipStatus)).toEqual([200, 487, 200, 487]);
});

test('acknowledges and hangs up a phone whose answer crosses the CANCEL', () => {
  const { pbx, anna, phones } = startFork(2);
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  for (const phone of phones) {
    phone.lastIncoming.progress(180);
  }
  pbx.run();

  // Both go off hook in the same moment.
  for (const phone of phones) {
    phone.lastIncoming.answer(phoneSdp(phone.address));
  }
  pbx.run();
  call.ack();
  pbx.run();

  expect(at(phones, 0).lastIncoming.methods).toBe('INVITE ACK');
  expect(at(phones, 1).lastIncoming.methods).toMatch(/^INVITE (CANCEL )?ACK BYE$/);
  expect(at(phones, 1).lastIncoming.requireRequest('BYE').headers.get('Reason')).toBe(
    'SIP;cause=200;text="Call completed elsewhere"',
  );
  call.bye();
  pbx.run();
  pbx.expectNothingLeft(1);
});

test('acknowledges every repetition of an answer', () => {
  const { pbx, anna, phones } = startFork(1);
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  const incoming = at(phones, 0).lastIncoming;
  incoming.answer(phoneSdp(at(phones, 0).address));
  pbx.run();
  incoming.answer(phoneSdp(at(phones, 0).address));
  pbx.run();

  expect(incoming.methods).toBe('INVITE ACK ACK');
  call.ack();
  call.bye();
  pbx.run();
  pbx.expectNothingLeft(1);
});

test('acknowledges an answer that comes again after the call is over, and hangs up only once', () => {
  const { pbx, anna, phones } = startFork(1);
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  const incoming = at(phones, 0).lastIncoming;
  incoming.answer(phoneSdp(at(phones, 0).address));
  pbx.run();
  call.ack();
  call.bye();
  pbx.run(1_000);
  incoming.answer(phoneSdp(at(phones, 0).address));
  pbx.run(1_000);
  expect(incoming.methods).toBe('INVITE ACK BYE ACK');

  // A second phone behind a proxy that answers even later is sent away.
  incoming.tag = 'late-fork';
  incoming.answer(phoneSdp(at(phones, 0).address));
  pbx.run();
  expect(incoming.methods).toBe('INVITE ACK BYE ACK ACK BYE');
  expect(incoming.requireRequest('BYE').to.parameters.get('tag')).toBe('late-fork');
  pbx.expectNothingLeft(1);
});

test('takes the first of two answers that a forking proxy lets through, and hangs up the second', () => {
  const { pbx, anna, phones } = startFork(1);
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  const incoming = at(phones, 0).lastIncoming;
  incoming.progress(180);
  incoming.tag = 'other-fork';
  incoming.progress(180);
  pbx.run();

  incoming.answer(phoneSdp(at(phones, 0).address));
  pbx.run();
  incoming.tag = 'late-fork';
  incoming.answer(phoneSdp(at(phones, 0).address));
  pbx.run();

  const byes = incoming.requests.filter(({ method }) => method === 'BYE');
  expect(byes.map((bye) => bye.to.parameters.get('tag'))).toEqual(['late-fork']);
  expect(byes[0]?.headers.get('Reason')).toBe('SIP;cause=200;text="Call completed elsewhere"');
  expect(call.statuses).toBe('100 180 200');
  call.ack();
  call.bye();
  pbx.run();
  expect(incoming.requireRequest('BYE').to.parameters.get('tag')).toBe('other-fork');
  pbx.expectNothingLeft(1);
});

test.each([
  ['all phones are busy', [486, 486], 486, 'busy', 'callee'],
  ['one phone is busy and one unreachable', [486, 408], 486, 'busy', 'callee'],
  ['one phone declines and one rings', [603], 603, 'rejected', 'callee'],
  ['one phone has do not disturb and one failed', [480, 500], 480, 'rejected', 'callee'],
  ['no phone speaks the codec', [488, 488], 488, 'failed', 'system'],
  ['phones redirect', [302, 302], 480, 'failed', 'system'],
  ['phones ask for credentials', [401, 407], 480, 'failed', 'system'],
  ['phones are overloaded', [503, 503], 480, 'failed', 'system'],
  ['the person is busy everywhere', [600], 486, 'busy', 'callee'],
] as const)(
  '[SIP-034] tells the caller the most telling failure: %s',
  (_what, statuses, status, outcome, side) => {
    const { pbx, anna, phones } = startFork(2);
    const call = anna.call('1002', phoneSdp(anna.address));
    pbx.run();
    for (const phone of phones) {
      phone.lastIncoming.progress(180);
    }
    pbx.run();

    for (const [index, phoneStatus] of statuses.entries()) {
      at(phones, index).lastIncoming.reject(phoneStatus);
    }
    pbx.run();
    const ringing = phones.slice(statuses.length).map((phone) => phone.lastIncoming);
    for (const cancelled of ringing) {
      cancelled.respondTo(cancelled.requireRequest('CANCEL'), 200);
      cancelled.reject(487);
    }
    pbx.run();

    expect(call.lastResponse.status).toBe(status);
    expect(call.lastResponse.headers.get('Reason')).toMatch(/^Q\.850;cause=/);
    expect(call.lastResponse.headers.has('WWW-Authenticate')).toBe(false);
    pbx.expectNothingLeft(1);
    expect(pbx.lastRecord).toMatchObject({ outcome, hangupSide: side, sipStatus: status });
  },
);

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

test('a call whose phone has said nothing but 100 is calling, and ends with the ring time', () => {
  const { pbx, anna, phones } = startFork(1);
  pbx.settings.ringTimeoutSec = 25;
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  const incoming = at(phones, 0).lastIncoming;
  incoming.progress(100);
  pbx.run(20_000);

  expect(pbx.control.listCalls(1).calls[0]?.state).toBe('calling');
  expect(call.statuses).toBe('100');
  pbx.run(5_000);
  expect(incoming.methods).toBe('INVITE CANCEL');
  incoming.respondTo(incoming.requireRequest('CANCEL'), 200);
  incoming.reject(487);
  pbx.run();

  expect(call.statuses).toBe('100 480');
  expect(call.lastResponse.headers.get('Reason')).toBe('Q.850;cause=18;text="No user responding"');
  expect(pbx.lastRecord).toMatchObject({ outcome: 'no-answer', sipStatus: 480 });
  expect(pbx.lastRecord.trace.map(({ code }) => code)).toContain('no-response');
  pbx.expectNothingLeft(1);
});

test('[SIP-034] ends ringing after the time the settings give, and cancels every phone', () => {
  const { pbx, anna, phones } = startFork(2);
  pbx.settings.ringTimeoutSec = 25;
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  for (const phone of phones) {
    phone.lastIncoming.progress(180);
  }
  pbx.run(24_900);
  expect(call.statuses).toBe('100 180');

  pbx.run(200);
  for (const phone of phones) {
    phone.lastIncoming.respondTo(phone.lastIncoming.requireRequest('CANCEL'), 200);
    phone.lastIncoming.reject(487);
  }

  expect(call.statuses).toBe('100 180 480');
  expect(call.lastResponse.headers.get('Reason')).toBe('Q.850;cause=19;text="No answer from user"');
  pbx.expectNothingLeft(1);
  expect(pbx.lastRecord).toMatchObject({ outcome: 'no-answer', hangupSide: 'system' });
});

test('takes a phone that says nothing for unreachable, while another rings', () => {
  const { pbx, anna, phones } = startFork(2);
  pbx.network.disturb = (packet) => (packet.toAddress === at(phones, 0).address ? [] : [0]);
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  const reachable = at(phones, 1).lastIncoming;
  reachable.progress(180);
  pbx.run(40_000);

  reachable.answer(phoneSdp(at(phones, 1).address));
  pbx.run();
  call.ack();
  pbx.run();
  call.bye();
  pbx.run();

  expect(call.statuses).toBe('100 180 200 200');
  pbx.expectNothingLeft(1);
  expect(pbx.lastRecord.legs.map(({ sipStatus }) => sipStatus).toSorted()).toEqual([200, 200, 408]);
});

test('answers 480 when the only phone is unreachable', () => {
  const { pbx, anna, phones } = startFork(1);
  pbx.network.remove(at(phones, 0).transport);

  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run(33_000);

  expect(call.statuses).toBe('100 480');
  pbx.expectNothingLeft(1);
});

test('does not ring the phone that calls when a user calls the own number', () => {
  const { pbx, anna } = startFork(0);
  const second = pbx.addPhone('1001', '192.0.2.13');

  const call = anna.call('1001', phoneSdp(anna.address));
  pbx.run();
  second.lastIncoming.progress(180);
  pbx.run();

  expect(anna.incoming).toHaveLength(0);
  expect(call.statuses).toBe('100 180');
});

test('gives a phone one more try when it wants a longer session interval', () => {
  const { pbx, anna, phones } = startFork(1);
  pbx.settings.sessionTimerSec = 600;
  anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  const incoming = at(phones, 0).lastIncoming;
  const first = incoming.requireRequest('INVITE');

  incoming.respondTo(first, 422, [['Min-SE', '1800']]);
  pbx.run();

  const second = incoming.requireRequest('INVITE');
  expect(second.cseq.sequence).toBe(first.cseq.sequence + 1);
  expect(second.headers.get('Session-Expires')).toBe('1800');
  expect(second.headers.get('Min-SE')).toBe('1800');
});

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

test('hangs up both when the caller never acknowledges the answer', () => {
  const { pbx, anna, phones } = startFork(1);
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  at(phones, 0).lastIncoming.answer(phoneSdp(at(phones, 0).address));
  pbx.run(31_000);
  expect(pbx.control.callCount).toBe(1);
  expect(call.methods).toBe('');

  pbx.run(2_000);

  expect(call.methods).toBe('BYE');
  expect(at(phones, 0).lastIncoming.methods).toBe('INVITE ACK BYE');
  pbx.expectNothingLeft(1);
  expect(pbx.lastRecord.hangupSide).toBe('system');
});

test('sends the BYE of a callee that hangs up at once only after the caller’s ACK', () => {
  const { pbx, anna, phones } = startFork(1);
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  const incoming = at(phones, 0).lastIncoming;
  incoming.answer(phoneSdp(at(phones, 0).address));
  pbx.run();

  incoming.bye();
  pbx.run();
  expect(call.methods).toBe('');
  expect(pbx.records).toHaveLength(1);
  call.ack();
  pbx.run();

  expect(call.methods).toBe('BYE');
  pbx.expectNothingLeft(1);
});

test('rings no phone when there are no ports, and frees those it had', () => {
  const { pbx, anna, phones } = startFork(3);
  // Enough for the caller and two phones, not for the third.
  pbx.media.totalPorts = 6;

  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();

  expect(call.statuses).toBe('100 503');
  expect(
    phones.map((phone): SipRequest[] => phone.incoming.flatMap(({ requests }) => requests)),
  ).toEqual([[], [], []]);
  pbx.expectNothingLeft(1);
});
