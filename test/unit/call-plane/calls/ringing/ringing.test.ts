import { expect, test } from 'vitest';
import type { SipRequest } from '../../../../../system/call-plane/sip/messages/message.ts';
import { at, startFork } from '../../../../support/call-plane/forked-call.ts';
import { phoneSdp } from '../../../../support/call-plane/phone-sdp.ts';

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
    const cancel = phone.lastIncoming.requireRequest('CANCEL');
    expect(cancel.headers.get('Reason')).toBe('Q.850;cause=19;text="No answer from user"');
    phone.lastIncoming.respondTo(cancel, 200);
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
