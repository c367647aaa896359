/**
 * Cisco 79xx phones with firmware for SIP. The 7940 and 7960 read text, the later ones the XML of
 * CallManager. They fetch by TFTP and know no token: the administrator makes an exception for each.
 */
import type { Model, Vendor } from '../vendor.ts';
import { cisco79xxFirmware } from './firmware.ts';
import { readTemplates } from '../template-folder.ts';

const text = 'text/plain; charset=utf-8';
const xml = 'text/xml; charset=utf-8';
const centralEurope = 'Central Europe Standard/Daylight Time';
const easternEurope = 'E. Europe Standard/Daylight Time';
const britain = 'GMT Standard/Daylight Time';

/** Model, line keys, beginning of the names of its firmware. */
const xmlModels: readonly Model[] = (
  [
    ['7906', 1, 'SIP11'],
    ['7911', 1, 'SIP11'],
    ['7941', 2, 'SIP41'],
    ['7942', 2, 'SIP42'],
    ['7945', 2, 'SIP45'],
    ['7961', 6, 'SIP41'],
    ['7962', 6, 'SIP42'],
    ['7965', 6, 'SIP45'],
    ['7970', 8, 'SIP70'],
    ['7971', 8, 'SIP70'],
    ['7975', 8, 'SIP75'],
  ] as const
).map(([id, keys, load]) => ({
  id,
  name: `CP-${id}G`,
  aliases: [`${id}G`, `${id}GGE`, `CP-${id}`, `CP-${id}G`, `CP-${id}GGE`],
  family: 'xml',
  lines: keys,
  keys: { line: keys },
  codecs: ['g722', 'pcma', 'pcmu'],
  features: ['poe', 'pc-port', 'conference'],
  facts: { load },
}));

const textModels: readonly Model[] = (
  [
    ['7940', 2],
    ['7960', 6],
  ] as const
).map(([id, keys]) => ({
  id,
  name: `CP-${id}G`,
  aliases: [`${id}G`, `CP-${id}`, `CP-${id}G`],
  family: 'text',
  lines: keys,
  keys: { line: keys },
  codecs: ['pcma', 'pcmu', 'g729'],
  features: ['poe', 'pc-port', 'conference'],
  facts: { load: 'P0S3' },
}));

export const cisco79xx: Vendor = {
  id: 'cisco-79xx',
  name: 'Cisco 79xx',
  identification: {
    macPrefixes: [],
    userAgents: [/^Cisco-CP(?<model>79\d{2}G?)\/(?<firmware>[\w.-]{3,20})/],
    vendorClasses: [/^Cisco Systems, Inc\. IP Phone (?:CP-)?(?<model>79\d{2})G?(?:-GE)?/],
    certificates: [{ subject: /CN=CP-(?<model>79\d{2})G?(?:-GE)?-SEP(?<mac>[0-9A-F]{12})/ }],
    pnpVendors: [],
  },
  requests: [
    { pattern: /^SEP(?<mac>[0-9A-F]{12})\.cnf\.xml$/i, file: 'device' },
    { pattern: /^SIP(?<mac>[0-9A-F]{12})\.cnf$/i, file: 'text' },
    // Trust lists, defaults for all phones, tones and dial plans of CallManager.
    { pattern: /^(?:CTL|ITL)(?:SEP)?(?<mac>[0-9A-F]{12})?(?:File)?\.tlv$/i },
    { pattern: /^SEP(?<mac>[0-9A-F]{12})\.cnf\.xml(?:\.enc)?\.sgn$/i },
    { pattern: /^(?:XMLDefault\.cnf\.xml|SIPDefault\.cnf|OS79XX\.TXT|syncinfo\.xml)$/i },
    { pattern: /^(?:(?:Distinctive)?Ringlist(?:-wb)?\.(?:dat|xml)|(?:drd)?dialplan\.xml)$/i },
    {
      pattern: /^(?:SIP(?:11|41|42|45|70|75)\.[\w.-]{1,40}|P0S3-[\w-]{1,20})\.loads$/i,
      isFirmware: true,
    },
    {
      pattern: /^(?:apps|cnu|cvm|dsp|jar|term)\d{2}\w{0,4}\.[\w.-]{1,40}\.(?:sbn|loads)$/i,
      isFirmware: true,
    },
    { pattern: /^P0[0S]3-[\w-]{1,20}\.(?:sb2|sbn|bin)$/i, isFirmware: true },
  ],
  models: [...xmlModels, ...textModels],
  genericModel: '7941',
  firmware: cisco79xxFirmware,
  quirks: [],
  sharedByLines: {
    xml: ['transport', 'outboundProxy'],
    text: ['transport', 'outboundProxy', 'voicemailNumber'],
  },
  maps: {
    transport: { tcp: '1', udp: '2', tls: '3' },
    codec: { pcma: 'g711alaw', pcmu: 'g711ulaw', g729: 'g729' },
    xmlCodec: { pcma: 'g711alaw', pcmu: 'g711ulaw' },
    dateFormat: { dmy: 'D/M/Y', mdy: 'M/D/Y', ymd: 'Y/M/D' },
    month: {
      1: 'Jan',
      2: 'Feb',
      3: 'Mar',
      4: 'Apr',
      5: 'May',
      6: 'Jun',
      7: 'Jul',
      8: 'Aug',
      9: 'Sep',
      10: 'Oct',
      11: 'Nov',
      12: 'Dec',
    },
    weekday0: { 0: 'Sun', 1: 'Mon', 2: 'Tue', 3: 'Wed', 4: 'Thu', 5: 'Fri', 6: 'Sat' },
    /** 8 is the last. */
    week: { 1: '1', 2: '2', 3: '3', 4: '4', 5: '8' },
    timeZone: {
      'Europe/Rome': centralEurope,
      'Europe/Paris': centralEurope,
      'Europe/Berlin': centralEurope,
      'Europe/Madrid': centralEurope,
      'Europe/Vienna': centralEurope,
      'Europe/Zurich': centralEurope,
      'Europe/Brussels': centralEurope,
      'Europe/Amsterdam': centralEurope,
      'Europe/Luxembourg': centralEurope,
      'Europe/Prague': centralEurope,
      'Europe/Warsaw': centralEurope,
      'Europe/Budapest': centralEurope,
      'Europe/Belgrade': centralEurope,
      'Europe/Zagreb': centralEurope,
      'Europe/Ljubljana': centralEurope,
      'Europe/Malta': centralEurope,
      'Europe/Tirane': centralEurope,
      'Europe/Stockholm': centralEurope,
      'Europe/Oslo': centralEurope,
      'Europe/Copenhagen': centralEurope,
      'Europe/London': britain,
      'Europe/Dublin': britain,
      'Europe/Lisbon': britain,
      'Europe/Athens': easternEurope,
      'Europe/Bucharest': easternEurope,
      'Europe/Sofia': easternEurope,
      'Europe/Helsinki': easternEurope,
      'Europe/Riga': easternEurope,
      'Europe/Vilnius': easternEurope,
      'Europe/Tallinn': easternEurope,
      'Europe/Kyiv': easternEurope,
      'Europe/Moscow': 'Russian Standard/Daylight Time',
      'Atlantic/Azores': 'Azores Standard/Daylight Time',
      'America/New_York': 'Eastern Standard/Daylight Time',
      'America/Chicago': 'Central Standard/Daylight Time',
      'America/Denver': 'Mountain Standard/Daylight Time',
      'America/Los_Angeles': 'Pacific Standard/Daylight Time',
      'America/Halifax': 'Atlantic Standard/Daylight Time',
      'America/St_Johns': 'Newfoundland Standard/Daylight Time',
      'America/Sao_Paulo': 'South America Standard/Daylight Time',
      'Asia/Tokyo': 'Tokyo Standard Time',
      'Asia/Taipei': 'Taipei Standard Time',
      'Asia/Riyadh': 'Saudi Arabia Standard Time',
      'Asia/Dubai': 'Arabian Standard Time',
      'Asia/Kolkata': 'India Standard Time',
      'Etc/UTC': 'Greenwich Standard Time',
    },
  },
  files: [
    {
      id: 'device',
      stage: 'bootstrap',
      families: ['xml'],
      name: 'SEP{MAC}.cnf.xml',
      template: 'bootstrap.cnf.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      families: ['xml'],
      name: 'SEP{MAC}.cnf.xml',
      template: 'device.cnf.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: true,
      isMain: true,
    },
    {
      id: 'device',
      stage: 'bootstrap',
      families: ['text'],
      name: 'SEP{MAC}.cnf.xml',
      template: 'load.cnf.xml.tmpl',
      syntax: 'document',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      families: ['text'],
      name: 'SEP{MAC}.cnf.xml',
      template: 'load.cnf.xml.tmpl',
      syntax: 'document',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'text',
      stage: 'bootstrap',
      families: ['text'],
      name: 'SIP{MAC}.cnf',
      template: 'bootstrap.cnf.tmpl',
      syntax: 'quoted',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'text',
      stage: 'secure',
      families: ['text'],
      name: 'SIP{MAC}.cnf',
      template: 'device.cnf.tmpl',
      syntax: 'quoted',
      contentType: text,
      isSecret: true,
      isMain: true,
    },
  ],
  boot: [
    { families: ['xml'], requests: ['CTLSEP{MAC}.tlv?', 'SEP{MAC}.cnf.xml'] },
    { families: ['text'], requests: ['SEP{MAC}.cnf.xml', 'SIPDefault.cnf?', 'SIP{MAC}.cnf'] },
  ],
  resync: { fetch: 'check-sync', reboot: 'check-sync' },
  dhcp: { options: [150, 66], form: 'host' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
