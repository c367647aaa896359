import { expect, test } from 'vitest';
import type { CallRef } from '../../../../system/foundation/ids.ts';
import { CallPlaneHarness } from '../../../support/call-plane/call-plane-harness.ts';
import { endCall, establishCall } from '../../../support/call-plane/established-call.ts';
import { phoneSdp } from '../../../support/call-plane/phone-sdp.ts';

test('lists calls with their legs', () => {
  const { pbx } = establishCall();

  const { calls, total } = pbx.control.listCalls(10);

  expect(total).toBe(1);
  expect(calls).toMatchObject([
    {
      state: 'answered',
      callerNumber: '1001',
      callerName: 'User 1001',
      calleeNumber: '1002',
      calleeName: 'User 1002',
      mediaMode: 'anchored',
      legs: [
        { role: 'caller', userId: 'user-1001', remote: 'udp 192.0.2.11:5060', codec: 'PCMU' },
        { role: 'callee', userId: 'user-1002', remote: 'udp 192.0.2.12:5060', codec: 'PCMU' },
      ],
    },
  ]);
  expect(pbx.control.listCalls(0)).toEqual({ calls: [], total: 1 });
  const callRef = calls[0]?.callRef ?? ('' as CallRef);
  expect(pbx.control.mediaOf(callRef)?.map(({ legRef }) => legRef)).toEqual([
    `${callRef}.1`,
    `${callRef}.2`,
  ]);
});

test('what a phone sends before its answer is here does not count as a stranger’s', () => {
  const pbx = new CallPlaneHarness();
  pbx.settings.mediaPolicy = 'anchored';
  const anna = pbx.addPhone('1001', '192.0.2.11');
  const bruno = pbx.addPhone('1002', '192.0.2.12');
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  const toBruno = pbx.media.endpoints[1];
  if (toBruno === undefined) {
    throw new Error('Bruno has no endpoint');
  }
  const strangersOfBruno = (): number | undefined => {
    const { callRef } = pbx.control.listCalls(1).calls[0] ?? {};
    const legs = callRef === undefined ? undefined : pbx.control.mediaOf(callRef);
    return legs?.[1]?.media.packetsFromStrangers;
  };
  toBruno.packetsFromStrangers = 3;
  expect(strangersOfBruno()).toBe(0);

  bruno.lastIncoming.answer(phoneSdp(bruno.address));
  pbx.run();
  call.ack();
  expect(strangersOfBruno()).toBe(0);
  toBruno.packetsFromStrangers = 5;
  expect(strangersOfBruno()).toBe(2);

  call.bye();
  pbx.run();
  pbx.expectNothingLeft(1);
  expect(pbx.lastRecord.legs[1]?.media?.packetsFromStrangers).toBe(2);
});

test('an administrator hangs up a call', () => {
  const { pbx, call, incoming } = establishCall();
  const callRef = pbx.control.listCalls(1).calls[0]?.callRef ?? ('' as CallRef);

  expect(pbx.control.hangUp(callRef)).toBe(true);
  pbx.run();

  expect(call.methods).toBe('BYE');
  expect(incoming.methods).toBe('BYE');
  expect(pbx.lastRecord).toMatchObject({ hangupSide: 'administrator', outcome: 'answered' });
  expect(pbx.control.hangUp(callRef)).toBe(false);
  pbx.expectNothingLeft(1);
});

test('[SIP-034] an administrator ends a call that rings', () => {
  const pbx = new CallPlaneHarness();
  const anna = pbx.addPhone('1001', '192.0.2.11');
  const bruno = pbx.addPhone('1002', '192.0.2.12');
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  bruno.lastIncoming.progress(180);
  pbx.run();

  pbx.control.hangUp(pbx.control.listCalls(1).calls[0]?.callRef ?? ('' as CallRef));
  pbx.run();

  expect(call.statuses).toBe('100 180 480');
  expect(bruno.lastIncoming.methods).toBe('INVITE CANCEL');
  pbx.expectNothingLeft(1);
  expect(pbx.lastRecord).toMatchObject({ hangupSide: 'administrator', outcome: 'failed' });
});

test('a graceful stop ends every call, refuses new ones, and is done when the phones know', async () => {
  const { pbx, anna, call, incoming } = establishCall();
  let isDone = false;

  const stopped = pbx.control.hangUpAll().then(() => {
    isDone = true;
  });
  await Promise.resolve();
  expect(isDone).toBe(false);
  const late = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  await stopped;

  expect(call.methods + incoming.methods).toBe('BYEBYE');
  expect(late.statuses).toBe('503');
  pbx.control.close();
  pbx.expectNothingLeft(1);
});

test('a graceful stop cancels phones that ring and waits for their 487 and the caller’s ACK', async () => {
  const pbx = new CallPlaneHarness();
  const anna = pbx.addPhone('1001', '192.0.2.11');
  const bruno = pbx.addPhone('1002', '192.0.2.12');
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  const incoming = bruno.lastIncoming;
  incoming.progress(180);
  pbx.run();
  let isDone = false;

  const stopped = pbx.control.hangUpAll().then(() => {
    isDone = true;
  });
  pbx.run(1_000);
  await Promise.resolve();
  expect(isDone).toBe(false);
  expect(incoming.methods).toBe('INVITE CANCEL');
  incoming.respondTo(incoming.requireRequest('CANCEL'), 200);
  incoming.reject(487);
  pbx.run();
  await stopped;

  expect(incoming.methods).toBe('INVITE CANCEL ACK');
  expect(call.statuses).toBe('100 180 503');
  expect(call.lastResponse.headers.get('Reason')).toBe('Q.850;cause=41;text="Temporary failure"');
  pbx.control.close();
  pbx.expectNothingLeft(1);
});

test('a graceful stop repeats the refusal of a caller until it is acknowledged', async () => {
  const pbx = new CallPlaneHarness();
  const anna = pbx.addPhone('1001', '192.0.2.11');
  const bruno = pbx.addPhone('1002', '192.0.2.12');
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  bruno.lastIncoming.progress(180);
  pbx.run();
  let isLost = false;
  pbx.network.disturb = (packet) => {
    const isFirst = !isLost && packet.toAddress === anna.address;
    isLost ||= isFirst;
    return isFirst ? [] : [0];
  };

  const stopped = pbx.control.hangUpAll();
  pbx.run();
  const incoming = bruno.lastIncoming;
  incoming.respondTo(incoming.requireRequest('CANCEL'), 200);
  incoming.reject(487);
  pbx.run(600);
  await stopped;

  expect(call.statuses).toBe('100 180 503');
  pbx.control.close();
  pbx.expectNothingLeft(1);
});

test('a graceful stop waits no longer than 2 s for phones that are gone', async () => {
  const { pbx, anna, bruno } = establishCall();
  pbx.network.remove(anna.transport);
  pbx.network.remove(bruno.transport);

  const stopped = pbx.control.hangUpAll();
  pbx.run(2_000);
  await stopped;

  expect(pbx.records).toHaveLength(1);
});

test('a graceful stop without calls is done at once', async () => {
  await expect(new CallPlaneHarness().control.hangUpAll()).resolves.toBeUndefined();
});

test('tells of changes of the list at most four times a second', () => {
  const talk = establishCall();
  talk.pbx.run(1_000);
  const before = talk.pbx.callsChanged.length;

  talk.call.reinvite(phoneSdp(talk.anna.address, { version: 2, direction: 'sendonly' }));
  talk.pbx.run(5);
  talk.incoming.answer(phoneSdp(talk.bruno.address, { direction: 'recvonly' }));
  talk.pbx.run(5);
  talk.call.bye();
  talk.pbx.run(1_000);

  expect(talk.pbx.callsChanged.slice(before)).toEqual([0]);
});

test('a call that goes wrong in this program ends alone', () => {
  const { pbx, anna, call, incoming, ends } = establishCall();
  const other = establishCall();
  const [end] = ends;
  if (end !== undefined) {
    end.setDirection = () => {
      throw new Error('a bug');
    };
  }

  call.reinvite(phoneSdp(anna.address, { version: 2, direction: 'sendonly' }));
  pbx.run();
  incoming.answer(phoneSdp('192.0.2.12', { version: 2, direction: 'recvonly' }));
  pbx.run();

  expect(pbx.errors).toHaveLength(1);
  expect(call.methods).toBe('BYE');
  expect(incoming.methods).toBe('INVITE ACK BYE');
  expect(pbx.control.callCount).toBe(0);
  expect(pbx.media.portUsage().used).toBe(0);
  expect(pbx.records).toHaveLength(1);
  endCall(other);
});

test('a phone whose answer goes wrong in this program is hung up, its caller refused', () => {
  const pbx = new CallPlaneHarness();
  pbx.settings.mediaPolicy = 'anchored';
  const anna = pbx.addPhone('1001', '192.0.2.11');
  const bruno = pbx.addPhone('1002', '192.0.2.12');
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  for (const endpoint of pbx.media.endpoints) {
    endpoint.join = () => {
      throw new Error('a bug');
    };
  }
  bruno.lastIncoming.answer(phoneSdp(bruno.address));
  pbx.run();

  expect(pbx.errors).toHaveLength(1);
  expect(call.statuses).toBe('100 500');
  expect(bruno.lastIncoming.methods).toBe('INVITE ACK BYE');
  expect(pbx.control.callCount).toBe(0);
  expect(pbx.media.portUsage().used).toBe(0);
  expect(pbx.records).toHaveLength(1);
});

test('ends an anchored call whose phones have both fallen silent', () => {
  const { pbx, call, incoming, ends } = establishCall({ silenceSec: 60 });
  const setSilence = (index: number, silentForMs: number | undefined): void => {
    const end = ends[index];
    if (end !== undefined) {
      end.silentForMs = silentForMs;
    }
  };
  pbx.run(60_000);
  expect(pbx.control.callCount).toBe(1);

  // One phone that is heard is enough.
  setSilence(0, 61_000);
  pbx.run(20_000);
  expect(pbx.control.callCount).toBe(1);
  // Of the other nothing ever came.
  setSilence(1, undefined);
  pbx.run(20_000);

  expect(call.methods).toBe('BYE');
  expect(incoming.methods).toBe('BYE');
  pbx.expectNothingLeft(1);
  // What is left is the registrar's.
  expect(pbx.clock.pendingCount).toBe(1);
});

test('silence on hold is no sign of death', () => {
  const talk = establishCall({ silenceSec: 60 });
  const { pbx, anna, bruno, call, incoming, ends } = talk;
  call.reinvite(phoneSdp(anna.address, { version: 2, direction: 'inactive' }));
  pbx.run();
  incoming.answer(phoneSdp(bruno.address, { version: 2, direction: 'inactive' }));
  pbx.run();
  call.ack();
  for (const end of ends) {
    end.silentForMs = 900_000;
  }

  pbx.run(300_000);

  expect(pbx.control.callCount).toBe(1);
  endCall(talk);
});
