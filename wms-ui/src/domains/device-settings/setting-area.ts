/** In which part of the form a setting is shown. */
export const settingAreas = [
  'network',
  'time',
  'phone',
  'monitoring',
  'calls',
  'audio',
  'sip',
  'security',
  'phonebooks',
  'provisioning',
  'dect',
  'other',
] as const;
export type SettingArea = (typeof settingAreas)[number];

/** By the first part of the name. */
const areaOfPrefix: Readonly<Record<string, SettingArea>> = {
  network: 'network',
  time: 'time',
  phone: 'phone',
  syslog: 'monitoring',
  snmp: 'monitoring',
  actionUrls: 'monitoring',
  calls: 'calls',
  multicast: 'calls',
  audio: 'audio',
  ringtones: 'audio',
  sip: 'sip',
  security: 'security',
  ldap: 'phonebooks',
  phonebooks: 'phonebooks',
  firmware: 'provisioning',
  provisioning: 'provisioning',
  dect: 'dect',
};

export function areaOf(name: string): SettingArea {
  return areaOfPrefix[name.split('.')[0] ?? ''] ?? 'other';
}
