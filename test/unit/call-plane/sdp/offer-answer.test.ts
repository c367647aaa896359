import { describe, expect, test } from 'vitest';
import { anchorAudio, audioTargetOf, findAudio } from '../../../../system/call-plane/sdp/anchor.ts';
import { codecsOf, spokenCodecName } from '../../../../system/call-plane/sdp/codec.ts';
import { answerDirection, directionOf } from '../../../../system/call-plane/sdp/direction.ts';
import { LocalSession } from '../../../../system/call-plane/sdp/local-session.ts';
import {
  alignAnswer,
  answerOffer,
  createOffer,
  readAnswer,
} from '../../../../system/call-plane/sdp/offer-answer.ts';
import { parseSdp } from '../../../../system/call-plane/sdp/parse-sdp.ts';
import { serializeSdp } from '../../../../system/call-plane/sdp/serialize-sdp.ts';
import type { SessionDescription } from '../../../../system/call-plane/sdp/session-description.ts';

function describeSession(...lines: readonly string[]): SessionDescription {
  return parseSdp(
    Buffer.from(['v=0', 'o=- 5 6 IN IP4 192.0.2.7', 's=-', 't=0 0', ...lines, ''].join('\r\n')),
  );
}

/** The lines after t=. */
function linesOf(description: SessionDescription): string[] {
  const lines = serializeSdp(description).toString().split('\r\n');
  return lines.slice(lines.indexOf('t=0 0') + 1, -1);
}

const c = 'c=IN IP4 192.0.2.7';

describe('answering for a media service', () => {
  const capabilities = {
    address: '192.0.2.1',
    rtpPort: 30_000,
    codecs: [
      { payloadType: 0, name: 'PCMU', clockRateHz: 8000, channels: 1, parameters: undefined },
      { payloadType: 8, name: 'PCMA', clockRateHz: 8000, channels: 1, parameters: undefined },
      {
        payloadType: 101,
        name: 'telephone-event',
        clockRateHz: 8000,
        channels: 1,
        parameters: '0-15',
      },
    ],
  };

  test.each([
    {
      what: 'takes the offer’s first codec that both have, and its payload types',
      offer: [
        c,
        'm=audio 4000 RTP/AVP 9 8 0 96',
        'a=rtpmap:96 telephone-event/8000',
        'a=fmtp:96 0-16',
        'a=ptime:30',
      ],
      answer: [
        'm=audio 30000 RTP/AVP 8 96',
        'a=rtpmap:8 PCMA/8000',
        'a=rtpmap:96 telephone-event/8000',
        'a=fmtp:96 0-15',
        'a=ptime:30',
        'a=sendrecv',
      ],
    },
    {
      what: 'knows a codec by name, whatever its case and payload type',
      offer: [c, 'm=audio 4000 RTP/AVP 97', 'a=rtpmap:97 pcmu/8000/1'],
      answer: ['m=audio 30000 RTP/AVP 97', 'a=rtpmap:97 pcmu/8000', 'a=sendrecv'],
    },
    {
      what: 'refuses other streams with port 0 and keeps their place',
      offer: [
        c,
        'm=video 5000 RTP/AVP 99',
        'a=rtpmap:99 H264/90000',
        'm=audio 4000 RTP/AVP 0',
        'm=audio 4002 RTP/AVP 0',
      ],
      answer: [
        'm=video 0 RTP/AVP 99',
        'm=audio 30000 RTP/AVP 0',
        'a=rtpmap:0 PCMU/8000',
        'a=sendrecv',
        'm=audio 0 RTP/AVP 0',
      ],
    },
    {
      what: 'answers a caller that only sends with recvonly',
      offer: [c, 'a=sendonly', 'm=audio 4000 RTP/AVP 0'],
      answer: ['m=audio 30000 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'a=recvonly'],
    },
    {
      what: 'answers an inactive stream with inactive',
      offer: [c, 'm=audio 4000 RTP/AVP 0', 'a=inactive'],
      answer: ['m=audio 30000 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'a=inactive'],
    },
    {
      what: 'ignores a ptime that is no number',
      offer: [c, 'm=audio 4000 RTP/AVP 0', 'a=ptime:20\\r'],
      answer: ['m=audio 30000 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'a=sendrecv'],
    },
  ])('[SIP-002] $what', ({ offer, answer }) => {
    const result = answerOffer(describeSession(...offer), capabilities);

    expect(result && linesOf(result.description)).toEqual(answer);
  });

  test.each([
    ['no audio', [c, 'm=video 5000 RTP/AVP 99']],
    ['a refused stream only', [c, 'm=audio 0 RTP/AVP 0']],
    ['no common codec', [c, 'm=audio 4000 RTP/AVP 9 18']],
    ['events only', [c, 'm=audio 4000 RTP/AVP 101', 'a=rtpmap:101 telephone-event/8000']],
    ['encrypted audio', [c, 'm=audio 4000 RTP/SAVP 0']],
    ['another clock rate', [c, 'm=audio 4000 RTP/AVP 97', 'a=rtpmap:97 PCMU/16000']],
  ])('[SIP-002] finds nothing in an offer with %s', (_what, offer) => {
    expect(answerOffer(describeSession(...offer), capabilities)).toBeUndefined();
  });

  test('[SIP-022] offers what it has and understands the answer', () => {
    const offer = createOffer(capabilities);

    expect(linesOf(offer)).toEqual([
      'm=audio 30000 RTP/AVP 0 8 101',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=sendrecv',
    ]);
    expect(
      readAnswer(describeSession(c, 'm=audio 4000 RTP/AVP 8', 'a=recvonly'), capabilities),
    ).toMatchObject({ codec: { name: 'PCMA' }, direction: 'sendonly', telephoneEvent: undefined });
    expect(readAnswer(describeSession(c, 'm=audio 0 RTP/AVP 8'), capabilities)).toBeUndefined();
  });
});

describe('passing one phone’s description to the other', () => {
  test('[SIP-002] anchors the audio and keeps codecs, fmtp, ptime and direction', () => {
    const description = describeSession(
      c,
      'a=group:BUNDLE 0 1',
      'm=audio 4000 RTP/AVP 96 0',
      'c=IN IP4 192.0.2.8',
      'b=AS:80',
      'a=rtpmap:96 opus/48000/2',
      'a=fmtp:96 useinbandfec=1',
      'a=rtcp:4005',
      'a=rtcp-mux',
      'a=candidate:1 1 UDP 1 192.0.2.8 4000 typ host',
      'a=ice-ufrag:x',
      'a=maxptime:60',
      'a=sendonly',
      'm=video 5000 RTP/AVP 99',
      'a=rtpmap:99 H264/90000',
    );

    const anchored = anchorAudio(description, findAudio(description) ?? -1, {
      address: '192.0.2.1',
      rtpPort: 30_000,
    });

    expect(serializeSdp(anchored).toString().split('\r\n').slice(3)).toEqual([
      'c=IN IP4 192.0.2.1',
      't=0 0',
      'm=audio 30000 RTP/AVP 96 0',
      'b=AS:80',
      'a=rtpmap:96 opus/48000/2',
      'a=fmtp:96 useinbandfec=1',
      'a=maxptime:60',
      'a=sendonly',
      'm=video 0 RTP/AVP 99',
      '',
    ]);
  });

  test('names an IPv6 address of ours as such', () => {
    const anchored = anchorAudio(describeSession(c, 'm=audio 4 RTP/AVP 0'), 0, {
      address: '2001:db8::1',
      rtpPort: 30_000,
    });

    expect(anchored.connection).toEqual({ addressType: 'IP6', address: '2001:db8::1' });
  });

  test.each([
    {
      what: 'too few streams',
      answer: ['m=audio 4000 RTP/AVP 0'],
      aligned: ['m=audio 4000 RTP/AVP 0', 'm=video 0 RTP/AVP 99'],
    },
    {
      what: 'too many streams',
      answer: ['m=audio 4000 RTP/AVP 0', 'm=video 0 RTP/AVP 99', 'm=audio 4002 RTP/AVP 0'],
      aligned: ['m=audio 4000 RTP/AVP 0', 'm=video 0 RTP/AVP 99'],
    },
    {
      what: 'streams in another order',
      answer: ['m=video 5000 RTP/AVP 99', 'm=audio 4000 RTP/AVP 0'],
      aligned: ['m=audio 0 RTP/AVP 0', 'm=video 0 RTP/AVP 99'],
    },
    {
      what: 'another protocol',
      answer: ['m=audio 4000 RTP/SAVP 0', 'm=video 5000 RTP/AVP 99'],
      aligned: ['m=audio 0 RTP/AVP 0', 'm=video 5000 RTP/AVP 99'],
    },
    {
      what: 'a stream taken that was offered refused',
      offer: ['m=audio 6000 RTP/AVP 0', 'm=video 0 RTP/AVP 99'],
      answer: ['m=audio 4000 RTP/AVP 0', 'm=video 5000 RTP/AVP 99'],
      aligned: ['m=audio 4000 RTP/AVP 0', 'm=video 0 RTP/AVP 99'],
    },
  ])('[SIP-002] makes an answer fit that has $what', ({ offer, answer, aligned }) => {
    const result = alignAnswer(
      describeSession(c, ...(offer ?? ['m=audio 6000 RTP/AVP 0', 'm=video 7000 RTP/AVP 99'])),
      describeSession(c, ...answer),
    );

    expect(linesOf(result)).toEqual(aligned);
  });
});

test.each([
  [
    'the next port',
    ['m=audio 4000 RTP/AVP 0'],
    { address: '192.0.2.7', rtpPort: 4000, rtcpPort: 4001 },
  ],
  ['RFC 3605', ['m=audio 4000 RTP/AVP 0', 'a=rtcp:4444'], { rtcpPort: 4444 }],
  [
    'RFC 3605 with the same address',
    ['m=audio 4000 RTP/AVP 0', 'a=rtcp:4444 IN IP4 192.0.2.7'],
    { rtcpPort: 4444 },
  ],
  [
    'RFC 3605 with another address',
    ['m=audio 4000 RTP/AVP 0', 'a=rtcp:4444 IN IP4 192.0.2.99'],
    { rtcpPort: undefined },
  ],
  ['no port above 65535', ['m=audio 65535 RTP/AVP 0'], { rtcpPort: undefined }],
  [
    'the stream’s own address',
    ['m=audio 4000 RTP/AVP 0', 'c=IN IP4 192.0.2.8'],
    { address: '192.0.2.8' },
  ],
])('finds where audio and RTCP go: %s', (_what, lines, target) => {
  expect(audioTargetOf(describeSession(c, ...lines), 0)).toMatchObject(target);
});

test.each([
  'IP4 phone.example.org',
  'IP4 224.0.0.1',
  'IP4 224.2.1.1/127/3',
  'IP4 255.255.255.255',
  'IP4 999.1.1.1',
  'IP6 ff15::101',
  'IP6 fe80::1%eth0',
  'IP6 ::ffff:224.0.0.1',
  'IP6 a:b',
])('audio for c=IN %s goes to where the phone’s messages come from', (connection) => {
  const description = describeSession(`c=IN ${connection}`, 'm=audio 4000 RTP/AVP 0');
  expect(audioTargetOf(description, 0)).toBeUndefined();
  expect(audioTargetOf(description, 0, '192.0.2.9')).toMatchObject({
    address: '192.0.2.9',
    rtpPort: 4000,
  });
});

test('finds no place for refused and held audio', () => {
  expect(audioTargetOf(describeSession(c, 'm=audio 0 RTP/AVP 0'), 0)).toBeUndefined();
  expect(
    audioTargetOf(describeSession('c=IN IP4 0.0.0.0', 'm=audio 4000 RTP/AVP 0'), 0),
  ).toBeUndefined();
});

test.each([
  ['sendrecv', 'sendrecv', 'sendrecv'],
  ['sendonly', 'sendrecv', 'recvonly'],
  ['recvonly', 'sendrecv', 'sendonly'],
  ['inactive', 'sendrecv', 'inactive'],
  ['sendonly', 'sendonly', 'inactive'],
  ['sendrecv', 'recvonly', 'recvonly'],
] as const)(
  '[SIP-002] an offer of %s to who wants %s is answered %s',
  (offered, wanted, answer) => {
    expect(answerDirection(offered, wanted)).toBe(answer);
  },
);

test('[SIP-002] a stream’s direction goes before the session’s, and zeros before both', () => {
  const directions = (...lines: readonly string[]): string[] => {
    const description = describeSession(...lines);
    return description.media.map((media) => directionOf(description, media));
  };

  expect(
    directions(c, 'a=inactive', 'm=audio 4 RTP/AVP 0', 'm=audio 6 RTP/AVP 0', 'a=recvonly'),
  ).toEqual(['inactive', 'recvonly']);
  expect(directions('c=IN IP4 0.0.0.0', 'm=audio 4 RTP/AVP 0')).toEqual(['sendonly']);
});

test('knows static payload types, and rtpmap before them', () => {
  const description = describeSession(
    c,
    'm=audio 4 RTP/AVP 13 101 9 0 200 x 97',
    'a=rtpmap:101 telephone-event/8000',
    'a=rtpmap:0 X-OWN/16000/2',
    'a=rtpmap:97 broken',
  );
  const [media] = description.media;

  expect(media && codecsOf(media).map(({ name }) => name)).toEqual([
    'CN',
    'telephone-event',
    'G722',
    'X-OWN',
  ]);
  expect(media && spokenCodecName(media)).toBe('G722');
});

test('[SIP-002] raises the version exactly when the description changes', () => {
  const session = new LocalSession('77', '192.0.2.1');
  const origins = ['4', '4', '6', '4'].map(
    (port) =>
      session
        .render(describeSession(c, `m=audio ${port} RTP/AVP 0`))
        .toString()
        .split('\r\n')[1],
  );

  expect(origins).toEqual([
    'o=- 77 1 IN IP4 192.0.2.1',
    'o=- 77 1 IN IP4 192.0.2.1',
    'o=- 77 2 IN IP4 192.0.2.1',
    'o=- 77 3 IN IP4 192.0.2.1',
  ]);
});
