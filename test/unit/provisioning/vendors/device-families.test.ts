/** Every device that a requirement names is a model here, is known by the names it has, and gets its account. */
import { describe, expect, test } from 'vitest';
import type { DeviceLine } from '../../../../provisioning/device.ts';
import { Secret } from '../../../../system/foundation/secret.ts';
import {
  catalogue,
  createDevice,
  render,
  textOf,
} from '../../../support/provisioning/complete-device.ts';

const families: readonly (readonly [row: string, vendor: string, models: string])[] = [
  ['DEV-050', 'audiocodes', 'Mediant1000 Mediant2000 Mediant3000 TP260'],
  ['DEV-050', 'nortel', '1120E 1140E 1210 1220 1230'],
  ['DEV-050', 'lg-nortel', 'LIP-6804 LIP-6812 LIP-6830 1535'],
  ['DEV-050', 'audiocodes', 'MP-112 MP-114 MP-118 MP-124 420HD'],
  ['DEV-050', 'cisco-79xx', '7940 7960'],
  ['DEV-050', 'grandstream', 'GXP2000 GXP2170'],
  ['DEV-050', 'poly', 'SPIP650 VVX450'],
  ['DEV-050', 'yealink', 'T28P T53W'],
  ['DEV-059', 'wp4x0', 'WP410 WP480 WP490'],
  ['DEV-060', 'wp4x0', 'W01FXS W04FXO W02BRI W01PRI W01GSM W-PA'],
  ['DEV-062', 'poly', 'SPIP301 SPIP320 SPIP321 SPIP330 SPIP331 SPIP335 SPIP430 SPIP450'],
  ['DEV-062', 'poly', 'SPIP501 SPIP550 SPIP560 SPIP601 SPIP650 SPIP670'],
  ['DEV-063', 'poly', 'SSIP4000 SSIP5000 SSIP6000 SSIP7000'],
  ['DEV-064', 'poly', 'VVX101 VVX150 VVX201 VVX250 VVX300 VVX301 VVX310 VVX400 VVX410'],
  ['DEV-064', 'poly', 'VVX500 VVX600 VVX1500'],
  [
    'DEV-065',
    'audiocodes',
    'MP-112 MP-114 MP-118 MP-124 310HD 320HD 405HD 420HD 430HD 440HD 450HD',
  ],
  ['DEV-065', 'bria', 'Bria'],
  ['DEV-066', 'snom', '300 320 360 370'],
  ['DEV-066', 'snom-m3', 'M3'],
  ['DEV-067', 'yealink', 'T19P_E2 T23G T31W T46U T48S T54W T58W T87W CP920 CP965 VP59'],
  ['DEV-068', 'fanvil', 'X3SG X5U X7C V65 H5 i16S'],
  ['DEV-068', 'grandstream', 'GXP2170 GRP2614 HT802'],
  ['DEV-068', 'htek', 'UC802 UC840 UC862 UC912 UC924 UC926'],
  ['DEV-069', 'grandstream', 'BT100 BT101 BT102 BT200 BT201 HT286 HT386 HT486 HT488 HT496'],
  ['DEV-069', 'grandstream', 'GXP1200 GXP1615 GXP2000 GXP2010 GXP2020 GXV3000 GXW4004 GXW4008'],
  ['DEV-070', 'cisco-79xx', '7911 7940 7941 7945 7960 7961 7965 7970 7975'],
  ['DEV-071', 'cisco-spa', 'SPA901 SPA921 SPA922 SPA941 SPA942 SPA962 SPA2102 SPA3102 SPA8000'],
  ['DEV-071', 'cisco-spa', 'SPA501G SPA502G SPA504G SPA508G SPA509G SPA525G'],
  ['DEV-072', 'aastra', '53i 6753i 55i 6755i 57i 6757i'],
  ['DEV-073', 'unidata', 'IP3000 IP5000 IP5000A WPU7700'],
  ['DEV-073', 'gtek', 'AQ10x HL20x VT20x'],
  ['DEV-073', 'clearone', 'MaxIP'],
  ['DEV-073', 'ipdialog', 'ipDialog'],
  ['DEV-073', 'isphone', 'isphone'],
  ['DEV-074', 'nortel', '1120 1140 1210 1220 1230'],
  ['DEV-074', 'lg-nortel', '6804 6812 6830 1535'],
  ['DEV-074', 'karel', 'IP111 IP112 IP116 NT32I NT42I'],
];

/** Whatever stands in two places would hide that one of them is missing. */
const line: DeviceLine = {
  account: 'anna',
  displayName: 'Anna Bianchi',
  label: 'Desk',
  userName: '4477',
  authName: 'digest-name',
  password: new Secret('the-secret'),
  server: { host: 'pbx.example.org' },
};

describe.each(families)('[%s] %s %s', (_row, vendorId, names) => {
  const vendor = catalogue.require(vendorId);

  test.each(names.split(' '))('%s', (name) => {
    const model = vendor.requireModel(vendor.findModel(name)?.id ?? name);
    const main = vendor
      .filesOf(model, 'secure')
      .find(({ declaration }) => declaration.isMain === true);
    const device = createDevice(vendorId, model.id, { lines: [line], keys: [] });
    const text = textOf(render(device, main?.declaration.id ?? '', 'secure'));
    for (const part of ['4477', 'digest-name', 'the-secret', 'pbx.example.org']) {
      expect(text).toContain(part);
    }
    expect(model.lines).toBeGreaterThan(0);
  });
});

test.each(['55i', '57i'])('[DEV-072] %s is told the keys of its module 560M', (model) => {
  const text = textOf(render(createDevice('aastra', model), 'device', 'secure'));
  expect(text).toMatch(/^expmod1 key1 type: ?blf$/m);
  expect(text).toMatch(/^expmod1 key1 value: ?203$/m);
});
