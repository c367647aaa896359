import { expect, test } from 'vitest';
import type { SipRequest } from '../../../../system/call-plane/sip/messages/message.ts';
import { parseMessage } from '../../../../system/call-plane/sip/messages/parse-message.ts';
import { serializeMessage } from '../../../../system/call-plane/sip/messages/serialize-message.ts';
import { createSipUri, parseUri } from '../../../../system/call-plane/sip/messages/uri.ts';
import { CallPlaneHarness, pbxAddress } from '../../../support/call-plane/call-plane-harness.ts';
import type { PhoneCall } from '../../../support/call-plane/phone-call.ts';
import type { ScriptedPhone } from '../../../support/call-plane/scripted-phone.ts';
import { phoneSdp } from '../../../support/call-plane/phone-sdp.ts';

interface Pair {
  readonly pbx: CallPlaneHarness;
  readonly anna: ScriptedPhone;
  readonly bruno: ScriptedPhone;
}

function startPair(): Pair {
  const pbx = new CallPlaneHarness();
  pbx.addUser('1001', { name: 'Anna' });
  return {
    pbx,
    anna: pbx.addPhone('1001', '192.0.2.11'),
    bruno: pbx.addPhone('1002', '192.0.2.12'),
  };
}

function connect({ pbx, anna, bruno }: Pair): { call: PhoneCall; incoming: PhoneCall } {
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  const incoming = bruno.lastIncoming;
  incoming.progress(180);
  pbx.run();
  incoming.answer(phoneSdp(bruno.address));
  pbx.run();
  call.ack();
  pbx.run();
  return { call, incoming };
}

test('[SEC-005] sets up a call of an authenticated phone and ends it when the caller hangs up', () => {
  const pair = startPair();
  const { call, incoming } = connect(pair);
  pair.pbx.run(1000);

  call.bye();
  pair.pbx.run();

  expect(call.statuses).toBe('100 180 200 200');
  expect(incoming.methods).toBe('INVITE ACK BYE');
  expect(incoming.requireRequest('BYE').headers.get('Reason')).toBe(
    'Q.850;cause=16;text="Normal call clearing"',
  );
  pair.pbx.expectNothingLeft(1);
  expect(pair.pbx.lastRecord).toMatchObject({
    caller: { userId: 'user-1001', number: '1001', name: 'Anna' },
    callee: { userId: 'user-1002', number: '1002', name: 'User 1002' },
    outcome: 'answered',
    hangupSide: 'caller',
    sipStatus: 200,
    mediaMode: 'direct',
    revision: 7,
  });
  expect(pair.pbx.lastRecord.trace.map(({ code }) => code)).toEqual([
    'call-received',
    'user-found',
    'ringing',
    'answered',
    'hung-up',
  ]);
  expect(pair.pbx.lastRecord.legs.map(({ role, sipStatus }) => [role, sipStatus])).toEqual([
    ['caller', 200],
    ['callee', 200],
  ]);
});

test('ends the call when the callee hangs up, with the cause the callee gave', () => {
  const pair = startPair();
  const { call, incoming } = connect(pair);

  incoming.bye([['Reason', 'SIP;cause=200, Q.850;cause=31;text="<script>"']]);
  pair.pbx.run();

  expect(call.methods).toBe('BYE');
  expect(call.requireRequest('BYE').headers.get('Reason')).toBe(
    'Q.850;cause=31;text="Normal, unspecified"',
  );
  pair.pbx.expectNothingLeft(1);
  expect(pair.pbx.lastRecord).toMatchObject({ hangupSide: 'callee', outcome: 'answered' });
});

test('has written the record when the BYE is answered', () => {
  const pair = startPair();
  const { call } = connect(pair);
  let recordsAtAnswer = -1;
  pair.pbx.network.disturb = (packet) => {
    if (packet.fromAddress === '192.0.2.1' && packet.text.includes('CSeq: 2 BYE')) {
      recordsAtAnswer = pair.pbx.records.length;
    }
    return [0];
  };

  // Anna's INVITE had the sequence numbers 1; her BYE is the next.
  call.bye();
  pair.pbx.run();

  expect(call.lastResponse.cseq).toEqual({ sequence: 2, method: 'BYE' });
  expect(recordsAtAnswer).toBe(1);
});

test('passes no header field of the caller on', () => {
  const { pbx, anna, bruno } = startPair();
  const call = anna.call('1002', phoneSdp(anna.address), [
    ['Subject', 'secret'],
    ['X-Evil', '1'],
    ['User-Agent', 'Phone/1'],
    ['Alert-Info', '<http://192.0.2.99/ring.wav>'],
    ['Record-Route', '<sip:192.0.2.66;lr>'],
  ]);
  pbx.run();

  const invite = bruno.lastIncoming.requireRequest('INVITE');
  expect([...invite.headers.entries()].map(([name]) => name)).toEqual([
    'Via',
    'Max-Forwards',
    'From',
    'To',
    'Call-ID',
    'CSeq',
    'Contact',
    'Allow',
    'Supported',
    'Content-Type',
    'Content-Length',
  ]);
  expect(invite.callId).not.toBe(call.callId);
  expect(invite.from.displayName).toBe('Anna');
  expect(invite.from.uri).toMatchObject({ user: '1001', host: 'campanile.local' });
  expect(invite.maxForwards).toBe(69);
  expect(invite.body.toString()).not.toContain('o=- 77 ');
});

test('shows a hostile name as text', () => {
  const { pbx, anna, bruno } = startPair();
  pbx.addUser('1001', { name: 'Eve" <sip:root@x>\r\nEvil: 1' });

  anna.call('1002', phoneSdp(anna.address));
  pbx.run();

  const invite = bruno.lastIncoming.requireRequest('INVITE');
  expect(invite.from.uri).toMatchObject({ user: '1001' });
  expect(invite.headers.has('Evil')).toBe(false);
  expect(invite.from.displayName).toContain('Eve" <sip:root@x>');
});

test.each([
  ['an unknown number', '4711', 404, 'Q.850;cause=1;text="Unallocated number"'],
  ['a user without a phone', '1003', 480, 'Q.850;cause=20;text="Subscriber absent"'],
  ['a disabled user', '1004', 480, 'Q.850;cause=20;text="Subscriber absent"'],
  ['its own number from its only phone', '1001', 486, 'Q.850;cause=17;text="User busy"'],
])('[SIP-034] refuses a call to %s', (_what, number, status, reason) => {
  const { pbx, anna } = startPair();
  pbx.addUser('1003');
  pbx.addUser('1004', { enabled: false });

  const call = anna.call(number, phoneSdp(anna.address));
  pbx.run();

  expect(call.statuses).toBe(`100 ${String(status)}`);
  expect(call.lastResponse.headers.get('Reason')).toBe(reason);
  pbx.expectNothingLeft(1);
  expect(pbx.lastRecord).toMatchObject({ sipStatus: status, mediaMode: 'none' });
});

test.each([
  ['an extension that is not supported', 'Require', '100rel, timer', 420],
  ['Max-Forwards 0', 'Max-Forwards', '0', 483],
  ['a body of another type', 'Content-Type', 'text/plain', 415],
  ['an encoded body', 'Content-Encoding', 'gzip', 415],
  ['a session interval that is too small', 'Session-Expires', '60', 422],
] as const)('[SIP-034] refuses an INVITE with %s', (_what, name, value, status) => {
  const { pbx, anna } = startPair();

  anna.sendOutside(
    'INVITE',
    createSipUri({ user: '1002', host: '192.0.2.1' }),
    anna.ownAddress(),
    anna.ownAddress(),
    [
      ['Contact', anna.contact],
      ['Supported', 'timer'],
      ['Content-Type', 'application/sdp'],
      [name, value],
    ],
    phoneSdp(anna.address),
  );
  pbx.run();

  const response = anna.responses.at(-1);
  expect(response?.status).toBe(status);
  expect(response?.headers.get('Reason')).toMatch(/^Q\.850;cause=\d+/);
  expect(response?.headers.get('Unsupported')).toBe(status === 420 ? '100rel' : undefined);
  expect(response?.headers.get('Min-SE')).toBe(status === 422 ? '90' : undefined);
});

test.each([
  ['sips:1002@192.0.2.1', 416],
  ['http://192.0.2.1/', 416],
  ['sip:192.0.2.1', 484],
  ['tel:1002', 180],
  ['sip:1002;phone-context=x@anywhere', 180],
])('takes %s for what it dials', (uriText, status) => {
  const { pbx, anna, bruno } = startPair();

  anna.sendOutside(
    'INVITE',
    parseUri(uriText),
    anna.ownAddress(),
    anna.ownAddress(),
    [
      ['Contact', anna.contact],
      ['Content-Type', 'application/sdp'],
    ],
    phoneSdp(anna.address),
  );
  pbx.run();
  bruno.incoming.at(-1)?.progress(180);
  pbx.run();

  expect(anna.responses.at(-1)?.status).toBe(status);
});

test.each([
  ['unreadable SDP', 'v=0\r\no=broken\r\n', 400],
  ['no Contact', undefined, 400],
])('refuses an INVITE with %s', (_what, body, status) => {
  const { pbx, anna } = startPair();

  anna.sendOutside(
    'INVITE',
    createSipUri({ user: '1002', host: '192.0.2.1' }),
    anna.ownAddress(),
    anna.ownAddress(),
    body === undefined
      ? []
      : [
          ['Contact', anna.contact],
          ['Content-Type', 'application/sdp'],
        ],
    body,
  );
  pbx.run();

  expect(anna.responses.at(-1)?.status).toBe(status);
  pbx.expectNothingLeft(0);
});

test('answers the same INVITE that came by another path with 482', () => {
  const { pbx, anna, bruno } = startPair();
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();

  anna.send(sentRequest(pbx, 'INVITE'));
  pbx.run();

  expect(call.statuses).toBe('100 482');
  expect(bruno.incoming).toHaveLength(1);
});

test('answers 200 to both when both phones hang up at the same moment', () => {
  const pair = startPair();
  const { call, incoming } = connect(pair);

  incoming.bye();
  call.bye();
  pair.pbx.run();

  expect(call.methods).toBe('BYE');
  expect([call.lastResponse.status, incoming.lastResponse.status]).toEqual([200, 200]);
  pair.pbx.expectNothingLeft(1);
  expect(pair.pbx.lastRecord).toMatchObject({ hangupSide: 'callee', outcome: 'answered' });
});

test('answers 481 to a request in a dialog that does not exist', () => {
  const pair = startPair();
  const { call } = connect(pair);
  call.bye();
  pair.pbx.run();

  call.bye();
  pair.pbx.run();

  expect(call.lastResponse.status).toBe(481);
});

test('[SEC-005] takes an in-dialog request from another address only from the leg’s own user', () => {
  const pair = startPair();
  const { pbx } = pair;
  const { call } = connect(pair);
  // The BYE is lost; the thieves have seen it.
  pbx.network.disturb = () => [];
  call.bye();
  pbx.network.disturb = () => [0];
  const stolen = sentRequest(pbx, 'BYE');
  const stranger = pbx.addUnregisteredPhone('1009', '192.0.2.66');
  const thief = pbx.addPhone('1003', '192.0.2.67');

  stolen.headers.remove('Authorization');
  stranger.transport.send(serializeMessage(stolen), stranger.flow);
  pbx.run();
  thief.send(stolen);
  pbx.run();

  expect(lastStartLineTo(pbx, stranger.address)).toBe('SIP/2.0 401 Unauthorized');
  expect(lastStartLineTo(pbx, thief.address)).toBe('SIP/2.0 403 Forbidden');
  expect(pbx.control.callCount).toBe(1);
});

/** The last request of that method that any phone sent. */
function sentRequest(pbx: CallPlaneHarness, method: string): SipRequest {
  const packet = pbx.network.packets.findLast(
    ({ fromAddress, startLine }) => fromAddress !== pbxAddress && startLine.startsWith(method),
  );
  const message = parseMessage(Buffer.from(packet?.text ?? ''));
  if (message.kind !== 'request') {
    throw new Error(`no ${method} was sent`);
  }
  return message;
}

function lastStartLineTo(pbx: CallPlaneHarness, address: string): string | undefined {
  return pbx.network.packets.findLast(({ toAddress }) => toAddress === address)?.startLine;
}

test('[DIAG-010] the record of a call that no phone could take names whom it was for', () => {
  const { pbx, anna } = startPair();
  pbx.addUser('1003', { name: 'Carla' });

  anna.call('1003', phoneSdp(anna.address));
  pbx.run();

  expect(pbx.lastRecord.callee).toMatchObject({ number: '1003', name: 'Carla' });
});
