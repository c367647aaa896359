/**
 * A device as provisioning sees it: what it is, the lines, keys and handsets that assignment gave
 * it, and its own settings. The daemon builds it from the configuration for one rendering.
 */
import type { Secret } from '../system/foundation/secret.ts';
import type { SettingValues } from './scope/setting-value.ts';

export type Transport = 'udp' | 'tcp' | 'tls';

export interface SipServer {
  readonly host: string;
  /** Default: 5060, with TLS 5061. */
  readonly port?: number;
  /** Of one that has another port for TLS. */
  readonly tlsPort?: number;
}

export interface DeviceLine {
  /**
   * Registers elsewhere, with an account that is none of the PBX: nothing that the site says of the
   * PBX's own lines (transport, voicemail) holds for it.
   */
  readonly isExternal?: true;
  /** Its number, 1 is the first; default: the place in the list. */
  readonly place?: number;
  /** Stable name of the SIP account, for logs and origins. */
  readonly account: string;
  readonly displayName: string;
  /** Text beside the line key; default: the SIP user. */
  readonly label?: string;
  /** SIP user; `loginX` while the device is unassigned. */
  readonly userName: string;
  /** Default: the SIP user. */
  readonly authName?: string;
  readonly password: Secret;
  readonly server: SipServer;
  /** Default: the setting `sip.transport`; of an external line UDP. */
  readonly transport?: Transport;
  readonly backupServer?: SipServer;
  readonly outboundProxy?: SipServer;
  /** Default: the setting `calls.voicemailNumber`; of an external line none. */
  readonly voicemailNumber?: string;
}

export const keyKinds = [
  'none',
  'line',
  'sharedLine',
  'blf',
  'speedDial',
  'intercom',
  'park',
  'voicemail',
  'dnd',
  'forward',
  'transfer',
  'conference',
  'hold',
  'redial',
  'callReturn',
  'groupPickup',
  'dtmf',
  'prefix',
  'url',
  'xmlBrowser',
  'directory',
  'ldap',
  'history',
  'record',
  'paging',
  'login',
] as const;
export type KeyKind = (typeof keyKinds)[number];

export interface DeviceKey {
  /** `line`: the keys beside the display; `soft`: programmable keys without label; `expansion`: side car. */
  readonly area: 'line' | 'soft' | 'expansion';
  /** 1 is the first; only for `expansion`, default 1. */
  readonly module?: number;
  /** 1 is the first key of its area or module. */
  readonly index: number;
  readonly kind: KeyKind;
  /** Extension, number, code, digits or URL, as the kind needs it. */
  readonly value?: string;
  readonly label?: string;
  /** Number of the device's line that the key uses, 1 is the first; default 1. */
  readonly line?: number;
}

/** A DECT handset of a base. */
export interface DeviceHandset {
  /** Place in the base, 1 is the first. */
  readonly index: number;
  /** International portable user identity, 10 hexadecimal digits; absent until it subscribed. */
  readonly ipui?: string;
  readonly name?: string;
  /** Number of the device's line that it uses, 1 is the first. */
  readonly line: number;
  /** Code that the handset subscribes with, 4–8 digits. */
  readonly pin?: Secret;
}

/** What a base is in its DECT system. */
export interface DectRole {
  readonly systemName: string;
  /** Where it hangs. */
  readonly baseName?: string;
  /** Other bases belong to the system, too. */
  readonly isMultiCell: boolean;
  /** It gets the accounts of the handsets and tells them to the other bases. */
  readonly isDataMaster: boolean;
  /** By this number the bases of a system know each other. */
  readonly chainId?: number;
  /** Who listens to whom is planned; otherwise the bases find it out. */
  readonly hasPlannedTree: boolean;
  /** Synchronised by the network instead of by air. */
  readonly syncsByLan: boolean;
  /** New handsets may subscribe now. */
  readonly isOpen: boolean;
  /** Handsets of the whole system. */
  readonly places: number;
}

export interface CustomAssignment {
  readonly file?: string;
  readonly key: string;
  readonly value: string | Secret;
}

export interface DeviceGroup {
  readonly name: string;
  readonly settings: SettingValues;
  readonly customLines: readonly CustomAssignment[];
}

export interface Device {
  /** 12 hexadecimal digits, lower case. */
  readonly mac: string;
  readonly vendor: string;
  /** Id of a model of the vendor. */
  readonly model: string;
  /** As the device reports it. */
  readonly firmware?: string;
  readonly lines: readonly DeviceLine[];
  readonly keys: readonly DeviceKey[];
  readonly handsets: readonly DeviceHandset[];
  /** DECT: second of 1970 in which an administrator opened the base for new handsets. */
  readonly openedAtSec?: number;
  /** Only of bases that belong to a DECT system. */
  readonly dect?: DectRole;
  /** The user of the first line, with the settings that go along with a person. */
  readonly owner?: { readonly name: string; readonly settings: SettingValues };
  /** Ordered; a later group overrides an earlier one. */
  readonly groups: readonly DeviceGroup[];
  readonly settings: SettingValues;
  readonly customLines: readonly CustomAssignment[];
  /** Names of files of the administrator that it fetches from the same address, in order. */
  readonly customFiles?: readonly string[];
}
