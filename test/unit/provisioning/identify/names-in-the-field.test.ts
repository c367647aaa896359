/** What devices call themselves in the field: strings as public logs, code and configurations show them. */
import { describe, expect, test } from 'vitest';
import { identifyDevice } from '../../../../provisioning/identify/identify-device.ts';
import { recogniseImage } from '../../../../provisioning/firmware/recognise-image.ts';
import { catalogue } from '../../../support/provisioning.ts';

type Row = readonly [text: string, vendor: string, model?: string, firmware?: string, mac?: string];

const userAgents: readonly Row[] = [
  ['Fanvil X4 2.10.2.6887 0c383e07e16c', 'fanvil', 'X4', '2.10.2.6887', '0c383e07e16c'],
  ['Fanvil X5U-V2 2.12.16.17 0c383e557eb1', 'fanvil', 'X5U', '2.12.16.17', '0c383e557eb1'],
  ['Fanvil X7C Pro 2.12.16.17 0c383e557eb2', 'fanvil', 'X7C', '2.12.16.17', '0c383e557eb2'],
  ['Fanvil V67 2.6.6.187 0c383e2b29e6', 'fanvil', 'V67', '2.6.6.187', '0c383e2b29e6'],
  ['Fanvil i10SV 2.12.10.1 0c383e2397f4', 'fanvil', 'i10SV', '2.12.10.1', '0c383e2397f4'],
  ['Fanvil i53W 2.12.9 0c383e10a440', 'fanvil', 'i53W', '2.12.9', '0c383e10a440'],
  ['Fanvil H2U-V2 2.12.0 0c383e32342e', 'fanvil', 'H2U', '2.12.0', '0c383e32342e'],
  ['Fanvil W620W 2.16.10 0c383e7dd216', 'fanvil', 'W610W', '2.16.10', '0c383e7dd216'],
  [
    'FileTransport PolyCCX-CCX_500-UA/9.4.1.0508 (SN:64167f9f4c90) Type/Application',
    'poly',
    'CCX500',
    '9.4.1.0508',
    '64167f9f4c90',
  ],
  ['Poly/CCX_600-UA/7.2.0.1234', 'poly', 'CCX600', '7.2.0.1234'],
  [
    'Polycom/5.4.3.2007 PolycomRealPresenceTrio-Trio_8800-UA/5.4.3.2007',
    'poly',
    'Trio8800',
    '5.4.3.2007',
  ],
  ['PolycomRealPresenceTrio-Trio_C60-UA/7.2.2.1094', 'poly', 'TrioC60', '7.2.2.1094'],
  ['Polycom/5.5.2.8571 PolycomVVX-VVX_310-UA/5.5.2.8571', 'poly', 'VVX310', '5.5.2.8571'],
  ['PolycomVVX-VVX_310-UA/4.1.4.7430_0004f2abcdef', 'poly', 'VVX310', '4.1.4.7430', '0004f2abcdef'],
  [
    'PolyEdge-Edge_E220-UA/8.0.0.13670_48256712b942',
    'poly',
    'EdgeE220',
    '8.0.0.13670',
    '48256712b942',
  ],
];

describe('the User-Agent', () => {
  test.each(userAgents.map((row) => [row[0], row] as const))('%s', (userAgent, row) => {
    const [, vendor, model, firmware, mac] = row;
    const found = identifyDevice(catalogue, { userAgent });
    expect([found.vendor?.data.id, found.model?.id, found.firmware, found.mac]).toEqual([
      vendor,
      model,
      firmware,
      mac,
    ]);
  });
});

const imageNames: readonly Row[] = [
  ['v62-fanvil-release-ff01-5944-2.12.20-krnlvUT2024-07-16-04.36.28.z', 'fanvil', 'V62', '2.12.20'],
  ['x4u-6902-P0.18.23.89-2.4.5.2-3594T2022-07-29-09.39.20.z', 'fanvil', 'X4U', '2.4.5.2'],
  ['x3s2.10.2.6887T20191115101938.z', 'fanvil', 'X3S', '2.10.2.6887'],
  [
    'I10S-fanvil-3921-full-V0.2.2-2.12.19.9-1746-D0.29.0-T2023-04-14-09.42.06.z',
    'fanvil',
    'i10S',
    '2.12.19.9',
  ],
];

describe('the file name that the maker gives firmware', () => {
  test.each(imageNames.map((row) => [row[0], row] as const))('%s', (fileName, row) => {
    const [, vendor, model, version] = row;
    const [image] = recogniseImage(catalogue, fileName, Buffer.alloc(64, 1));
    expect([image?.vendor.data.id, image?.models, image?.version]).toEqual([
      vendor,
      [model],
      version,
    ]);
  });
});
