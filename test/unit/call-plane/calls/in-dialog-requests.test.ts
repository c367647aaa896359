import { describe, expect, test } from 'vitest';
import { endCall, establishCall } from '../../../support/call-plane/established-call.ts';
import { phoneSdp } from '../../../support/call-plane/phone-sdp.ts';

describe('UPDATE', () => {
  test.each([
    [true, 'UPDATE'],
    [false, 'INVITE'],
  ])(
    '[SIP-023] passes an offer on as UPDATE if the other phone allows it: %s',
    (allowsUpdate, method) => {
      const talk = establishCall({ allowsUpdate });
      const { pbx, anna, bruno, call, incoming } = talk;

      call.update(phoneSdp(anna.address, { version: 2, direction: 'sendonly' }));
      pbx.run();
      const offered = incoming.requireRequest(method);
      expect(offered.body.toString()).toContain('a=sendonly');
      incoming.respondTo(
        offered,
        200,
        [['Contact', bruno.contact]],
        phoneSdp(bruno.address, { port: 42_000, version: 2, direction: 'recvonly' }),
      );
      pbx.run();

      expect(call.statuses).toBe('200');
      expect(call.lastResponse.body.toString()).toContain('a=recvonly');
      expect(incoming.methods).toBe(allowsUpdate ? 'UPDATE' : 'INVITE ACK');
      endCall(talk);
    },
  );

  test('answers an UPDATE without a body itself', () => {
    const talk = establishCall();
    const { pbx, call, incoming } = talk;

    call.update(undefined);
    pbx.run();

    expect(call.statuses).toBe('200');
    expect(incoming.methods).toBe('');
    endCall(talk);
  });

  test('refuses an offer by UPDATE while the INVITE’s own offer is unanswered', () => {
    const talk = establishCall();
    const { pbx, anna, bruno } = talk;
    const second = anna.call('1002', phoneSdp(anna.address));
    pbx.run();
    bruno.lastIncoming.progress(180);
    pbx.run();

    second.update(phoneSdp(anna.address, { version: 2 }));
    bruno.lastIncoming.update(phoneSdp(bruno.address, { version: 2 }));
    pbx.run();

    // RFC 3311 §5.2: ours is the answer that is missing, so 500; the callee's is, so 491.
    expect(second.lastResponse).toMatchObject({ status: 500 });
    expect(second.lastResponse.headers.get('Retry-After')).toBe('5');
    expect(bruno.lastIncoming.lastResponse).toMatchObject({ status: 491 });
  });
});

describe('INFO', () => {
  const digit = 'Signal=5\r\nDuration=160\r\n';

  test.each([
    [200, 200],
    [415, 415],
    [404, 500],
  ])('passes a digit on and the other phone’s %i back as %i', (answer, status) => {
    const talk = establishCall();
    const { pbx, call, incoming } = talk;

    call.request('INFO', digit, [['Content-Type', 'application/dtmf-relay']]);
    pbx.run();
    const info = incoming.requireRequest('INFO');
    expect(info.body.toString()).toBe(digit);
    expect(info.contentType).toBe('application/dtmf-relay');
    incoming.respondTo(info, answer);
    pbx.run();

    expect(call.statuses).toBe(String(status));
    endCall(talk);
  });

  test.each([
    ['nothing', undefined, [], 200],
    ['another type', 'hello', [['Content-Type', 'text/html']], 415],
    [
      'an info package',
      'x',
      [
        ['Info-Package', 'dtmf'],
        ['Content-Type', 'application/dtmf'],
      ],
      469,
    ],
  ] as const)('answers an INFO with %s itself', (_what, body, headers, status) => {
    const talk = establishCall();
    const { pbx, call, incoming } = talk;

    call.request('INFO', body, headers);
    pbx.run();

    expect(call.statuses).toBe(String(status));
    expect(incoming.methods).toBe('');
    endCall(talk);
  });
});

test.each([
  ['OPTIONS', 200],
  ['REFER', 405],
  ['PRACK', 405],
  ['FROBNICATE', 501],
])('answers %s inside the dialog with %i', (method, status) => {
  const talk = establishCall();
  const { pbx, call } = talk;

  call.request(method, undefined, []);
  pbx.run();

  expect(call.lastResponse.status).toBe(status);
  expect(call.lastResponse.headers.has('Allow')).toBe(true);
  endCall(talk);
});
