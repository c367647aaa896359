import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSdp, sdpLimits, tryParseSdp } from '../../../../system/call-plane/sdp/parse-sdp.ts';
import { SdpParseError } from '../../../../system/call-plane/sdp/sdp-parse-error.ts';
import { serializeSdp } from '../../../../system/call-plane/sdp/serialize-sdp.ts';
import type { SessionDescription } from '../../../../system/call-plane/sdp/session-description.ts';

const head = 'v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\n';

function parse(text: string): SessionDescription {
  return parseSdp(Buffer.from(text, 'latin1'));
}

test('[SIP-003] reads what a phone sends', () => {
  const description = parse(
    [
      'v=0',
      'o=user 2890844526 2890842807 IN IP4 10.47.16.5',
      's=SDP Seminar',
      'i=A Seminar',
      'u=http://www.example.com/',
      'e=j.doe@example.com',
      'c=IN IP4 224.2.17.12/127',
      'b=CT:128',
      't=2873397496 2873404696',
      'a=recvonly',
      'm=audio 49170/2 RTP/AVP 0 96',
      'a=rtpmap:96 opus/48000/2',
      'm=video 51372 RTP/AVP 99',
      'i=picture',
      'c=IN IP6 2001:db8::1',
      'b=AS:256',
      'k=prompt',
      'a=rtpmap:99 h263-1998/90000',
      '',
    ].join('\r\n'),
  );

  expect(description).toEqual({
    origin: {
      username: 'user',
      sessionId: '2890844526',
      sessionVersion: '2890842807',
      connection: { addressType: 'IP4', address: '10.47.16.5' },
    },
    connection: { addressType: 'IP4', address: '224.2.17.12/127' },
    bandwidths: ['CT:128'],
    attributes: [{ name: 'recvonly' }],
    media: [
      {
        media: 'audio',
        port: 49_170,
        portCount: 2,
        protocol: 'RTP/AVP',
        formats: ['0', '96'],
        bandwidths: [],
        attributes: [{ name: 'rtpmap', value: '96 opus/48000/2' }],
      },
      {
        media: 'video',
        port: 51_372,
        protocol: 'RTP/AVP',
        formats: ['99'],
        connection: { addressType: 'IP6', address: '2001:db8::1' },
        bandwidths: ['AS:256'],
        attributes: [{ name: 'rtpmap', value: '99 h263-1998/90000' }],
      },
    ],
  });
});

test('takes line ends of either kind, empty lines and a missing last line end', () => {
  expect(parse('v=0\no=- 1 2 IN IP4 192.0.2.1\n\nm=audio 4 RTP/AVP 0').media[0]?.port).toBe(4);
});

describe('refuses', () => {
  test.each([
    ['nothing', ''],
    ['another version', 'v=1\r\no=- 1 2 IN IP4 192.0.2.1\r\n'],
    ['a missing o= line', 'v=0\r\ns=-\r\n'],
    ['text that is no line', `${head}nonsense\r\n`],
    ['an o= line with letters for numbers', 'v=0\r\no=- one 2 IN IP4 192.0.2.1\r\n'],
    ['an o= line that is too short', 'v=0\r\no=- 1 2 IN IP4\r\n'],
    ['another network', `${head}c=ATM NSAP 47.0091\r\n`],
    ['an address with blanks', `${head}c=IN IP4 192.0.2.1 x\r\n`],
    ['an address with angle brackets', `${head}c=IN IP4 <script>\r\n`],
    ['a port above 65535', `${head}m=audio 65536 RTP/AVP 0\r\n`],
    ['a port that is no number', `${head}m=audio 0x10 RTP/AVP 0\r\n`],
    ['three port numbers', `${head}m=audio 4/2/2 RTP/AVP 0\r\n`],
    ['an m= line without formats', `${head}m=audio 4 RTP/AVP\r\n`],
    ['an attribute without a name', `${head}a=:x\r\n`],
    ['a carriage return inside a line', `${head}a=x:1\r2\r\n`],
    ['a NUL', `${head}a=x:\0\r\n`],
    ['a body above the limit', `${head}${'a=x\r\n'.repeat(sdpLimits.bytes / 5)}`],
    ['a line above the limit', `${head}a=${'x'.repeat(sdpLimits.lineCharacters)}\r\n`],
    ['lines above the limit', `${head}${'\n'.repeat(sdpLimits.lines)}`],
    ['streams above the limit', `${head}${'m=audio 4 RTP/AVP 0\r\n'.repeat(17)}`],
    ['formats above the limit', `${head}m=audio 4 RTP/AVP ${'0 '.repeat(65)}\r\n`],
  ])('%s', (_what, text) => {
    expect(() => parse(text)).toThrow(SdpParseError);
    expect(tryParseSdp(Buffer.from(text, 'latin1'))).toBeUndefined();
  });

  test('any bytes without another error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, isHeaded) => {
        const body = isHeaded ? Buffer.concat([Buffer.from(head), bytes]) : Buffer.from(bytes);
        tryParseSdp(body);
      }),
    );
  });
});

const word = fc.stringMatching(/^[A-Za-z0-9-]{1,12}$/);
const text = fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,40}$/);
const connection = fc.record({
  addressType: fc.constantFrom('IP4' as const, 'IP6' as const),
  address: fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()),
});
const attribute = fc.oneof(fc.record({ name: word }), fc.record({ name: word, value: text }));
const bandwidth = fc.stringMatching(/^[A-Z]{2}:[0-9]{1,6}$/);
const media = fc.record(
  {
    media: fc.constantFrom('audio', 'video', 'image', 'application'),
    port: fc.nat({ max: 65_535 }),
    portCount: fc.integer({ min: 1, max: 9 }),
    protocol: fc.constantFrom('RTP/AVP', 'RTP/SAVP', 'udptl', 'UDP/TLS/RTP/SAVPF'),
    formats: fc.array(word, { minLength: 1, maxLength: 8 }),
    connection,
    bandwidths: fc.array(bandwidth, { maxLength: 2 }),
    attributes: fc.array(attribute, { maxLength: 6 }),
  },
  { requiredKeys: ['media', 'port', 'protocol', 'formats', 'bandwidths', 'attributes'] },
);
const description: fc.Arbitrary<SessionDescription> = fc.record(
  {
    origin: fc.record({
      username: word,
      sessionId: fc.nat().map(String),
      sessionVersion: fc.nat().map(String),
      connection,
    }),
    connection,
    bandwidths: fc.array(bandwidth, { maxLength: 2 }),
    attributes: fc.array(attribute, { maxLength: 4 }),
    media: fc.array(media, { maxLength: 4 }),
  },
  { requiredKeys: ['origin', 'bandwidths', 'attributes', 'media'] },
);

test('[SIP-003] reads back whatever it has written', () => {
  fc.assert(
    fc.property(description, (value) => {
      expect(parseSdp(serializeSdp(value))).toEqual(value);
    }),
  );
});
