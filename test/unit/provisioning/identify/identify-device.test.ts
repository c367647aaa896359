import { expect, test } from 'vitest';
import {
  identifyDevice,
  type DeviceFacts,
} from '../../../../provisioning/identify/identify-device.ts';
import { catalogue } from '../../../support/provisioning/complete-device.ts';

function identify(facts: DeviceFacts) {
  const found = identifyDevice(catalogue, facts);
  return {
    vendor: found.vendor?.data.id,
    model: found.model?.id,
    firmware: found.firmware,
    mac: found.mac,
    macSource: found.macSource,
  };
}

test.each([
  ['Yealink SIP-T53W 96.87.0.16 805ec0aabbcc', 'yealink', 'T53W', '96.87.0.16', '805ec0aabbcc'],
  [
    'Yealink SIP-T46G 28.81.0.110 00:15:65:aa:bb:cc',
    'yealink',
    'T46G',
    '28.81.0.110',
    '001565aabbcc',
  ],
  ['Yealink W52P 25.30.0.2 00:15:65:40:ae:35', 'yealink', 'W52P', '25.30.0.2', '00156540ae35'],
  ['W52P 25.30.0.2 00:15:65:44:b3:7c', 'yealink', 'W52P', '25.30.0.2', '00156544b37c'],
  [
    'Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 1.1.3-u 000413922D24 SXM:0 UXM:0 UXMC:0)',
    'snom',
    'D785',
    '10.1.33.33',
    '000413922d24',
  ],
  [
    'Mozilla/4.0 (compatible; Snom M900 05.20.0001 000413b60680)',
    'snom-m',
    'M900',
    '05.20.0001',
    '000413b60680',
  ],
  [
    'Grandstream Model HW GXP1628 SW 1.0.4.138 DevId c074ad2bd859',
    'grandstream',
    'GXP1628',
    '1.0.4.138',
    'c074ad2bd859',
  ],
  ['Grandstream BT110 1.0.8.33', 'grandstream', 'BT100', '1.0.8.33', undefined],
  [
    'Grandstream BT201 (bt200e.bin:1.2.1.4/boot55e.bin:1.1.6.6)',
    'grandstream',
    'BT200',
    '1.2.1.4',
    undefined,
  ],
  [
    'Grandstream GXP2000 (gxp2000e.bin:1.2.5.3/boot55e.bin:1.1.6.9) DevId 000b82aabb05',
    'grandstream',
    'GXP2000',
    '1.2.5.3',
    '000b82aabb05',
  ],
  ['Grandstream HT287 1.1.0.31', 'grandstream', 'HT286', '1.1.0.31', undefined],
  [
    'FileTransport PolycomVVX-VVX_400-UA/4.1.4.7430 Type/Application',
    'poly',
    'VVX400',
    '4.1.4.7430',
    undefined,
  ],
  [
    'FileTransport PolycomSoundPointIP-SPIP_335-UA/4.2.2.0710 Type/Application',
    'poly',
    'SPIP335',
    '4.2.2.0710',
    undefined,
  ],
  ['Mozilla/4.0 (compatible; snom370-SIP 8.7.5.35 1.1.3-s)', 'snom', '370', '8.7.5.35', undefined],
  [
    'FileTransport PolyEdge-Edge_E450-UA/8.0.0.15602 Type/Application',
    'poly',
    'EdgeE450',
    '8.0.0.15602',
    undefined,
  ],
  [
    'AUDC-IPPhone/2.2.8.61 (440HDG-Rev0; 00908F602AAC)',
    'audiocodes',
    '440HD',
    '2.2.8.61',
    '00908f602aac',
  ],
  ['Wildix WP480GR2 54.0.1.92', 'wp4x0', 'WP480GR2', '54.0.1.92', undefined],
  ['Wildix W02FXSR2 1.4.20 9C7514AABB10', 'wp4x0', 'W02FXS', '1.4.20', '9c7514aabb10'],
  ['Wildix W-PA/1.0.7', 'wp4x0', 'W-PA', '1.0.7', undefined],
  ['Wildix SuperVision 5.0.3', 'wp4x0', 'SuperVision', '5.0.3', undefined],
  [
    'Wildix W-AIR Base Sync Plus/0740B0100 (00087BAABB20)',
    'w-air',
    'W-AIR Base Sync Plus',
    '0740B0100',
    '00087baabb20',
  ],
  [
    'Mozilla/4.0 (compatible; AudioCodes; MP-118 FXS;6.60A.329.003;00908F602AAD;0)',
    'audiocodes',
    'MP118',
    '6.60A.329.003',
    '00908f602aad',
  ],
  [
    'Audiocodes-Sip-Gateway-MP-124 FXS/v.6.60A.266.003',
    'audiocodes',
    'MP124',
    '6.60A.266.003',
    undefined,
  ],
  [
    'Aastra57i MAC:00-08-5D-19-E4-01 V:2.6.0.1008-SIP',
    'aastra',
    '57i',
    '2.6.0.1008',
    '00085d19e401',
  ],
  ['Aastra 6753i/3.2.2.1136', 'aastra', '53i', '3.2.2.1136', undefined],
  ['snom-m3-SIP/02.11', 'snom-m3', 'M3', '02.11', undefined],
  ['AUDC-IPPhone-445HD_UC_3.4.8/1.0', 'audiocodes', '445HD', '3.4.8', undefined],
  ['Htek UC903 2.0.4.2 00:1f:c1:1c:22:a9', 'htek', 'UC903', '2.0.4.2', '001fc11c22a9'],
  [
    'Cisco/SPA508G-7.4.8a (0002FDFF2103)(CBT141400UK)',
    'cisco-spa',
    'SPA508G',
    '7.4.8a',
    '0002fdff2103',
  ],
  ['Cisco/SPA525G-7.4.7 (CBT141900G7)', 'cisco-spa', 'SPA525G', '7.4.7', undefined],
  ['Cisco-CP-7832-3PCC/11.0.1 (00562b043615)', 'cisco-mpp', '7832', '11.0.1', '00562b043615'],
  ['Jitsi2.10.5550Windows 10', 'jitsi', 'Jitsi', '2.10.5550', undefined],
  ['Bria 3 release 3.5.5 stamp 71243', 'bria', 'Bria', '3.5.5', undefined],
  ['Fanvil X6U Pro 0.0.10 0c383e2cd782', 'fanvil', 'X6U', '0.0.10', '0c383e2cd782'],
  [
    'N510 IP PRO/42.245.00.000.000;7C2F804DF9A9',
    'gigaset',
    'N510',
    '42.245.00.000.000',
    '7c2f804df9a9',
  ],
  [
    'Gigaset N610 IP PRO/83.V2.64.0-160-g758db0bf;589EC67C2479;Handset=20',
    'gigaset',
    'N610',
    '83.V2.64.0-160-g758db0bf',
    '589ec67c2479',
  ],
])('the User-Agent %j', (userAgent, vendor, model, firmware, mac) => {
  const found = identifyDevice(catalogue, { userAgent });
  expect(found.vendor?.data.id).toBe(vendor);
  expect(found.model?.id.replaceAll(/[ _-]/g, '')).toBe(model.replaceAll(/[ _-]/g, ''));
  expect(found.firmware).toBe(firmware);
  expect(found.mac).toBe(mac);
});

test('a MAC counts most from the certificate, then the path, the User-Agent, the neighbour table', () => {
  const facts = {
    certificate: {
      subject: 'C=CN\nO=Yealink\nCN=805ec0000001',
      issuer: 'C=CN\nCN=Yealink Equipment Issuing CA',
    },
    path: '805ec0000002.cfg',
    userAgent: 'Yealink SIP-T53W 96.87.0.16 805ec0000003',
    neighbourMac: '805ec0000004',
  };
  const { certificate, ...withoutCertificate } = facts;
  const { path, ...withoutPath } = withoutCertificate;
  expect(identify({ ...withoutPath, path, certificate })).toMatchObject({
    mac: '805ec0000001',
    macSource: 'certificate',
  });
  expect(identify(withoutCertificate)).toMatchObject({ mac: '805ec0000002', macSource: 'path' });
  expect(identify(withoutPath)).toMatchObject({ mac: '805ec0000003', macSource: 'user-agent' });
  expect(identify({ neighbourMac: facts.neighbourMac })).toMatchObject({
    mac: '805ec0000004',
    macSource: 'neighbour',
  });
  expect(identifyDevice(catalogue, facts).macConflict).toHaveLength(4);
});

test('a shared file name is decided by the User-Agent, then by the MAC prefix', () => {
  const path = '805ec0aabbcc.cfg';
  expect(identify({ path }).vendor).toBe('yealink');
  expect(
    identify({ path, userAgent: 'FileTransport PolycomVVX-VVX_400-UA/4.1.4.7430 Type/Application' })
      .vendor,
  ).toBe('poly');
});

test('equal evidence is a tie that names everybody', () => {
  const found = identifyDevice(catalogue, { path: 'feffffaabbcc.cfg' });
  expect(found.vendor).toBeUndefined();
  expect(found.mac).toBe('feffffaabbcc');
  expect(found.tied.map(({ data }) => data.id)).toEqual(
    expect.arrayContaining(['yealink', 'fanvil', 'poly']),
  );
});

test('the placeholder that a Snom phone sends is no MAC', () => {
  expect(
    identify({
      path: 'snomD785-000413922D24.htm',
      userAgent: 'Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 1.1.3-u 000413000000)',
    }),
  ).toMatchObject({ mac: '000413922d24', model: 'D785' });
  expect(
    identify({
      userAgent: 'Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 1.1.3-u 000413000000)',
    }).mac,
  ).toBeUndefined();
});

test('of a multicast announcement the MAC prefix counts more than the name', () => {
  const announcement = { vendor: 'Yealink', model: 'T46S', version: '66.86.0.15' };
  expect(identify({ announcement: { ...announcement, mac: '001565aabbcc' } })).toMatchObject({
    vendor: 'yealink',
    model: 'T46S',
    firmware: '66.86.0.15',
    mac: '001565aabbcc',
    macSource: 'announcement',
  });
  const foreign = identifyDevice(catalogue, {
    announcement: { ...announcement, mac: '000413aabbcc' },
  });
  expect(foreign.tied.map(({ data }) => data.id)).toEqual(['snom', 'snom-m']);
});

test('nothing known is nobody', () => {
  const found = identifyDevice(catalogue, { path: 'readme.txt', userAgent: 'curl/8.5.0' });
  expect(found).toEqual({ candidates: [], tied: [], macConflict: [] });
});

test('no User-Agent keeps the patterns busy', () => {
  const hostile = ['Yealink ', 'Mozilla/4.0 (compatible; snom', 'Cisco/SPA-', 'Gigaset N', 'a '];
  const started = performance.now();
  for (const part of hostile) {
    for (const filler of ['1', ' ', '-', '0a:', 'SIP-', '.']) {
      identifyDevice(catalogue, { userAgent: part + filler.repeat(20_000) });
    }
  }
  expect(performance.now() - started).toBeLessThan(200);
});
