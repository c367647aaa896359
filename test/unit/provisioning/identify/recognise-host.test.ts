import { expect, test } from 'vitest';
import { isCalledPhone, recogniseHost } from '../../../../provisioning/identify/recognise-host.ts';
import { catalogue } from '../../../support/provisioning/complete-device.ts';

test.each<[string, string | undefined, readonly string[], string | undefined, string | undefined]>([
  ['001565aabb01', 'Yealink SIP-T46U 108.86.0.20', [], 'yealink', 'T46U'],
  ['001565aabb01', undefined, ['Yealink T46U Phone'], 'yealink', 'T46U'],
  ['001565aabb01', undefined, [], 'yealink', undefined],
  ['000413aabb01', 'snomD785/10.1.33.33', [], 'snom', 'D785'],
  ['000413aabb01', undefined, ['M900', 'lighttpd'], 'snom-m', 'M900'],
  ['000b82aabb01', 'Grandstream GXP2170 1.0.11.74', [], 'grandstream', 'GXP2170'],
  ['000b82aabb01', undefined, ['GXP2170'], 'grandstream', 'GXP2170'],
  ['020000000001', undefined, ['Fanvil X4U'], 'fanvil', 'X4U'],
  ['020000000001', undefined, ['Cisco Systems, Inc. IP Phone CP-7841'], 'cisco-mpp', '7841'],
  [
    '020000000001',
    undefined,
    ['Cisco IP Phone CP-7941G ( SEP020000000001 )'],
    'cisco-79xx',
    '7941',
  ],
  ['020000000001', undefined, ['SPA504G Configuration Utility'], 'cisco-spa', 'SPA504G'],
  ['020000000001', undefined, ['Cisco SG350 switch', 'cisco-IOS'], undefined, undefined],
  ['020000000001', 'baresip v1.0.0', ['Welcome to nginx 1.2x'], undefined, undefined],
  ['020000000001', 'x'.repeat(5_000), ['-'.repeat(5_000)], undefined, undefined],
])('%s that says %s and %j is %s %s', (mac, userAgent, webTexts, vendor, model) => {
  const found = recogniseHost(catalogue, { mac, userAgent, webTexts });

  expect([found.vendor?.data.id, found.model?.id]).toEqual([vendor, model]);
});

test('a hardware address of two families of one maker names both, until a word of the device tells', () => {
  const { vendor, possible } = recogniseHost(catalogue, {
    mac: '000413aabb01',
    userAgent: undefined,
    webTexts: [],
  });

  expect([vendor, possible.map(({ data }) => data.id)]).toEqual([undefined, ['snom', 'snom-m']]);
});

test.each([
  ['Cisco Systems, Inc. IP Phone CP-9999', true],
  ['VoIP adapter', true],
  ['Jitsi Meet', false],
  ['iPhone of Ada', false],
  ['Cisco SG350 switch', false],
])('%s calls itself a phone: %s', (title, isPhone) => {
  expect(isCalledPhone([title])).toBe(isPhone);
});
