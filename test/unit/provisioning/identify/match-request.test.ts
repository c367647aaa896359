import { expect, test } from 'vitest';
import { matchRequest, normalisePath } from '../../../../provisioning/identify/match-request.ts';
import { catalogue } from '../../../support/provisioning/complete-device.ts';

function vendorsOf(path: string): string {
  const normalised = normalisePath(path);
  return normalised === undefined
    ? 'hostile'
    : matchRequest(catalogue, normalised)
        .map(({ vendor, mac }) => vendor.data.id + (mac === undefined ? '' : ` ${mac}`))
        .sort((a, b) => a.localeCompare(b, 'en'))
        .join(', ');
}

test.each([
  ['y000000000095.cfg', 'yealink'],
  ['y000000000000.boot', 'yealink'],
  ['805ec0aabbcc.boot', 'yealink 805ec0aabbcc'],
  ['805EC0AABBCC.boot', 'yealink 805ec0aabbcc'],
  ['805ec0aabbcc-local.cfg', 'yealink 805ec0aabbcc'],
  ['snomD785.htm', 'snom'],
  ['snomD785-000413922D24.htm', 'snom 000413922d24'],
  ['snomM900-000413B60680.htm', 'snom-m 000413b60680'],
  ['cfgc074ad2bd859.xml', 'grandstream c074ad2bd859, htek c074ad2bd859'],
  ['cfgc074ad2bd859', 'grandstream c074ad2bd859, htek c074ad2bd859'],
  ['cfggxp1628.xml', 'grandstream'],
  ['cfg0012.xml', 'htek'],
  ['factory0012.bin', 'htek'],
  ['0004f2aabbcc-phone.cfg', 'poly 0004f2aabbcc'],
  ['spa504G.cfg', 'cisco-spa'],
  [
    '7c2f804df9a9.xml',
    'cisco-mpp 7c2f804df9a9, cisco-spa 7c2f804df9a9, gigaset 7c2f804df9a9, snom 7c2f804df9a9, snom-m 7c2f804df9a9',
  ],
  ['SEP0016460A0B0C.cnf.xml', 'cisco-79xx 0016460a0b0c'],
  ['CTLSEP0016460A0B0C.tlv', 'cisco-79xx 0016460a0b0c'],
  ['SIP000E84C060A6.cnf', 'cisco-79xx 000e84c060a6'],
  ['SIPDefault.cnf', 'cisco-79xx'],
  [
    '00087b0a0b0c.cfg',
    'fanvil 00087b0a0b0c, gtek 00087b0a0b0c, karel 00087b0a0b0c, poly 00087b0a0b0c, snom-m3 00087b0a0b0c, w-air 00087b0a0b0c, yealink 00087b0a0b0c',
  ],
  ['42/2/master.bin', 'gigaset'],
  ['aastra.cfg', 'aastra'],
  ['57i.cfg', 'aastra'],
  ['00908F602AAD.ini', 'audiocodes 00908f602aad'],
  ['readme.txt', ''],
  ['index.php', ''],
])('%s is asked for by: %s', (path, expected) => {
  expect(vendorsOf(path), path).toBe(expected);
});

test('a plain MAC is shared by several vendors, also where it begins with f0', () => {
  expect(vendorsOf('f0aabbccddee.cfg')).toBe(
    'fanvil f0aabbccddee, gtek f0aabbccddee, karel f0aabbccddee, poly f0aabbccddee, yealink f0aabbccddee',
  );
  expect(vendorsOf('F0AABBCCDDEE.cfg')).toContain('wp4x0 f0aabbccddee');
  expect(vendorsOf('00908F602AAC.cfg')).toContain('audiocodes 00908f602aac');
});

test.each([
  ['805ec0aabbcc.cfg', '805ec0aabbcc.cfg'],
  ['/805ec0aabbcc.cfg', '805ec0aabbcc.cfg'],
  ['//805ec0aabbcc.cfg?x=1#y', '805ec0aabbcc.cfg'],
  ['/a//b/', 'a/b'],
  ['/%38%30.cfg', '80.cfg'],
])('%s is the path %s', (path, expected) => {
  expect(normalisePath(path)).toBe(expected);
});

test.each([
  '',
  '/',
  '../secret.cfg',
  '/a/%2e%2e/b',
  '/a/..%2fb',
  'a\\b.cfg',
  'a%00.cfg',
  'a%0d%0ab.cfg',
  '%zz.cfg',
  './a.cfg',
  'a'.repeat(257),
  '%41'.repeat(257),
])('%j is no path', (path) => {
  expect(normalisePath(path)).toBeUndefined();
});

test('no pattern needs long for a long hostile path', () => {
  const paths = ['0'.repeat(256), 'snom'.repeat(64), 'a-'.repeat(128), `y${'0'.repeat(255)}`];
  const started = performance.now();
  for (const path of paths) {
    matchRequest(catalogue, path);
  }
  expect(performance.now() - started).toBeLessThan(100);
});
