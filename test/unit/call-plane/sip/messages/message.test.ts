import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HeaderFields } from '../../../../../system/call-plane/sip/messages/header-fields.ts';
import { messageLimits } from '../../../../../system/call-plane/sip/messages/message-limits.ts';
import {
  createRequest,
  createResponse,
  type SipMessage,
  type SipRequest,
} from '../../../../../system/call-plane/sip/messages/message.ts';
import {
  parseNameAddr,
  serializeNameAddr,
  type NameAddr,
} from '../../../../../system/call-plane/sip/messages/name-addr.ts';
import { parseMessage } from '../../../../../system/call-plane/sip/messages/parse-message.ts';
import { serializeMessage } from '../../../../../system/call-plane/sip/messages/serialize-message.ts';
import { SipParseError } from '../../../../../system/call-plane/sip/messages/sip-parse-error.ts';
import { parseUri } from '../../../../../system/call-plane/sip/messages/uri.ts';
import { parseVia, serializeVia } from '../../../../../system/call-plane/sip/messages/via.ts';
import { sipUri } from './sip-uri.ts';

/** Text without control characters, which are replaced by spaces when it is written. */
const printable = fc
  .string({ unit: 'binary', maxLength: 20 })

  .map((text) => text.replaceAll(/[\u0000-\u001f\u007f]/g, ' ').toWellFormed());
const token = fc.stringMatching(/^[a-z][a-z0-9.!%*_+`'~-]{0,9}$/);

const nameAddr: fc.Arbitrary<NameAddr> = fc
  .record({
    displayName: fc.option(printable, { nil: undefined }),
    uri: sipUri,
    parameters: fc
      .array(fc.tuple(token, fc.option(printable, { nil: undefined })), { maxLength: 4 })
      .map((entries) => new Map(entries)),
  })
  .map(({ displayName, uri, parameters }) =>
    displayName === undefined || displayName === ''
      ? { uri, parameters }
      : { displayName, uri, parameters },
  );

const base = [
  'INVITE sip:1002@campanile.local SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.7:5062;branch=z9hG4bK1;rport, SIP/2.0/TCP b.example.com;branch=z9hG4bK0',
  'Max-Forwards: 70',
  'From: "J\u00fcrgen, M." <sip:1001@campanile.local>;tag=a1',
  'To: <sip:1002@campanile.local>',
  'Call-ID: 77@192.0.2.7',
  'CSeq: 4 INVITE',
  'Record-Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>',
  'Contact: <sip:1001@192.0.2.7:5062>',
  'Timestamp: 54',
];

function bytesOf(lines: readonly string[], body = ''): Buffer {
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

function parseRequest(bytes: Buffer): SipRequest {
  const message = parseMessage(bytes);
  if (message.kind !== 'request') {
    throw new Error('expected a request');
  }
  return message;
}

function codeOf(bytes: Buffer): string {
  try {
    parseMessage(bytes);
  } catch (error) {
    if (error instanceof SipParseError) {
      return error.code;
    }
    throw error;
  }
  return 'accepted';
}

describe('name-addr and Via', () => {
  test('a name-addr comes out of its text as it went in', () => {
    fc.assert(
      fc.property(nameAddr, (value) => {
        const text = serializeNameAddr(value);
        expect(text).not.toMatch(/[\r\n]/);
        expect(parseNameAddr(text)).toEqual(value);
      }),
    );
  });

  test('an address without brackets leaves its parameters to the header field', () => {
    const value = parseNameAddr('sip:1001@h;transport=tcp ; tag = 9');
    expect(value.uri).toEqual(parseUri('sip:1001@h'));
    expect([...value.parameters]).toEqual([
      ['transport', 'tcp'],
      ['tag', '9'],
    ]);
  });

  test('an unquoted display name may have characters outside ASCII', () => {
    expect(parseNameAddr('Bj\u00f6rn  O <sip:h>').displayName).toBe('Bj\u00f6rn  O');
  });

  test('a Via with an IPv6 host and parameters comes out as it went in', () => {
    const text = 'SIP/2.0/TCP [2001:db8::9]:5070;branch=z9hG4bKx;rport;received=2001:db8::1';
    expect(parseVia(text)).toMatchObject({ protocol: 'TCP', host: '2001:db8::9', port: 5070 });
    expect(serializeVia(parseVia(text))).toBe(text);
  });
});

describe('header fields', () => {
  test('are found under every spelling and in compact form', () => {
    const headers = new HeaderFields();
    headers.append('v', 'SIP/2.0/UDP a');
    headers.append('x-MINE', '1');
    expect(headers.get('VIA')).toBe('SIP/2.0/UDP a');
    expect([...headers.entries()]).toEqual([
      ['Via', 'SIP/2.0/UDP a'],
      ['X-Mine', '1'],
    ]);
  });

  test('lists are split at commas outside quotes and angle brackets', () => {
    const headers = new HeaderFields();
    headers.append('Contact', '"a, \\"b" <sip:x@h?q=1,2>;p="c,d" ,, <sip:y@h>');
    headers.append('Contact', '<sip:z@h>');
    expect(headers.getAll('m')).toEqual([
      '"a, \\"b" <sip:x@h?q=1,2>;p="c,d"',
      '<sip:y@h>',
      '<sip:z@h>',
    ]);
    expect(headers.getFirst('Contact')).toBe('"a, \\"b" <sip:x@h?q=1,2>;p="c,d"');
  });

  test('set, replaceFirst and remove change only what they name', () => {
    const headers = new HeaderFields();
    headers.append('To', 'Via');
    headers.append('Via', 'SIP/2.0/UDP a, SIP/2.0/UDP b');
    headers.append('Via', 'SIP/2.0/UDP c');
    headers.replaceFirst('Via', 'SIP/2.0/UDP a;received=192.0.2.1');
    expect(headers.getAll('Via')).toEqual([
      'SIP/2.0/UDP a;received=192.0.2.1',
      'SIP/2.0/UDP b',
      'SIP/2.0/UDP c',
    ]);
    headers.set('Via', 'SIP/2.0/UDP d');
    expect(headers.getAll('Via')).toEqual(['SIP/2.0/UDP d']);
    headers.remove('v');
    expect([...headers.entries()]).toEqual([['To', 'Via']]);
  });

  test('a name that is no token is a mistake of ours', () => {
    expect(() => {
      new HeaderFields().append('X\r\nY', '');
    }).toThrow('token');
  });
});

describe('messages', () => {
  test('what was built is read back the same, whatever the texts in it', () => {
    const parts = fc.record({
      from: nameAddr,
      to: nameAddr,
      requestUri: sipUri.map((uri) => ({ ...uri, headers: '' })),
      value: fc.string({ unit: 'binary', maxLength: 40 }),
      body: fc.uint8Array({ maxLength: 64 }),
    });
    fc.assert(
      fc.property(parts, ({ from, to, requestUri, value, body }) => {
        const request = createRequest({
          method: 'INVITE',
          requestUri,
          from,
          to,
          callId: 'c@h',
          cseq: 7,
          headers: [['Subject', value]],
          body: Buffer.from(body),
        });
        request.headers.prepend('Via', 'SIP/2.0/UDP h;branch=z9hG4bK7');
        const parsed = parseRequest(serializeMessage(request));
        expect(parsed.requestUri).toEqual(requestUri);
        expect(parsed.from).toEqual(from);
        expect(parsed.to).toEqual(to);
        expect(parsed.cseq).toEqual({ sequence: 7, method: 'INVITE' });
        expect(parsed.headers.size).toBe(8);
        expect(parsed.body.equals(Buffer.from(body))).toBe(true);
      }),
    );
  });

  test('no text from outside can add a header field or a line', () => {
    const hostile = 'x\r\nInjected: yes\r\n\r\nbody';
    const request = createRequest({
      method: 'INVITE',
      requestUri: { scheme: 'other', text: `sip:a SIP/2.0\r\nInjected: yes` },
      from: {
        displayName: hostile,
        uri: parseUri('sip:a@h'),
        parameters: new Map([['tag', hostile]]),
      },
      to: {
        uri: {
          scheme: 'sip',
          user: hostile,
          host: 'h',
          parameters: new Map([['p', hostile]]),
          headers: '',
        },
        parameters: new Map(),
      },
      callId: hostile,
      cseq: 1,
      headers: [['Subject', hostile]],
    });
    const response = createResponse(request, 486, hostile, { toTag: hostile });
    for (const message of [request, response] as SipMessage[]) {
      const text = serializeMessage(message).toString();
      expect(text.endsWith('Content-Length: 0\r\n\r\n')).toBe(true);
      expect(text.split('\r\n').filter((line) => /^(Injected|body)/.test(line))).toEqual([]);
      expect(text.split('\r\n')).toHaveLength(message.headers.size + 4);
    }
  });

  test('reads folded, compact and repeated header fields, and UTF-8', () => {
    const message = parseRequest(bytesOf([...base, 'Subject: a', '  b', '\tc', 's: second']));
    expect(message.from.displayName).toBe('J\u00fcrgen, M.');
    expect(message.headers.getLines('Subject')).toEqual(['a b c', 'second']);
    expect(message.via).toMatchObject({ host: '192.0.2.7', port: 5062, branch: 'z9hG4bK1' });
    expect(message.recordRoutes).toHaveLength(2);
  });

  test('a head that is not UTF-8 is read as ISO 8859-1', () => {
    const bytes = Buffer.from(bytesOf(base).toString('utf8'), 'latin1');
    expect(parseMessage(bytes).from.displayName).toBe('J\u00fcrgen, M.');
  });

  test('getters follow changes of the header fields', () => {
    const message = parseMessage(bytesOf(base));
    expect(message.contacts).toHaveLength(1);
    message.headers.set('Contact', '*');
    message.headers.set('To', '<sip:other@h>;tag=9');
    message.headers.replaceFirst('Via', 'SIP/2.0/UDP changed;branch=z9hG4bK9');
    expect(message.contacts).toBe('*');
    expect(message.to.parameters.get('tag')).toBe('9');
    expect(message.via.host).toBe('changed');
  });

  test('RFC 3261 §8.2.6: a response copies what identifies the request', () => {
    const request = parseRequest(bytesOf(base));
    const trying = createResponse(request, 100, undefined, { toTag: 't' });
    expect(trying.to.parameters.has('tag')).toBe(false);
    expect(trying.headers.get('Timestamp')).toBe('54');
    const ringing = createResponse(request, 180, undefined, { toTag: 't' });
    expect(ringing.reason).toBe('Ringing');
    expect(ringing.to.parameters.get('tag')).toBe('t');
    expect(ringing.headers.getAll('Via')).toEqual(request.headers.getAll('Via'));
    expect(ringing.headers.getAll('Record-Route')).toHaveLength(2);
    expect(ringing.headers.has('Timestamp')).toBe(false);
    const busy = createResponse(request, 486, undefined, { toTag: 't' });
    expect(busy.headers.has('Record-Route')).toBe(false);
    expect(busy.cseq).toEqual(request.cseq);
    request.headers.set('To', '<sip:1002@campanile.local>;tag=theirs');
    expect(createResponse(request, 200, undefined, { toTag: 't' }).to.parameters.get('tag')).toBe(
      'theirs',
    );
  });

  test.each([
    ['no empty line', Buffer.from(base.join('\r\n')), 'framing'],
    ['lone LF', Buffer.from(bytesOf(base).toString().replace('70\r\n', '70\n')), 'framing'],
    ['lone CR', bytesOf([...base, 'Subject: a\rb']), 'framing'],
    ['no colon', bytesOf([...base, 'Subject']), 'header-field'],
    ['name is no token', bytesOf([...base, 'Sub ject: a']), 'header-field'],
    [
      'fold before the first field',
      bytesOf([base[0] ?? '', ' x', ...base.slice(1)]),
      'header-field',
    ],
    ['bad Max-Forwards', bytesOf(base.map((line) => line.replace('70', '256'))), 'max-forwards'],
    ['star beside a contact', bytesOf([...base, 'Contact: *']), 'uri'],
    [
      'two Content-Length',
      bytesOf([...base, 'l: 0', 'Content-Length: 0']),
      'repeated-header-field',
    ],
    [
      'too many fields',
      bytesOf([...base, ...Array<string>(messageLimits.headerFields).fill('X: y')]),
      'header-field',
    ],
    [
      'too long a field',
      bytesOf([...base, `X: ${'y'.repeat(messageLimits.headerFieldChars)}`]),
      'header-field',
    ],
    [
      'too large a head',
      bytesOf([...base, ...Array<string>(40).fill(`X: ${'y'.repeat(1_000)}`)]),
      'too-large',
    ],
    ['too large', bytesOf(base, 'y'.repeat(messageLimits.messageBytes)), 'too-large'],
    [
      'too many contacts',
      bytesOf([...base, ...Array<string>(messageLimits.listValues).fill('m: <sip:a@h>')]),
      'contact',
    ],
    [
      'too many parameters',
      bytesOf([
        ...base,
        `m: <sip:a@h>${Array.from({ length: messageLimits.parameters + 1 }, (_, n) => `;p${String(n)}`).join('')}`,
      ]),
      'parameter',
    ],
  ])('refuses %s', (_, bytes, code) => {
    expect(codeOf(bytes)).toBe(code);
  });

  test('empty lines before a message and octets behind it are ignored', () => {
    const bytes = Buffer.concat([
      Buffer.from('\r\n\r\n'),
      bytesOf([...base, 'Content-Length: 3'], 'abcdef'),
    ]);
    expect(parseMessage(bytes).body.toString()).toBe('abc');
  });

  test('bytes at random and messages with damage give a message or a parse error, nothing else', () => {
    const intact = bytesOf([...base, 'Content-Length: 4'], 'v=0\r');
    const damaged = fc
      .array(
        fc.tuple(
          fc.nat(intact.length - 1),
          fc.constantFrom(...Buffer.from('\r\n ;:,<>"\\@%=?[]\0*\xff', 'latin1')),
        ),
        {
          minLength: 1,
          maxLength: 6,
        },
      )
      .map((changes) => {
        const bytes = Buffer.from(intact);
        for (const [position, value] of changes) {
          bytes[position] = value;
        }
        return bytes;
      });
    const random = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(damaged, random), (bytes) => {
        let message: SipMessage;
        try {
          message = parseMessage(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(SipParseError);
          const { request, status } = error as SipParseError;
          if (request !== undefined) {
            serializeMessage(createResponse(request, status, undefined, { toTag: 't' }));
          }
          return;
        }
        /* No getter of a parsed message throws, and what is written can be read. */
        expect(message.routes.length + message.recordRoutes.length).toBeGreaterThanOrEqual(0);
        expect([message.maxForwards, message.contentType, message.expiresSec]).toHaveLength(3);
        expect(parseMessage(serializeMessage(message)).callId).toBe(message.callId);
      }),
      { numRuns: 2_000 },
    );
  });
});
