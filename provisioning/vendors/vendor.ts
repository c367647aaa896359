/**
 * What a vendor is: data. Patterns that recognise it, models with their facts, the files that its
 * devices ask for, templates that write them, and quirks by range of firmware. `compile-vendor.ts`
 * checks all of it against itself and the table of variables when the daemon starts.
 */
import type { KeyKind, Transport } from '../device.ts';
import type { FirmwareFacts } from '../firmware/firmware-facts.ts';
import type { SettingValues } from '../scope/setting-value.ts';
import type { FileSyntaxName } from '../template/assignment-syntax.ts';
import type { ValueMap } from '../template/filter.ts';

/**
 * Named groups of the patterns below: `mac` (any case), `model`, `firmware`, `product` (number in a
 * common file's name), `serial`. Patterns are tested on at most 512 characters and must be linear.
 */
export type RecognisingPattern = RegExp;

export interface Identification {
  /** Beginnings of MAC addresses: 6 to 9 hexadecimal digits, upper case. */
  readonly macPrefixes: readonly string[];
  readonly userAgents: readonly RecognisingPattern[];
  /** DHCP option 60. */
  readonly vendorClasses: readonly RecognisingPattern[];
  readonly certificates: readonly CertificatePattern[];
  /** `vendor` of the ua-profile event (SIP PnP), lower case. */
  readonly pnpVendors: readonly string[];
}

/** A client certificate whose chain was verified; names in RFC 4514 form. */
export interface CertificatePattern {
  readonly subject: RecognisingPattern;
  /** Absent: the subject alone names the vendor. */
  readonly issuer?: RegExp;
}

export interface RequestPattern {
  /** Matches the normalised path: no leading slash, no empty segment, at most 256 characters. */
  readonly pattern: RecognisingPattern;
  /** Id of a file declaration. Absent: the device asks for something that is not served: a quick 404. */
  readonly file?: string;
  /** Several vendors use this name: User-Agent and MAC decide. */
  readonly isShared?: true;
  /** The device stores something here (PUT or POST): its log, its local changes, its call list. */
  readonly upload?: 'log' | 'local-settings' | 'contacts' | 'calls';
  /** The device asks by POST; what it sends says nothing that counts. */
  readonly byPost?: true;
  /** The file is firmware: its own path is the file's name in the store. */
  readonly isFirmware?: true;
}

/**
 * - `bootstrap`: what TFTP and unauthenticated HTTP may serve; an address with a short-lived token
 * - `secure`: what goes over HTTPS to a device that showed its token or certificate
 */
export type Stage = 'bootstrap' | 'secure';

/** What becomes of the text before it leaves. `p-values`: the binary form of Grandstream (`p-value-file.ts`). */
export type FileEncoding = 'p-values';

export interface FileDeclaration {
  readonly id: string;
  readonly stage: Stage;
  /** Only for models of these families; absent: for all. */
  readonly families?: readonly string[];
  /** `{mac}`, `{MAC}`, `{model}` (as the vendor spells it in names), `{product}`. */
  readonly name: string;
  readonly template: string;
  readonly syntax: FileSyntaxName;
  readonly contentType: string;
  readonly lineEnd?: '\r\n';
  readonly encoding?: FileEncoding;
  /** Says that the file holds passwords or the device's token; checked against the template. */
  readonly isSecret: boolean;
  /** Custom lines without a file of their own go here; one per family and stage `secure`. */
  readonly isMain?: true;
}

export interface ModelKeys {
  /** Keys beside the display. */
  readonly line: number;
  /** The first of them stand beside the display and do not turn pages with the others. */
  readonly side?: number;
  /** Side keys of one page, where they turn pages of their own. */
  readonly sidePerPage?: number;
  /** Keys of one page, where the vendor numbers keys by page. */
  readonly perPage?: number;
  readonly soft?: number;
  readonly expansion?: {
    readonly modules: number;
    readonly keys: number;
    /** Numbers that the phone leaves free between its own keys and those of the first module. */
    readonly gap?: number;
  };
}

export type Codec = 'opus' | 'g722' | 'pcma' | 'pcmu' | 'g729' | 'ilbc' | 'g726-32' | 'g723';

export interface Model {
  /** As shown and stored, e.g. `T53W`. */
  readonly id: string;
  readonly name: string;
  readonly family: string;
  /** What stands for it in lists while the exact model is only expected. Default: see `kindOfModel`. */
  readonly kind?: ModelKind;
  /** Other spellings that devices report; compared by letters and digits only. */
  readonly aliases?: readonly string[];
  /** SIP accounts. */
  readonly lines: number;
  readonly keys: ModelKeys;
  /** DECT handsets that a base takes. */
  readonly handsets?: number;
  /** Only of DECT bases. */
  readonly dect?: DectFacts;
  readonly codecs: readonly Codec[];
  readonly features: readonly ModelFeature[];
  /** In names of files, where it differs from the id; `{model}` of file names. */
  readonly fileName?: string;
  /** `{product}` of file names. */
  readonly product?: string;
  /** What templates ask as `fact.<name>`. */
  readonly facts?: ModelFacts;
  readonly settings?: SettingValues;
}

/** `server`: one registrar for all lines. */
export type LinePart = 'server' | 'transport' | 'outboundProxy' | 'voicemailNumber';

export type ModelKind = 'phone' | 'base' | 'adapter' | 'gateway' | 'paging';

export type ModelFacts = Readonly<Record<string, string | number | boolean>>;

export interface DectFacts {
  /** Calls at once through one base that is alone; undefined where nobody says. */
  readonly calls: number;
  /** The same in a system of several bases. */
  readonly callsInSystem?: number;
  /** Bases of one system; 1: it is always alone. */
  readonly bases: number;
  /** Handsets of a whole system. */
  readonly systemHandsets: number;
  /** How the base begins to take new handsets: told in its file, or at the base itself. */
  readonly opensBy: 'file' | 'hand';
  /** How a handset that was deleted here leaves the base. */
  readonly removesBy: 'file' | 'hand';
}

export type ModelFeature =
  | 'pc-port'
  | 'poe'
  | 'wifi'
  | 'bluetooth'
  | 'colour-display'
  | 'video'
  | 'dect'
  | 'fxs'
  | 'fxo'
  | 'snmp'
  | 'conference'
  /** Fetches by TFTP, FTP or HTTP: only the exception of the device gives it its account. */
  | 'unencrypted-only';

/** Facts that hold for some models or a range of firmware. */
export interface Quirk {
  readonly families?: readonly string[];
  readonly models?: readonly string[];
  /** First version to which it applies. */
  readonly firmwareFrom?: string;
  /** First version to which it no longer applies. */
  readonly firmwareBelow?: string;
  readonly facts: ModelFacts;
  /** What the device does, for the page that explains it. */
  readonly why: string;
}

/** The requests of one boot, in order, as the vendor's devices send them. */
export interface BootSequence {
  readonly families?: readonly string[];
  /** File names with the placeholders of FileDeclaration; `?` at the end: a 404 is normal. */
  readonly requests: readonly string[];
}

/**
 * Event header field values of a NOTIFY outside a dialog; the action of `service-control` goes into its body.
 */
export interface ResyncEvents {
  readonly fetch: string;
  readonly reboot: string;
}

export interface Resync extends ResyncEvents {
  /** Families that understand others. */
  readonly families?: Readonly<Record<string, ResyncEvents>>;
}

export interface DhcpFacts {
  /** Options that carry the address, in the order in which the device tries them. */
  readonly options: readonly number[];
  /** What the option holds. */
  readonly form: 'url' | 'url-and-path' | 'host';
}

export interface Vendor {
  readonly id: string;
  readonly name: string;
  readonly identification: Identification;
  readonly requests: readonly RequestPattern[];
  readonly models: readonly Model[];
  /** DECT handsets and headsets that its bases know, for lists to choose from. */
  readonly handsetModels?: readonly string[];
  /** Model to assume while only the vendor is known. */
  readonly genericModel: string;
  /** Leading numbers of a firmware version that name hardware, not age. */
  readonly firmwarePrefixNumbers?: number;
  /** Images of it, and how devices take them. */
  readonly firmware: FirmwareFacts;
  readonly quirks: readonly Quirk[];
  /** By family, what all lines take from the first: one that needs another has no place. */
  readonly sharedByLines?: Readonly<Record<string, readonly LinePart[]>>;
  /** By family, the transports of SIP where it lacks some; the first one is used for those. */
  readonly transports?: Readonly<Record<string, readonly [Transport, ...Transport[]]>>;
  readonly maps: Readonly<Record<string, ValueMap>>;
  readonly files: readonly FileDeclaration[];
  /** Name of the file whose whole address is entered at the device by hand; absent: it adds names of files itself. */
  readonly entryFile?: string;
  readonly boot: readonly BootSequence[];
  readonly resync: Resync;
  readonly dhcp: DhcpFacts;
  /** Vendor scope. */
  readonly settings: SettingValues;
  /** Template texts by file name. */
  readonly templates: ReadonlyMap<string, string>;
}

/** Kinds of keys and what they map to; a kind that is absent becomes a key without function. */
export type KeyKindMap = Readonly<Partial<Record<KeyKind, string>>>;
export type TransportMap = Readonly<Record<Transport, string>>;
