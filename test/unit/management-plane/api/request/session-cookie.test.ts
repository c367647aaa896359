import { expect, test } from 'vitest';
import {
  readSessionCookie,
  serializeSessionCookie,
} from '../../../../../system/management-plane/api/request/session-cookie.ts';

const token = 'abcdefghijklmnop_-0123';

test.each([
  { header: undefined, read: undefined },
  { header: `__Host-campanile_session=${token}`, read: token },
  { header: `a=b; __Host-campanile_session=${token}; c=d`, read: token },
  { header: `x__Host-campanile_session=${token}`, read: undefined },
  { header: '__Host-campanile_session=short', read: undefined },
  { header: '__Host-campanile_session=', read: undefined },
  { header: `__Host-campanile_session="${token}"`, read: undefined },
  { header: `a=${'x'.repeat(9_000)}; __Host-campanile_session=${token}`, read: undefined },
])('reads $read out of a Cookie header', ({ header, read }) => {
  expect(readSessionCookie(header)).toBe(read);
});

test('marks the cookie for HTTPS and this site only, unreadable for scripts', () => {
  for (const cookie of [serializeSessionCookie(token), serializeSessionCookie(undefined)]) {
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('Secure');
    expect(cookie).toContain('SameSite=Strict');
  }
  expect(serializeSessionCookie(undefined)).toContain('Max-Age=0');
});
