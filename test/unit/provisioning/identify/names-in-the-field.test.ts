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
  ['Cisco/SPA112-1.4.1(SR5) (88755A000001)', 'cisco-spa', 'SPA112', '1.4.1(SR5)', '88755a000001'],
  ['Cisco/SPA122-1.3.5(004p_XU001)', 'cisco-spa', 'SPA122', '1.3.5(004p_XU001)'],
  ['Cisco/ATA191-MPP-11-1-0-MSR4 (FCH2443D9R4)', 'cisco-spa', 'ATA191', '11-1-0-MSR4'],
  ['Cisco/ATA192-12.0.1(SR3) (88755A000003)', 'cisco-spa', 'ATA192', '12.0.1(SR3)', '88755a000003'],
  ['Linksys/SPA-942-6.1.5(a) (88019FA42805)', 'cisco-spa', 'SPA942', '6.1.5(a)', '88019fa42805'],
  ['Linksys/SPA-962-6.1.5(a) (4MM00F903042)', 'cisco-spa', 'SPA962', '6.1.5(a)'],
  ['Linksys/SPA901-4.1.11(c)', 'cisco-spa', 'SPA901', '4.1.11(c)'],
  ['Linksys/SPA8000-6.1.3', 'cisco-spa', 'SPA8000', '6.1.3'],
  ['Cisco-CP-8851-3PCC/11.3.7_MPP_0001', 'cisco-mpp', '8851', '11.3.7_MPP_0001'],
  ['Cisco-CP-7832-3PCC/11.0.1 (00562b043615)', 'cisco-mpp', '7832', '11.0.1', '00562b043615'],
  ['Cisco-CP7941G-GE/8.0', 'cisco-79xx', '7941', '8.0'],
  ['Cisco-CP7960G/8.0', 'cisco-79xx', '7960', '8.0'],
  ['Cisco-CP7970G/8.4.0', 'cisco-79xx', '7970', '8.4.0'],
  [
    'AUDC-IPPhone/2.0.0_build_15 (420HD; 00908F3BBCBA)',
    'audiocodes',
    '420HD',
    '2.0.0_build_15',
    '00908f3bbcba',
  ],
  ['AUDC/3.4.6.604 AUDC-IPPhone-C450HD_UC_3.4.6.604/1', 'audiocodes', 'C450HD', '3.4.6.604'],
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
