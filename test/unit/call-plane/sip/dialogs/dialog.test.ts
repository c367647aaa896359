import { describe, expect, test } from 'vitest';
import {
  createUacDialog,
  createUasDialog,
} from '../../../../../system/call-plane/sip/dialogs/dialog.ts';
import { parseMessage } from '../../../../../system/call-plane/sip/messages/parse-message.ts';
import { serializeMessage } from '../../../../../system/call-plane/sip/messages/serialize-message.ts';
import type {
  SipRequest,
  SipResponse,
} from '../../../../../system/call-plane/sip/messages/message.ts';
import { serializeUri } from '../../../../../system/call-plane/sip/messages/uri.ts';

const flow = {
  protocol: 'udp',
  localAddress: '192.0.2.1',
  localPort: 5060,
  remoteAddress: '192.0.2.11',
  remotePort: 5060,
} as const;

function request(...more: readonly string[]): SipRequest {
  const message = parseMessage(
    Buffer.from(
      [
        'INVITE sip:1002@192.0.2.1 SIP/2.0',
        'Via: SIP/2.0/UDP 192.0.2.11;branch=z9hG4bK1',
        'From: "Anna" <sip:1001@campanile.local>;tag=a',
        'To: <sip:1002@campanile.local>',
        'Call-ID: x',
        'CSeq: 7 INVITE',
        ...more,
        '',
        '',
      ].join('\r\n'),
    ),
  );
  if (message.kind !== 'request') {
    throw new Error('not a request');
  }
  return message;
}

function response(...more: readonly string[]): SipResponse {
  const message = parseMessage(
    Buffer.from(
      [
        'SIP/2.0 200 OK',
        'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1',
        'From: "Anna" <sip:1001@campanile.local>;tag=a',
        'To: <sip:1002@campanile.local>;tag=b',
        'Call-ID: x',
        'CSeq: 7 INVITE',
        ...more,
        '',
        '',
      ].join('\r\n'),
    ),
  );
  if (message.kind !== 'response') {
    throw new Error('not a response');
  }
  return message;
}

/** Start line and Route of what is sent. */
function routed(sent: SipRequest): { readonly uri: string; readonly routes: string[] } {
  return { uri: serializeUri(sent.requestUri), routes: sent.headers.getAll('Route') };
}

describe('[SIP-001] the route set (RFC 3261 §12.1, §12.2.1.1)', () => {
  const recordRoutes = [
    'Record-Route: <sip:p2.example;lr>, <sip:p1.example;lr>',
    'Record-Route: <sip:p0.example;lr>',
  ];

  test('of the UAS is the Record-Route of the request', () => {
    const dialog = createUasDialog(
      request('Contact: <sip:anna@192.0.2.11>', ...recordRoutes),
      'b',
      flow,
      undefined,
    );

    expect(dialog && routed(dialog.createRequest('BYE', []))).toEqual({
      uri: 'sip:anna@192.0.2.11',
      routes: ['<sip:p2.example;lr>', '<sip:p1.example;lr>', '<sip:p0.example;lr>'],
    });
  });

  test('of the UAC is the Record-Route of the response, reversed', () => {
    const dialog = createUacDialog(
      request('Contact: <sip:pbx@192.0.2.1>'),
      response('Contact: <sip:bruno@192.0.2.12>', ...recordRoutes),
      flow,
      undefined,
    );

    expect(routed(dialog.createRequest('BYE', []))).toEqual({
      uri: 'sip:bruno@192.0.2.12',
      routes: ['<sip:p0.example;lr>', '<sip:p1.example;lr>', '<sip:p2.example;lr>'],
    });
  });

  test('gives a strict router its own URI and the target at the end', () => {
    const dialog = createUasDialog(
      request(
        'Contact: <sip:anna@192.0.2.11>',
        'Record-Route: <sip:strict.example>, <sip:p1.example;lr>',
      ),
      'b',
      flow,
      undefined,
    );

    expect(dialog && routed(dialog.createRequest('BYE', []))).toEqual({
      uri: 'sip:strict.example',
      routes: ['<sip:p1.example;lr>', '<sip:anna@192.0.2.11>'],
    });
  });

  test('is settled by the 2xx', () => {
    const dialog = createUacDialog(
      request('Contact: <sip:pbx@192.0.2.1>'),
      response('Contact: <sip:early@192.0.2.12>', ...recordRoutes),
      flow,
      undefined,
    );

    dialog.confirmFrom(response('Contact: <sip:final@192.0.2.12>'));

    expect(dialog.state).toBe('confirmed');
    expect(routed(dialog.createRequest('BYE', []))).toEqual({
      uri: 'sip:final@192.0.2.12',
      routes: [],
    });
  });
});

test('a request carries the dialog’s tags and the next sequence number; an ACK its INVITE’s', () => {
  const dialog = createUasDialog(request('Contact: <sip:anna@192.0.2.11>'), 'b', flow, 'account');
  const bye = dialog?.createRequest('BYE', [['Reason', 'x']]);
  const ack = dialog?.createAck(5, []);

  expect(bye && serializeMessage(bye).toString()).toBe(
    [
      'BYE sip:anna@192.0.2.11 SIP/2.0',
      'Max-Forwards: 70',
      'From: <sip:1002@campanile.local>;tag=b',
      'To: "Anna" <sip:1001@campanile.local>;tag=a',
      'Call-ID: x',
      'CSeq: 1 BYE',
      'Reason: x',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );
  expect(ack?.cseq).toEqual({ sequence: 5, method: 'ACK' });
});

test('takes sequence numbers only upwards', () => {
  const dialog = createUasDialog(request('Contact: <sip:a@192.0.2.11>'), 'b', flow, undefined);

  expect([6, 7, 8, 8, 20, 9].map((sequence) => dialog?.acceptSequence(sequence))).toEqual([
    false,
    false,
    true,
    false,
    true,
    false,
  ]);
});

test('an INVITE without Contact makes no dialog', () => {
  expect(createUasDialog(request(), 'b', flow, undefined)).toBeUndefined();
});
