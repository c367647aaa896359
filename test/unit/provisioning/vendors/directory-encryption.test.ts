/** The password of the LDAP server goes only into the files of devices that can send it as the server takes it. */
import { describe, expect, test } from 'vitest';
import {
  catalogue,
  createDevice,
  fullSettings,
  render,
  textOf,
} from '../../../support/provisioning.ts';

const able: readonly (readonly [vendor: string, model: string, encryptions: string])[] = [
  ['yealink', 'T46S', 'none starttls ldaps'],
  ['snom', 'D785', 'none ldaps'],
  ['snom-m', 'M900', 'none'],
  ['w-air', 'W-AIR Base Sync Plus', 'none'],
  ['grandstream', 'GXP2170', 'none ldaps'],
  ['grandstream', 'GRP2614', 'none ldaps'],
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
