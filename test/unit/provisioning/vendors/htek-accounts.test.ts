/** Firmware with profiles takes the server of profile 1; that without has one in each account. */
import { expect, it } from 'vitest';
import type { DeviceLine } from '../../../../provisioning/device.ts';
import { Secret } from '../../../../system/foundation/secret.ts';
import { createDevice, render, textOf } from '../../../support/provisioning/complete-device.ts';

function lineOf(number: number): DeviceLine {
  return {
    account: `account${number}`,
    displayName: `Line ${number}`,
    userName: `${200 + number}`,
    password: new Secret(`secret-${number}`),
    server: { host: 'pbx.example.org' },
  };
}

it('writes the server into profile 1 and into each account that may have none', () => {
  const lines = Array.from({ length: 12 }, (_, index) => lineOf(index + 1));
  const text = textOf(render(createDevice('htek', 'UC924', { lines }), 'device'));

  const servers = [...text.matchAll(/<(P\d+)>pbx\.example\.org:5060<\/\1>/g)].map(
    ([, name]) => name,
  );
  expect(servers).toEqual(['P47', 'P747', 'P502', 'P602', 'P20362', 'P20363']);
  expect([...text.matchAll(/<(P240\d\d)>0<\//g)].map(([, name]) => name)).toEqual([
    'P24082',
    'P24083',
    'P24084',
    'P24085',
    'P24086',
    'P24087',
    'P24088',
    'P24089',
  ]);
  expect(text).toContain('<P24115>212</P24115>');
  expect(text).not.toMatch(/<\/?>/);
});

it('lets the phone check certificates only where that is wanted', () => {
  const check = (trustAny: boolean): string =>
    textOf(
      render(
        createDevice('htek', 'UC903', { settings: { 'security.trustAnyCertificate': trustAny } }),
        'device',
        'bootstrap',
      ),
    );

  expect(check(true)).toContain('<P23376>1</P23376>\n<P23377>1</P23377>');
  expect(check(false)).toContain('<P23376>0</P23376>\n<P23377>0</P23377>');
});
