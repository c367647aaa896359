/**
 * Golden files: what a device of each family gets, byte for byte, in test/fixtures/provisioning.
 * `vitest run -u` writes them anew; the difference is then read in the commit.
 */
import { describe, expect, it } from 'vitest';
import type { Device } from '../../../../provisioning/device.ts';
import { Secret } from '../../../../system/foundation/secret.ts';
import {
  catalogue,
  createDevice,
  fullSettings,
  goldenPath,
  renderAll,
  textOf,
} from '../../../support/provisioning/complete-device.ts';

const handsets: Partial<Device> = {
  handsets: [
    { index: 1, line: 1, ipui: '02ae1f3c4d', name: 'Anna', pin: new Secret('1234') },
    { index: 2, line: 2 },
  ],
};

/** The data master of a DECT system of several bases: places 1 and 4 are taken. */
const system: Partial<Device> = {
  dect: {
    systemName: 'Head office',
    baseName: 'Reception',
    isMultiCell: true,
    isDataMaster: true,
    chainId: 61_234,
    hasPlannedTree: true,
    syncsByLan: false,
    isOpen: false,
    places: 60,
  },
};

const placed: Partial<Device> = {
  lines: createDevice('yealink', 'W70B').lines.map((line, index) => ({
    ...line,
    place: index === 0 ? 1 : 4,
  })),
  handsets: [
    { index: 1, line: 1, ipui: '02AE1F3C4D', name: 'Anna', pin: new Secret('1234') },
    { index: 4, line: 4, pin: new Secret('1234') },
  ],
};

const devices: readonly Device[] = [
  createDevice('yealink', 'T53W', { firmware: '96.86.0.70' }),
  createDevice('yealink', 'T46G', { firmware: '28.80.0.130' }),
  createDevice('yealink', 'T28P', { firmware: '2.73.0.50' }),
  createDevice('yealink', 'T27G', { firmware: '69.86.0.15' }),
  createDevice('yealink', 'CP920'),
  createDevice('yealink', 'W60B', handsets),
  createDevice('yealink', 'W70B', { ...system, ...placed }),
  createDevice('yealink', 'W90DM', { ...system, ...placed }),
  createDevice('yealink', 'W80DM', handsets),
  createDevice('snom', 'D785', { mac: '0004130a0b0c' }),
  createDevice('snom', '370', { mac: '0004130a0b0f' }),
  createDevice('snom', 'D120', { mac: '0004130a0b0d', settings: { 'time.zone': 'Asia/Tokyo' } }),
  createDevice('snom-m3', 'M3', { mac: '00087b0a0b0c' }),
  createDevice('snom-m', 'M700', { mac: '0004130a0b0d', ...system, ...placed }),
  createDevice('snom-m', 'M900', {
    mac: '0004130a0b0e',
    ...handsets,
    settings: { ...fullSettings, 'ldap.security': 'none', 'ldap.port': 389 },
  }),
  createDevice('grandstream', 'GXP2170', { mac: '000b820a0b0c' }),
  createDevice('grandstream', 'GXP2160', {
    mac: '000b820a0b14',
    keys: [7, 8, 18, 19, 24].map((index) => ({
      area: 'soft',
      index,
      kind: 'blf',
      value: `${200 + index}`,
    })),
    settings: {
      ...fullSettings,
      ringtones: Array.from({ length: 8 }, (_, index) => ({
        alertInfo: `class-${index + 1}`,
        number: index + 3,
      })),
    },
  }),
  createDevice('grandstream', 'GXP1782', { mac: '000b820a0b15' }),
  createDevice('grandstream', 'GRP2614', { mac: 'c074ad0a0b0c' }),
  createDevice('grandstream', 'GRP2601', {
    mac: 'c074ad0a0b10',
    settings: {
      'network.staticAddress': '10.20.30.41',
      'network.staticMask': '255.255.255.0',
      'network.staticGateway': '10.20.30.1',
    },
  }),
  createDevice('grandstream', 'DP752', { mac: 'c074ad0a0b0d', ...handsets }),
  createDevice('grandstream', 'HT802', { mac: 'c074ad0a0b0e' }),
  createDevice('grandstream', 'HT814', { mac: 'c074ad0a0b0f' }),
  createDevice('grandstream', 'GXW4232', {
    mac: '000b820a0b0d',
    lines: createDevice('grandstream', 'GXW4232').lines.map((line, index) => ({
      ...line,
      place: index === 0 ? 1 : 31,
    })),
  }),
  createDevice('grandstream', 'BT200', {
    mac: '000b820a0b0e',
    settings: {
      'network.staticAddress': '10.20.30.41',
      'network.staticMask': '255.255.255.0',
      'network.staticGateway': '10.20.30.1',
      'time.zone': 'Europe/Rome',
    },
  }),
  createDevice('grandstream', 'GXP2010', {
    mac: '000b820a0b0f',
    keys: [
      ...createDevice('grandstream', 'GXP2010').keys,
      { area: 'line', index: 19, kind: 'speedDial', value: '219' },
      { area: 'expansion', module: 2, index: 56, kind: 'blf', value: '256' },
    ],
  }),
  createDevice('grandstream', 'HT286', { mac: '000b820a0b10' }),
  createDevice('grandstream', 'HT496', { mac: '000b820a0b11' }),
  createDevice('fanvil', 'X5U', { mac: '0c383e0a0b0c' }),
  createDevice('fanvil', 'V62', { mac: '0c383e0a0b0d' }),
  createDevice('fanvil', 'X3S', { mac: '0c383e0a0b0e' }),
  createDevice('fanvil', 'W710D', handsets),
  createDevice('jitsi', 'Jitsi'),
  createDevice('bria', 'Bria'),
  createDevice('wp4x0', 'WP480', {
    mac: '9c75140a0b0c',
    settings: { ...fullSettings, 'ldap.security': 'none', 'ldap.port': 389 },
  }),
  createDevice('wp4x0', 'W04FXS', { mac: '9c75140a0b10' }),
  createDevice('wp4x0', 'W04FXO', { mac: '9c75140a0b11' }),
  createDevice('wp4x0', 'W02BRI', {
    mac: '9c75140a0b12',
    settings: { ...fullSettings, 'sip.acceptFromServerOnly': false },
  }),
  createDevice('wp4x0', 'W01GSM', { mac: '9c75140a0b13' }),
  createDevice('w-air', 'W-AIR Base Sync Plus', { mac: '00087b0a0b0d', ...system, ...placed }),
  createDevice('htek', 'UC924', {
    mac: '001fc10a0b0c',
    settings: { ...fullSettings, 'ldap.security': 'none', 'ldap.port': 389 },
  }),
  createDevice('audiocodes', '440HD', { mac: '00908f0a0b0c' }),
  createDevice('audiocodes', 'MP118', { mac: '00908f0a0b0d' }),
  createDevice('audiocodes', 'Mediant1000', { mac: '00908f0a0b0e' }),
  createDevice('aastra', '57i', { mac: '00085d0a0b0c' }),
  createDevice('aastra', '53i', { mac: '00085d0a0b0d', settings: { 'time.zone': 'Europe/Rome' } }),
  createDevice('poly', 'VVX450', { mac: '64167f0a0b0c' }),
  createDevice('poly', 'SPIP650', { mac: '0004f20a0b0d', firmware: '3.2.7.0198' }),
  createDevice('poly', 'SSIP6000', { mac: '0004f20a0b0e', firmware: '4.0.15.1009' }),
  createDevice('poly', 'EdgeE220', { mac: '4825670a0b0c' }),
  createDevice('cisco-spa', 'SPA504G', {
    mac: '0026990a0b0c',
    settings: { ...fullSettings, 'ldap.security': 'none', 'ldap.port': 389 },
  }),
  createDevice('cisco-spa', 'SPA112', { mac: '0026990a0b0d' }),
  createDevice('cisco-mpp', '8851', { mac: '00562b0a0b0c' }),
  createDevice('cisco-79xx', '7960', { mac: '000e840a0b0c' }),
  createDevice('cisco-79xx', '7961', {
    mac: '0016460a0b0c',
    settings: { 'time.zone': 'Europe/Rome' },
  }),
  createDevice('nortel', '1140E', { mac: '0017650a0b0c' }),
  createDevice('nortel', '1220', { mac: '80177d0a0b0c', settings: { 'time.zone': 'Asia/Tokyo' } }),
  createDevice('lg-nortel', 'LIP-6812', { mac: '00405a0a0b0c' }),
  createDevice('lg-nortel', 'LIP-6804', {
    mac: '00405a0a0b0e',
    settings: { 'time.zone': 'Europe/Rome' },
  }),
  createDevice('lg-nortel', '1535', { mac: '001a7e0a0b0d' }),
  createDevice('karel', 'IP112', { mac: '0015650a0b0d' }),
  createDevice('karel', 'NT32I', { mac: '0015650a0b0e' }),
  createDevice('unidata', 'WPU-7700', { mac: '00032a0a0b0c' }),
  createDevice('unidata', 'IP5000', {
    mac: '00032a0a0b0d',
    settings: { 'time.zone': 'Europe/Rome' },
  }),
  createDevice('gtek', 'VT20x', { mac: '000e430a0b0c' }),
  createDevice('gtek', 'AQ10x', { mac: '000e430a0b0d' }),
  createDevice('clearone', 'MAX-IP', { mac: '0090790a0b0c' }),
  createDevice('ipdialog', 'SipTone-V', { mac: '00041c0a0b0c' }),
  createDevice('isphone', 'isphone', { mac: '0015650a0b0f' }),
  createDevice('gigaset', 'N510', { mac: '7c2f800a0b0c', ...handsets }),
  createDevice('gigaset', 'N720', {
    mac: '7c2f800a0b0e',
    ...handsets,
    settings: {
      ...fullSettings,
      'network.staticAddress': '10.20.30.41',
      'network.staticMask': '255.255.255.0',
      'network.staticGateway': '10.20.30.1',
    },
  }),
  createDevice('gigaset', 'N870', { mac: '7c2f800a0b0d', openedAtSec: 1_700_000_000, ...handsets }),
];

describe.each(devices.map((device) => [`${device.vendor} ${device.model}`, device] as const))(
  '%s',
  (_name, device) => {
    const files = renderAll(catalogue.require(device.vendor), device);

    it.each(files.map(([stage, file]) => [stage, file.name, file] as const))(
      '%s %s is as recorded',
      async (stage, _file, file) => {
        await expect(textOf(file)).toMatchFileSnapshot(goldenPath(device, file, stage));
      },
    );
  },
);
