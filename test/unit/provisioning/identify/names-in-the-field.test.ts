/** What devices call themselves in the field: strings as public logs, code and configurations show them. */
import { describe, expect, test } from 'vitest';
import { identifyDevice } from '../../../../provisioning/identify/identify-device.ts';
import { matchRequest } from '../../../../provisioning/identify/match-request.ts';
import { recogniseImage } from '../../../../provisioning/firmware/recognise-image.ts';
import { parsePnpRequest } from '../../../../provisioning/pnp/pnp-message.ts';
import { catalogue } from '../../../support/provisioning/complete-device.ts';

type Row = readonly [
  text: string,
  vendor: string,
  model?: string | undefined,
  firmware?: string | undefined,
  mac?: string | undefined,
];

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
  // Twelve digits are a serial number, unless they begin as the maker's MACs do.
  ['Linksys/SPA-942-6.1.5(a) (88019FA42805)', 'cisco-spa', 'SPA942', '6.1.5(a)'],
  ['Linksys/SPA942-6.1.5(a) (000E08A42805)', 'cisco-spa', 'SPA942', '6.1.5(a)', '000e08a42805'],
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
  ['Grandstream GXW4232 V2.3A 1.0.5.5', 'grandstream', 'GXW4232', '1.0.5.5'],
  ['Grandstream HT802 1.0.17.5', 'grandstream', 'HT802', '1.0.17.5'],
  [
    'Grandstream Model HW GXP1405 SW 1.0.4.23 DevId 000b8240d55c',
    'grandstream',
    'GXP1405',
    '1.0.4.23',
    '000b8240d55c',
  ],
  ['Mozilla/4.0 (compatible; snom760-SIP 8.7.3.19 2010.06)', 'snom', '760', '8.7.3.19'],
  ['Yealink SIP-T53C 95.86.0.45 80:5e:c0:11:22:33', 'yealink', 'T53', '95.86.0.45', '805ec0112233'],
  [
    'Mitel6930 MAC:14-00-E9-00-00-01 V:6.4.0.140-SIP',
    'aastra',
    undefined,
    '6.4.0.140',
    '1400e9000001',
  ],
  [
    'Audiocodes-Sip-Gateway-Mediant 1000/v.6.60A.266.003',
    'audiocodes',
    'Mediant1000',
    '6.60A.266.003',
  ],
  ['Nortel IP Phone 11xx (SIP12x0e.03.02.16.00)', 'nortel', undefined, '03.02.16.00'],
  ['Avaya IP Phone 1140E (SIP1140e.04.04.09.00)', 'nortel', '1140E', '04.04.09.00'],
  ['Avaya IP Phone 1120E', 'nortel', '1120E', undefined],
  ['AVAYA/SIP12x0\u0017/04.00.04.00', 'nortel', undefined, '04.00.04.00'],
  [
    'LG-Nortel LIP 6804 v1.2.38sp SN/00405A187376',
    'lg-nortel',
    'LIP-6804',
    '1.2.38sp',
    '00405a187376',
  ],
  ['Yealink SIP VP-T49G 51.80.0.10', 'yealink', 'T49G', '51.80.0.10'],
  ['Yealink SIP-T19P_E2 53.84.0.15', 'yealink', 'T19P_E2', '53.84.0.15'],
  ['Yealink W70B 146.85.0.20', 'yealink', 'W70B', '146.85.0.20'],
  [
    'Mozilla/4.0 (compatible; snom710-SIP 8.9.3.60 1.1.5 00041374017A)',
    'snom',
    'D710',
    '8.9.3.60',
    '00041374017a',
  ],
  ['snomD785-SIP 10.1.169.16', 'snom', 'D785', '10.1.169.16'],
  [
    'Gigaset N870E IP PRO/83.V2.64.0;7C2F80E0D606;Handset=50',
    'gigaset',
    'N870',
    '83.V2.64.0',
    '7c2f80e0d606',
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

const vendorClasses: readonly Row[] = [
  ['yealink', 'yealink'],
  ['snomD785', 'snom', 'D785'],
  ['snomD765', 'snom', 'D765'],
  ['snomM900', 'snom-m', 'M900'],
  ['snomM3', 'snom-m3', 'M3'],
  ['Grandstream GXP2170 dslforum.org', 'grandstream', 'GXP2170'],
  ['Grandstream HT802 dslforum.org', 'grandstream', 'HT802'],
  ['Grandstream', 'grandstream'],
  ['Fanvil X5U', 'fanvil', 'X5U'],
  ['Polycom VVX-VVX_450 5.9.0.9373', 'poly', 'VVX450'],
  ['Polycom SoundPointIP-SPIP_601 3.2.0', 'poly', 'SPIP601'],
  ['Polycom-VVX410', 'poly', 'VVX410'],
  ['Cisco SPA504G', 'cisco-spa', 'SPA504G'],
  ['Cisco Systems, Inc. IP Phone SPA525G', 'cisco-spa', 'SPA525G'],
  ['CISCO SPA122', 'cisco-spa', 'SPA122'],
  ['CISCO ATA191-MPP', 'cisco-spa', 'ATA191'],
  ['LINKSYS SPA-942', 'cisco-spa', 'SPA942'],
  ['CP-8851-3PCC', 'cisco-mpp', '8851'],
  ['Cisco Systems, Inc. IP Phone CP-7941G', 'cisco-79xx', '7941'],
  ['Cisco Systems, Inc. IP Phone CP-7961G-GE', 'cisco-79xx', '7961'],
  ['AastraIPPhone6731i', 'aastra', '6731i'],
  ['MitelIPPhone6867i', 'aastra'],
  ['Nortel-SIP-Phone-A', 'nortel'],
  ['N510_IP_PRO', 'gigaset', 'N510'],
  ['Gigaset_N720_DM_PRO', 'gigaset', 'N720'],
];

describe('option 60 of DHCP', () => {
  test.each(vendorClasses.map((row) => [row[0], row] as const))('%s', (vendorClass, row) => {
    const [, vendor, model] = row;
    const found = identifyDevice(catalogue, { vendorClass });
    expect([found.vendor?.data.id, found.model?.id]).toEqual([vendor, model]);
  });

  test('of an operating system it names nobody', () => {
    expect(identifyDevice(catalogue, { vendorClass: 'udhcp 1.20.2' }).candidates).toEqual([]);
  });
});

describe('a file name that one family alone uses', () => {
  test.each([
    ['y000000000095.cfg', 'yealink'],
    ['snomD785-000413922D24.htm', 'snom'],
    ['snomM900-000413B60680.htm', 'snom-m'],
    ['cfggxp2170.xml', 'grandstream'],
    ['0004f2aabbcc-directory.xml', 'poly'],
    ['3111-48450-001.sip.ld', 'poly'],
    ['SoundPointIPLocalization/Italian_Italy/SoundPointIP-dictionary.xml', 'poly'],
    ['spa504G.cfg', 'cisco-spa'],
    ['ATA192.xml', 'cisco-spa'],
    ['Cisco/CP-8851-3PCC/00562b0a0b0c.cfg', 'cisco-mpp'],
    ['8851-3PCC.xml', 'cisco-mpp'],
    ['SEP000E840A0B0C.cnf.xml', 'cisco-79xx'],
    ['CTLSEP000E840A0B0C.tlv', 'cisco-79xx'],
    ['DRdialplan.xml', 'cisco-79xx'],
    ['AppDialRules.xml', 'cisco-79xx'],
    ['Italian_Italy/mk-sip.jar', 'cisco-79xx'],
    ['f0X3sghw1.100.cfg', 'fanvil'],
    ['F0V00X5S0000.cfg', 'fanvil'],
    ['F0Vi51W00000.cfg', 'fanvil'],
    ['fanvil_v67_hw1_1.txt', 'fanvil'],
    ['fanvil_x5u_hw10.txt', 'fanvil'],
    ['Fanvil_X7C_Pro_hw10.txt', 'fanvil'],
    ['42/2/master.bin', 'gigaset'],
    ['aastra.cfg', 'aastra'],
    ['1140eSIP.cfg', 'nortel'],
    ['e1_00032A0A0B0C.ini', 'unidata'],
    ['0a0b0cuser.ini', 'unidata'],
    ['000e430a0b0c.dat', 'gtek'],
    ['C1MAXIP_0090790A0B0C.txt', 'clearone'],
    ['SipTone/config/ipdSIP00041C0A0B0C.xml', 'ipdialog'],
    ['00405A187376', 'lg-nortel'],
    ['1.0/0.1.90S/sysconf_2890d_sip.cfg', 'lg-nortel'],
    ['12x0SIP.cfg', 'nortel'],
    ['Nortel/config/SIP80177D0A0B0C.xml', 'nortel'],
    ['1120e.cfg', 'nortel'],
    ['12xxBoot.cfg', 'nortel'],
    ['SIP80177D0A0B0C.cfg', 'nortel'],
    ['SIP80177D0A0B0C.fk', 'nortel'],
    ['SIP12x004.04.09.00.bin', 'nortel'],
  ])('%s', (path, vendor) => {
    expect(matchRequest(catalogue, path).map((match) => match.vendor.data.id)).toEqual([vendor]);
  });
});

/** Request URI, From, parameters of the event, User-Agent, then the vendor and the MAC. */
type Announcement = readonly [
  uri: string,
  from: string,
  event: string,
  userAgent: string,
  vendor: string,
  mac: string | undefined,
];

const announcements: readonly Announcement[] = [
  [
    'sip:MAC%3a805ec0aabbcc@224.0.1.75',
    'sip:MAC%3a805ec0aabbcc@224.0.1.75',
    ';profile-type="device";vendor="Yealink";model="SIP-T53W";version="96.86.0.70"',
    'Yealink SIP-T53W 96.86.0.70',
    'yealink',
    '805ec0aabbcc',
  ],
  [
    'sip:MAC001565aabbcc@224.0.1.75',
    'sip:MAC001565aabbcc@224.0.1.75',
    ';profile-type="device";vendor="yealink";model="T28";version="2.70.0.90"',
    'Yealink SIP-T28P 2.70.0.90',
    'yealink',
    '001565aabbcc',
  ],
  [
    'sip:MAC%3a000413922D24@intern.snom.de',
    'sip:MAC%3a000413922D24@intern.snom.de',
    ';profile-type="device";vendor="snom";model="snomD785";version="10.1.33.33"',
    'snomD785/10.1.33.33',
    'snom',
    '000413922d24',
  ],
  [
    'sip:512@192.0.2.7',
    'sip:512@192.0.2.7',
    ';profile-type="device";vendor="snom";model="M700";version="03.23.0005"',
    'snomM700/03.23.0005 (MAC=000413B60680; SER= 00000; HW=255)',
    'snom-m',
    '000413b60680',
  ],
  [
    'sip:MAC%3a7C2F804DF9A9@gigaset.com',
    'sip:MAC%3a7C2F804DF9A9@gigaset.com',
    ';profile-type="device";vendor="Gigaset";model="N510 IP PRO";version="42.245"',
    'Gigaset N510 IP PRO/42.245.00.000.000',
    'gigaset',
    '7c2f804df9a9',
  ],
  [
    'sip:MAC%3AC074AD2BD859@224.0.1.75',
    'sip:MAC%3AC074AD2BD859@224.0.1.75',
    ';profile-type="device";vendor="Grandstream";model="GRP2612W";version="1.0.5.67"',
    'Grandstream GRP2612W 1.0.5.67',
    'grandstream',
    'c074ad2bd859',
  ],
  [
    'sip:MAC=0c383e2cd782@224.0.1.75',
    'sip:MAC=0c383e2cd782@224.0.1.75',
    ';profile-type="device";vendor="OEM";model="VOIP PHONE";version="2.4.5"',
    'VOIP PHONE 2.4.5',
    'fanvil',
    '0c383e2cd782',
  ],
  [
    'sip:224.0.1.75:5060',
    'sip:00000001@192.0.2.8',
    ';profile-type="application"',
    'AUDC-IPPhone/2.2.8.61 (440HDG-Rev0; 00908F602AAC)',
    'audiocodes',
    undefined,
  ],
];

describe('a multicast announcement', () => {
  test.each(announcements.map((row) => [row[3], row] as const))('of %s', (_name, row) => {
    const [uri, from, event, userAgent, vendor, mac] = row;
    const request = parsePnpRequest(
      Buffer.from(
        [
          `SUBSCRIBE ${uri} SIP/2.0`,
          'Via: SIP/2.0/UDP 192.0.2.7:5060;rport',
          `From: <${from}>;tag=1`,
          `To: <${from}>`,
          'Call-ID: 1@192.0.2.7',
          'CSeq: 20000 SUBSCRIBE',
          'Contact: <sip:192.0.2.7:5060>',
          `Event: ua-profile${event}`,
          `User-Agent: ${userAgent}`,
          'Content-Length: 0',
          '',
          '',
        ].join('\r\n'),
      ),
    );
    expect(request?.mac).toBe(mac);
    const found = identifyDevice(catalogue, {
      userAgent,
      announcement: {
        vendor: request?.vendor ?? '',
        model: request?.model ?? '',
        version: request?.version ?? '',
        ...(mac === undefined ? {} : { mac }),
      },
    });
    expect(found.vendor?.data.id).toBe(vendor);
  });
});

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
