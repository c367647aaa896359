/** Snom desk phones: 3xx, 7xx and D1xx to D8xx. */
import type { KeyKindMap, Vendor } from '../vendor.ts';
import { snomFirmware } from './firmware.ts';
import { readTemplates } from '../template-folder.ts';
import { snomModels } from './models.ts';
import { snomTimeZones } from './time-zones.ts';

/** Keys that are written with a value: `speed 200`. */
const keyType: KeyKindMap = {
  line: 'line',
  sharedLine: 'mult',
  blf: 'blf',
  speedDial: 'speed',
  voicemail: 'speed',
  groupPickup: 'speed',
  intercom: 'icom',
  park: 'orbit',
  dtmf: 'dtmf',
  url: 'url',
  xmlBrowser: 'url',
  login: 'speed',
  paging: 'multicast',
};

/** Keys that stand for a key of the phone: `keyevent F_DND`. */
const keyEvent: KeyKindMap = {
  none: 'F_NONE',
  dnd: 'F_DND',
  forward: 'F_REDIRECT',
  redial: 'F_REDIAL',
  transfer: 'F_TRANSFER',
  conference: 'F_CONFERENCE',
  hold: 'F_HOLD',
  directory: 'F_ADR_BOOK',
  ldap: 'F_DIRECTORY_SEARCH',
  history: 'F_CALL_LIST',
};

export const snomTones = {
  IT: 'ITA',
  DE: 'GER',
  FR: 'FRA',
  ES: 'ESP',
  GB: 'GBR',
  US: 'USA',
  NL: 'NLD',
  CH: 'SWI',
  AT: 'AUT',
};

export const snomLanguages = {
  en: 'English',
  it: 'Italiano',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  pt: 'Português',
  nl: 'Nederlands',
  pl: 'Polski',
  ru: 'Русский',
  tr: 'Türkçe',
};

const xml = 'text/xml; charset=utf-8';

export const snom: Vendor = {
  id: 'snom',
  name: 'Snom',
  identification: {
    macPrefixes: ['000413', '1C7126'],
    userAgents: [
      /\(compatible; snom(?<model>(?!M\d)[A-Za-z0-9]{2,12})-SIP (?<firmware>[\d.]{3,20})(?:[^()]{0,80}?\s(?<mac>[0-9A-Fa-f]{12})\b)?/,
      /^snom(?<model>(?!M\d)[A-Za-z0-9]{2,12})(?:\/|-SIP )(?<firmware>[\d.]{3,20})/,
    ],
    vendorClasses: [/^snom(?<model>(?!M\d)[A-Za-z0-9]{2,12})/i],
    certificates: [{ subject: /(?:^|,)\s*CN=(?<mac>[0-9a-f]{12})(?:,|$)/i, issuer: /snom/i }],
    pnpVendors: ['snom'],
  },
  requests: [
    {
      pattern: /^snom(?!M\d)(?:[A-Z]{0,2}\d{1,4}[A-Z]{0,4})-firmware\.(?:htm|xml)$/i,
      file: 'firmware',
    },
    {
      pattern:
        /^snom(?<model>(?!M\d)[A-Z]{0,2}\d{1,4}[A-Z]{0,4})-(?<mac>[0-9A-F]{12})\.(?:htm|xml)$/i,
      file: 'device',
    },
    { pattern: /^snom(?<model>(?!M\d)[A-Z]{0,2}\d{1,4}[A-Z]{0,4})\.(?:htm|xml)$/i, file: 'model' },
    { pattern: /^(?<mac>[0-9A-F]{12})\.xml$/i, file: 'device', isShared: true },
    { pattern: /^(?:[^/]+\/)*snom[^/]+-SIP-\w\.bin$/i, isFirmware: true },
  ],
  models: snomModels,
  genericModel: 'generic',
  quirks: [],
  maps: {
    keyType,
    keyEvent,
    timezone: snomTimeZones,
    language: snomLanguages,
    tones: snomTones,
    srtp: { off: 'off', optional: 'on', required: 'on' },
    savp: { off: 'off', optional: 'optional', required: 'mandatory' },
    dtmf: { rfc4733: 'off', inband: 'off', info: 'sip_info_only', 'rfc4733-and-info': 'on' },
    codec: {
      opus: 'opus',
      g722: 'g722',
      pcma: 'pcma',
      pcmu: 'pcmu',
      g729: 'g729',
      'g726-32': 'g726-32',
      g723: 'g723',
    },
    webserver: { off: 'off', https: 'https', 'http-and-https': 'http_https' },
    logLevel: { error: '3', warning: '4', notice: '5', info: '6', debug: '7' },
    usDate: { dmy: 'off', ymd: 'off', mdy: 'on' },
    ldapTls: { none: 'off', ldaps: 'on' },
    action: {
      setup: 'action_setup_url',
      registered: 'action_log_on_url',
      unregistered: 'action_log_off_url',
      offHook: 'action_offhook_url',
      onHook: 'action_onhook_url',
      incoming: 'action_incoming_url',
      outgoing: 'action_outgoing_url',
      established: 'action_connected_url',
      terminated: 'action_disconnected_url',
      missed: 'action_missed_url',
      dndOn: 'action_dnd_on_url',
      dndOff: 'action_dnd_off_url',
      forwardOn: 'action_redirection_on_url',
      forwardOff: 'action_redirection_off_url',
      blindTransfer: 'action_blind_transfer',
      attendedTransfer: 'action_attended_transfer',
      hold: 'action_hold',
      unhold: 'action_unhold',
    },
  },
  files: [
    {
      id: 'model',
      stage: 'bootstrap',
      name: 'snom{model}.htm',
      template: 'model.htm.tmpl',
      syntax: 'document',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'bootstrap',
      name: 'snom{model}-{MAC}.htm',
      template: 'bootstrap.htm.tmpl',
      syntax: 'document',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      name: 'snom{model}-{MAC}.htm',
      template: 'device.htm.tmpl',
      syntax: 'snom',
      contentType: xml,
      isSecret: true,
      isMain: true,
    },
    {
      id: 'firmware',
      stage: 'secure',
      name: 'snom{model}-firmware.htm',
      template: 'firmware.htm.tmpl',
      syntax: 'document',
      contentType: xml,
      isSecret: false,
    },
  ],
  boot: [{ requests: ['snom{model}.htm?', 'snom{model}-{MAC}.htm'] }],
  firmware: snomFirmware,
  resync: { fetch: 'check-sync;reboot=false', reboot: 'check-sync;reboot=true' },
  dhcp: { options: [43, 66, 67], form: 'url-and-path' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
