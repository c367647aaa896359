/** The password of the LDAP server goes only into the files of devices that can send it as the server takes it. */
import { describe, expect, test } from 'vitest';
import type { SettingValues } from '../../../../provisioning/scope/setting-value.ts';
import {
  catalogue,
  createDevice,
  fullSettings,
  render,
  textOf,
} from '../../../support/provisioning/complete-device.ts';

const able: readonly (readonly [vendor: string, model: string, encryptions: string])[] = [
  ['yealink', 'T46S', 'none starttls ldaps'],
  ['snom', 'D785', 'none ldaps'],
  ['snom-m', 'M900', 'none'],
  ['w-air', 'W-AIR Base Sync Plus', 'none'],
  ['grandstream', 'GXP2170', 'none ldaps'],
  ['grandstream', 'GRP2614', 'none ldaps'],
  ['grandstream', 'DP750', 'none ldaps'],
  ['fanvil', 'X6', 'none starttls ldaps'],
  ['poly', 'VVX450', 'none ldaps'],
  ['cisco-spa', 'SPA504G', 'none'],
  ['cisco-mpp', '8851', 'none starttls ldaps'],
  ['wp4x0', 'WP480', 'none'],
  ['htek', 'UC924', 'none'],
];

describe.each(able)('%s %s', (vendorId, modelId, encryptions) => {
  const vendor = catalogue.require(vendorId);
  const main = vendor
    .filesOf(vendor.requireModel(modelId), 'secure')
    .find(({ declaration }) => declaration.isMain === true);

  test.each(['none', 'starttls', 'ldaps'])('%s', (security) => {
    const device = createDevice(vendorId, modelId, {
      settings: { ...fullSettings, 'ldap.security': security },
    });
    const text = textOf(render(device, main?.declaration.id ?? '', 'secure'));
    expect(text.includes('ldap-pass')).toBe(encryptions.split(' ').includes(security));
    expect(text.includes('ldap.example.org')).toBe(encryptions.split(' ').includes(security));
  });
});

test('a base of which nobody knows how it takes a login gets a directory without one, else the file', () => {
  const { 'ldap.user': user = '', 'ldap.password': password = '', ...open } = fullSettings;
  const textWith = (settings: SettingValues): string =>
    textOf(render(createDevice('gigaset', 'N510', { settings }), 'device', 'secure'));
  const opened = textWith({ ...open, 'ldap.security': 'none' });
  const login = { 'ldap.user': user, 'ldap.password': password };
  const closed = textWith({ ...open, ...login, 'ldap.security': 'none' });
  const encrypted = textWith({ ...open, 'ldap.security': 'ldaps' });
  const directory = '<SYMB_ITEM ID="BS_LDAP_Netdirs.astNetdirProvider[0].aucServerURL[0]"';
  const file = '<SYMB_ITEM ID="BS_XML_Netdirs.astNetdirProvider[0].aucServerURL"';
  expect([opened.includes(directory), opened.includes(file)]).toEqual([true, false]);
  for (const text of [closed, encrypted]) {
    expect([text.includes(directory), text.includes(file)]).toEqual([false, true]);
  }
});
