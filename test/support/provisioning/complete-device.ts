/** A device with everything on it, for golden files and rules of provisioning. */
import { join } from 'node:path';
import type { Device, DeviceKey } from '../../../provisioning/device.ts';
import { renderFile, type RenderedFile } from '../../../provisioning/rendering/render.ts';
import type { SettingValues } from '../../../provisioning/scope/setting-value.ts';
import type { CompiledVendor } from '../../../provisioning/vendors/compile-vendor.ts';
import { VendorCatalogue } from '../../../provisioning/vendors/vendor-catalogue.ts';
import type { Stage } from '../../../provisioning/vendors/vendor.ts';
import { Secret } from '../../../system/foundation/secret.ts';
import { decodePValues } from './p-value-decoder.ts';

export const catalogue = new VendorCatalogue();

/** Every value differs from its default, so that a golden file shows where each one goes. */
export const fullSettings: SettingValues = {
  'sip.registerExpiresSec': 600,
  'sip.srtp': 'optional',
  'sip.featureSync': true,
  'audio.codecs': ['opus', 'pcma', 'g722', 'g729'],
  'audio.ringtone': 3,
  ringtones: [{ alertInfo: 'external', number: 2 }],
  'calls.voicemailNumber': '*97',
  'calls.pickupCode': '*8',
  'calls.groupPickupCode': '*80',
  'calls.autoAnswerMuted': true,
  'calls.hotlineNumber': '9',
  multicast: [{ address: '239.1.2.3', port: 10_000, label: 'Warehouse' }],
  'network.dns1': '10.20.0.2',
  'network.voiceVlanId': 20,
  'network.voiceVlanPriority': 6,
  'network.dataVlanId': 30,
  'network.dataVlanPriority': 1,
  'time.zone': 'America/New_York',
  'time.ntpServer1': 'ntp1.example.org',
  'time.ntpServer2': 'ntp2.example.org',
  'time.is24h': false,
  'time.dateFormat': 'mdy',
  'syslog.server': '10.20.0.9',
  'syslog.level': 'info',
  'snmp.enabled': true,
  'snmp.community': new Secret('watch'),
  'security.adminPassword': new Secret('Adm1n&<"Pass'),
  'security.userPassword': new Secret('us3r-pass'),
  'security.pin': new Secret('4711'),
  'phone.language': 'it',
  'phone.toneZone': 'IT',
  'ldap.server': 'ldap.example.org',
  'ldap.port': 636,
  'ldap.security': 'ldaps',
  'ldap.base': 'ou=people,dc=example,dc=org',
  'ldap.user': 'cn=phone,dc=example,dc=org',
  'ldap.password': new Secret('ldap-pass'),
  phonebooks: [{ name: 'Customers', url: 'https://pbx.example.org/phonebook/customers.xml' }],
  actionUrls: [{ event: 'incoming', url: 'http://pbx.example.org/event?mac=$mac&call=in' }],
  'firmware.url': 'https://pbx.example.org/firmware/current.rom',
  'firmware.version': '96.86.0.75',
};

const keys: readonly DeviceKey[] = [
  { area: 'line', index: 1, kind: 'line', line: 1 },
  { area: 'line', index: 2, kind: 'blf', value: '202', label: 'Bruno <Rossi> & Co' },
  { area: 'line', index: 3, kind: 'speedDial', value: '+390612345', label: 'Head office' },
  { area: 'line', index: 4, kind: 'park', value: '701', label: 'Park 1' },
  { area: 'line', index: 5, kind: 'line', line: 2 },
  { area: 'expansion', module: 1, index: 1, kind: 'blf', value: '203', label: 'Carla' },
];

/** `count` lines, the second with another transport, outbound proxy and backup. */
export function createDevice(vendor: string, model: string, changes: Partial<Device> = {}): Device {
  return {
    mac: '0015650a0b0c',
    vendor,
    model,
    lines: [
      {
        account: 'anna',
        displayName: 'Anna Bianchi',
        userName: '201',
        password: new Secret('s3cr3t-201'),
        server: { host: 'pbx.example.org' },
      },
      {
        account: 'desk',
        displayName: 'Front "Desk" & Hall',
        label: 'Desk',
        userName: '210',
        authName: 'auth210',
        password: new Secret('s3cr3t<&>210'),
        server: { host: 'pbx.example.org', port: 5071 },
        transport: 'tls',
        backupServer: { host: 'pbx2.example.org' },
        outboundProxy: { host: 'edge.example.org', port: 5091 },
        voicemailNumber: '*98210',
      },
    ],
    keys,
    handsets: [],
    groups: [],
    settings: fullSettings,
    customLines: [],
    ...changes,
  };
}

export function render(
  device: Device,
  file: string,
  stage: Stage = 'secure',
  fetchUrl = stage === 'secure'
    ? 'https://pbx.example.org/prov/device-token/'
    : 'https://pbx.example.org/prov/once/',
): RenderedFile {
  return renderFile({
    vendor: catalogue.require(device.vendor),
    device,
    scopes: [],
    file,
    stage,
    fetchUrl,
  });
}

/** As the device reads it; of a binary file every parameter on a line of its own. */
export function textOf(file: RenderedFile): string {
  return file.contentType === 'application/octet-stream'
    ? decodePValues(file.bytes)
        .parameters.map(([name, value]) => `${name}=${value}\n`)
        .join('')
    : file.bytes.toString('utf8');
}

/** Path of a golden file, from a test in test/unit/provisioning/vendors. */
export function goldenPath(device: Device, file: RenderedFile, stage: Stage): string {
  return join(
    import.meta.dirname,
    '../../fixtures/provisioning',
    device.vendor,
    device.model,
    stage,
    file.name.replaceAll('/', '_'),
  );
}

/** Every file of the device in both stages. */
export function renderAll(vendor: CompiledVendor, device: Device): [Stage, RenderedFile][] {
  const model = vendor.requireModel(device.model);
  return (['bootstrap', 'secure'] as const).flatMap((stage) =>
    vendor
      .filesOf(model, stage)
      .map(({ declaration }): [Stage, RenderedFile] => [
        stage,
        render(device, declaration.id, stage),
      ]),
  );
}
