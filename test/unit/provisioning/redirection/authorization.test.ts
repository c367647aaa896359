import { expect, test } from 'vitest';
import {
  gapsSignature,
  gdmsPassword,
  gdmsSignature,
  hawkAuthorization,
} from '../../../../provisioning/redirection/authorization.ts';
import { Secret } from '../../../../system/foundation/secret.ts';

test('hashes the body as the example of the Hawk specification', () => {
  const header = hawkAuthorization({
    id: 'dh37fgj492je',
    key: new Secret('werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn'),
    method: 'POST',
    url: 'https://example.com:8000/resource/1?b=1&a=2',
    contentType: 'text/plain; charset=utf-8',
    body: 'Thank you for flying Hawk',
    timestampSec: 1_353_832_234,
    nonce: 'j4h3g2',
  });

  expect(header).toContain('hash="Yi9LfIIFRtBEPt74PVmbTF/xVAwPn7ub15ePICfgnuY="');
  expect(header).not.toContain('werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn');
});

test('signs for GDMS the sorted parameters, and the body only where there is one', () => {
  // printf '&a=1&b=2&' | sha256sum
  expect(gdmsSignature({ b: '2', a: '1' }, undefined)).toBe(
    '891c6149e434d99dc02ad03544825faf4d1b7f79c619303a926174f4ac78174c',
  );
  expect(gdmsSignature({ b: '2', a: '1' }, '[]')).toBe(
    '1a3c11db617f54f70ee08a57aa9507b7d90c36d2d358f9266698804dbe874f6e',
  );
  expect(gdmsPassword(new Secret('admin'))).toBe(
    '465c194afb65670f38322df087f0a9bb225cc257e43eb4ac5a0c98ef5b3173ac',
  );
});

test('signs for GAPS the body with the time of the service behind it', () => {
  // printf '{}1762000000' | openssl sha1 -hmac key
  expect(gapsSignature(new Secret('key'), '{}', '1762000000')).toBe(
    '0a15b111c7d6b668d430231813c592dd693b93a7',
  );
});
