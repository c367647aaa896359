import { expect, test } from 'vitest';
import { isOwnOrigin } from '../../../../../system/management-plane/api/request/origin.ts';

const host = 'pbx.example:8443';

test.each([
  { headers: { host }, isOwn: true },
  { headers: { host, origin: 'https://pbx.example:8443' }, isOwn: true },
  { headers: { host, origin: 'https://PBX.example:8443' }, isOwn: true },
  { headers: { host, origin: 'http://pbx.example:8443' }, isOwn: false },
  { headers: { host, origin: 'https://pbx.example' }, isOwn: false },
  { headers: { host, origin: 'https://evil.example' }, isOwn: false },
  { headers: { host, origin: 'https://pbx.example:8443.evil.example' }, isOwn: false },
  { headers: { host, origin: 'null' }, isOwn: false },
  { headers: { origin: 'https://pbx.example:8443' }, isOwn: false },
  { headers: { host, 'sec-fetch-site': 'same-origin' }, isOwn: true },
  { headers: { host, 'sec-fetch-site': 'none' }, isOwn: true },
  { headers: { host, 'sec-fetch-site': 'same-site' }, isOwn: false },
  { headers: { host, 'sec-fetch-site': 'cross-site' }, isOwn: false },
])('judges $headers as own: $isOwn', ({ headers, isOwn }) => {
  expect(isOwnOrigin(headers)).toBe(isOwn);
});
