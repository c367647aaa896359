import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SipParseError } from '../../../../../system/call-plane/sip/messages/sip-parse-error.ts';
import {
  createSipUri,
  parseUri,
  serializeUri,
} from '../../../../../system/call-plane/sip/messages/uri.ts';
import { isEqualUri } from '../../../../../system/call-plane/sip/messages/uri-equality.ts';
import { sipUri } from './sip-uri.ts';

describe('URIs', () => {
  test('come out of their text as they went in', () => {
    fc.assert(
      fc.property(sipUri, (uri) => {
        const text = serializeUri(uri);
        expect(text).not.toMatch(/[\s<>"]/);
        expect(parseUri(text)).toEqual(uri);
      }),
    );
  });

  test.each([
    ['sip:alice@example.com', { scheme: 'sip', user: 'alice', host: 'example.com' }],
    ['SIPS:Example.COM', { scheme: 'sips', host: 'example.com' }],
    ['sip:+1-212-555-1212:1234@gw.com;user=phone', { user: '+1-212-555-1212', password: '1234' }],
    ['sip:[2001:DB8::10]:5070', { host: '2001:db8::10', port: 5070 }],
    ['sip:alice;day=tuesday@atlanta.com', { user: 'alice;day=tuesday' }],
    ['sip:j%40s0n@h?a=b', { user: 'j@s0n', headers: 'a=b' }],
    ['sip:%C3%BC@h', { user: 'ü' }],
    ['tel:+39-02.1234', { scheme: 'tel', number: '+39021234' }],
    ['tel:7042;phone-context=example.com', { scheme: 'tel', number: '7042' }],
    ['urn:service:sos', { scheme: 'other', text: 'urn:service:sos' }],
  ])('reads %s', (text, expected) => {
    expect(parseUri(text)).toMatchObject(expected);
  });

  test.each([
    '',
    'sip:',
    'alice@example.com',
    'sip:@example.com',
    'sip:a@b@c',
    'sip:a b@c',
    'sip:a@',
    'sip:a@h:',
    'sip:a@h:70000',
    'sip:a@h:5060x',
    'sip:a@h;',
    'sip:a@h;;x',
    'sip:a@h?',
    'sip:a@[::1',
    'sip:a@[zz::1]',
    'sip:a@[1.2.3.4]',
    'sip:%4@h',
    'sip:%C3@h',
    'sip:ü@h',
    'sip:a@h\r\nX: y',
    'tel:',
    'tel:+',
    'tel:12x',
    '1:2',
    `sip:${'a'.repeat(5_000)}@h`,
    `sip:a@${'h'.repeat(300)}`,
    `sip:h${';p=1'.repeat(1)}${Array.from({ length: 100 }, (_, n) => `;p${String(n)}`).join('')}`,
  ])('refuses %j', (text) => {
    expect(() => parseUri(text)).toThrow(SipParseError);
  });

  test.each([
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtlanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
    ['tel:+1-201-555-0123', 'tel:+12015550123'],
  ])('RFC 3261 §19.1.4: %s equals %s', (a, b) => {
    expect(isEqualUri(parseUri(a), parseUri(b))).toBe(true);
    expect(isEqualUri(parseUri(b), parseUri(a))).toBe(true);
  });

  test.each([
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:carol@chicago.com', 'sips:carol@chicago.com'],
    ['tel:7042;phone-context=a.com', 'tel:7042;phone-context=b.com'],
  ])('RFC 3261 §19.1.4: %s does not equal %s', (a, b) => {
    expect(isEqualUri(parseUri(a), parseUri(b))).toBe(false);
    expect(isEqualUri(parseUri(b), parseUri(a))).toBe(false);
  });

  test('a created URI has its host in lower case and nothing that was not given', () => {
    expect(serializeUri(createSipUri({ user: 'a b', host: 'Example.COM' }))).toBe(
      'sip:a%20b@example.com',
    );
  });
});
