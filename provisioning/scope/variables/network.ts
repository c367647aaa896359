/** Network, time, logging and remote control of the device itself. */
import type { Variable } from '../variable.ts';

const vlanId = { type: 'integer', minimum: 1, maximum: 4094 } as const;
const vlanPriority = { type: 'integer', minimum: 0, maximum: 7 } as const;
const dscp = { type: 'integer', minimum: 0, maximum: 63 } as const;

export const networkVariables = [
  { name: 'network.dns1', domain: { type: 'ipv4' }, help: 'DNS server instead of that of DHCP.' },
  { name: 'network.dns2', domain: { type: 'ipv4' }, help: 'Second DNS server.' },
  {
    name: 'network.staticAddress',
    domain: { type: 'ipv4' },
    help: 'Fixed address ("use received IP"); needs mask and gateway too.',
  },
  { name: 'network.staticMask', domain: { type: 'ipv4' }, help: 'Mask of the fixed address.' },
  { name: 'network.staticGateway', domain: { type: 'ipv4' }, help: 'Router of the fixed address.' },
  { name: 'network.voiceVlanId', domain: vlanId, help: 'VLAN of the phone itself (802.1Q).' },
  {
    name: 'network.voiceVlanPriority',
    domain: vlanPriority,
    default: 5,
    help: 'Class of service of the voice VLAN (802.1p).',
  },
  { name: 'network.dataVlanId', domain: vlanId, help: "VLAN of the phone's PC port." },
  {
    name: 'network.dataVlanPriority',
    domain: vlanPriority,
    default: 0,
    help: 'Class of service of the PC port.',
  },
  {
    name: 'network.lldp',
    domain: { type: 'boolean' },
    default: true,
    help: 'The switch may tell the phone its VLAN by LLDP-MED.',
  },
  {
    name: 'network.cdp',
    domain: { type: 'boolean' },
    default: false,
    help: 'The switch may tell the phone its VLAN by CDP.',
  },
  {
    name: 'network.dhcpVlan',
    domain: { type: 'boolean' },
    default: true,
    help: 'DHCP option 132 may tell the phone its VLAN.',
  },
  {
    name: 'network.signallingDscp',
    domain: dscp,
    default: 26,
    help: 'DSCP of SIP packets (26 is AF31).',
  },
  { name: 'network.mediaDscp', domain: dscp, default: 46, help: 'DSCP of RTP packets (46 is EF).' },
  {
    name: 'time.zone',
    domain: { type: 'timeZone' },
    default: 'Europe/Rome',
    help: 'Time zone by its IANA name, from which offset and summer time follow. Or a rule of its own: LOC-1SUM-2,M3.5.0/2,M10.5.0/3 is one hour east of Greenwich, two in summer, which lasts from the last (5) Sunday (0) of March at 2 to that of October at 3.',
  },
  {
    name: 'time.useDst',
    domain: { type: 'boolean' },
    default: true,
    help: 'The clock follows summer time where the zone has it.',
  },
  { name: 'time.ntpServer1', domain: { type: 'host' }, help: 'Time server.' },
  { name: 'time.ntpServer2', domain: { type: 'host' }, help: 'Second time server.' },
  {
    name: 'time.is24h',
    domain: { type: 'boolean' },
    default: true,
    help: 'The clock shows 24 hours.',
  },
  {
    name: 'time.dateFormat',
    domain: { type: 'choice', choices: ['dmy', 'mdy', 'ymd'] },
    default: 'dmy',
    help: 'Order of day, month and year.',
  },
  {
    name: 'syslog.server',
    domain: { type: 'host' },
    help: "Address that receives the device's log.",
  },
  {
    name: 'syslog.port',
    domain: { type: 'integer', minimum: 1, maximum: 65_535 },
    default: 514,
    help: 'UDP port of the syslog server.',
  },
  {
    name: 'syslog.level',
    domain: { type: 'choice', choices: ['error', 'warning', 'notice', 'info', 'debug'] },
    default: 'notice',
    help: 'Least important message that is sent.',
  },
  {
    name: 'snmp.enabled',
    domain: { type: 'boolean' },
    default: false,
    help: 'The device answers to SNMP, where it can.',
  },
  {
    name: 'snmp.community',
    domain: { type: 'secret', maximumLength: 64 },
    help: 'Community that may read.',
  },
  { name: 'snmp.trapHost', domain: { type: 'host' }, help: 'Address that receives traps.' },
] as const satisfies readonly Variable[];
