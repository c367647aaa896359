import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageLimits } from '../../../../../system/call-plane/sip/messages/message-limits.ts';
import { SipParseError } from '../../../../../system/call-plane/sip/messages/sip-parse-error.ts';
import { StreamFramer } from '../../../../../system/call-plane/sip/messages/stream-framer.ts';

const messages = [
  'OPTIONS sip:a@h SIP/2.0\r\nContent-Length: 5\r\n\r\na\r\n\r\n',
  'SIP/2.0 200 OK\r\nl : \r\n 3\r\nX: y\r\n\r\nabc',
  'BYE sip:a@h SIP/2.0\r\n\r\n',
  'INFO sip:a@h SIP/2.0\r\nCONTENT-LENGTH:0\r\n\r\n',
];

function frame(chunks: readonly Buffer[]): { framed: string[]; keepAlives: number } {
  let keepAlives = 0;
  const framer = new StreamFramer(() => {
    keepAlives++;
  });
  const framed = chunks.flatMap((chunk) => framer.push(chunk)).map(String);
  return { framed, keepAlives };
}

describe('the stream framer', () => {
  test('[SIP-001] finds the same messages however the stream is cut', () => {
    const stream = Buffer.from(
      `\r\n\r\n${messages[0] ?? ''}${messages[1] ?? ''}\r\n\r\n\r\n\r\n${messages[2] ?? ''}\r\n${messages[3] ?? ''}`,
    );
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
        const ordered = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const chunks = ordered
          .slice(1)
          .map((end, index) => Buffer.from(stream.subarray(ordered[index], end)));
        expect(frame(chunks)).toEqual({ framed: messages, keepAlives: 3 });
      }),
    );
  });

  test('messages keep their bytes while later chunks come in', () => {
    const framer = new StreamFramer(() => undefined);
    const bytes = Buffer.from((messages[0] ?? '') + (messages[1] ?? ''));
    const first = framer.push(bytes.subarray(0, 10)).concat(framer.push(bytes.subarray(10, 70)));
    framer.push(bytes.subarray(70));
    framer.push(Buffer.alloc(50, 'Z'));
    expect(first.map(String)).toEqual([messages[0]]);
  });

  test.each([
    ['a TLS hello', Buffer.from([0x16, 0x03, 0x01, 0x02])],
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\nHost: h\r\n\r\n')],
    ['a lone CR', Buffer.from('\rOPTIONS')],
    ['a negative length', Buffer.from('BYE sip:a@h SIP/2.0\r\nContent-Length: -1\r\n\r\n')],
    ['two lengths', Buffer.from('BYE sip:a@h SIP/2.0\r\nl: 0\r\nContent-Length: 0\r\n\r\n')],
    [
      'too long a body',
      Buffer.from(`BYE sip:a@h SIP/2.0\r\nl: ${String(messageLimits.messageBytes)}\r\n\r\n`),
    ],
    ['a head without end', Buffer.from(`BYE sip:a@h SIP/2.0\r\n${'X: y\r\n'.repeat(10_000)}`)],
  ])('gives up the connection on %s', (_, bytes) => {
    expect(() => frame([bytes])).toThrow(SipParseError);
  });

  test.each([
    ['-1', 400],
    ['x', 400],
    [String(messageLimits.messageBytes), 513],
  ])('gives up on Content-Length %s with a request that can be answered', (length, status) => {
    const head = [
      'INFO sip:a@h SIP/2.0',
      'Via: SIP/2.0/TCP 192.0.2.7;branch=z9hG4bKx',
      'From: <sip:b@h>;tag=1',
      'To: <sip:a@h>',
      'Call-ID: lengths',
      'CSeq: 7 INFO',
      `Content-Length: ${length}`,
    ];
    try {
      frame([Buffer.from(`${head.join('\r\n')}\r\n\r\nabc`)]);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ status, request: { callId: 'lengths' } });
    }
  });
});
