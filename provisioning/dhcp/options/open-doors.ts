/**
 * What phones are told depends on the doors that are open: none is sent to one that is off where it
 * can use another. Those that cannot are named, for an administrator to open the door. Pure.
 */
import { optionCode } from '../message/option-code.ts';
import type { OptionRule } from './option-rules.ts';
import type { OptionValue } from './option-value.ts';
import { phoneOptions, toOptionRule, type PhoneOptions } from './phone-options.ts';

export interface OpenDoors {
  readonly http: boolean;
  readonly tftp: boolean;
  readonly ftp: boolean;
  /** Whether phones that understand it are sent to FTP although HTTP is open. */
  readonly isFtpPreferred: boolean;
}

/** Families of phones that can only be sent to a door that is off. */
export interface ClosedDoor {
  readonly door: 'http' | 'tftp';
  readonly families: readonly string[];
}

type Scheme = 'HTTP' | 'TFTP' | 'FTP';

interface AdaptedOptions {
  readonly phones: PhoneOptions;
  /** Undefined: as in the table. */
  readonly scheme?: Scheme;
}

/** The table of phones with the options that fit the doors. */
export function listPhoneOptions(doors: OpenDoors): readonly PhoneOptions[] {
  return phoneOptions.map((phones) => adapt(phones, doors).phones);
}

/** Rules to be put behind those of the table, where they win; none where the table fits. */
export function listDoorRules(doors: OpenDoors): readonly OptionRule[] {
  const adapted = phoneOptions.map((phones) => adapt(phones, doors));
  // All of them: a family's own rule has to win over that for everybody here, too.
  return adapted.every(({ scheme }) => scheme === undefined)
    ? []
    : adapted.map(({ phones, scheme }) =>
        toOptionRule(phones, scheme === undefined ? phones.family : `${phones.family}, ${scheme}`),
      );
}

export function findClosedDoors(doors: OpenDoors): readonly ClosedDoor[] {
  return (['http', 'tftp'] as const).flatMap((door) => {
    const families = phoneOptions
      .filter((phones) => phones.door === door && !doors[door])
      .filter((phones) => adapt(phones, doors).scheme === undefined)
      .map(({ family }) => family);
    return families.length === 0 ? [] : [{ door, families }];
  });
}

/** The family of a closed door to which a client with this vendor class belongs. */
export function findSentAstray(
  { families }: ClosedDoor,
  vendorClass: string | undefined,
): string | undefined {
  const folded = vendorClass?.toLowerCase() ?? '';
  return phoneOptions.find(
    ({ family, vendorClasses = [] }) =>
      families.includes(family) &&
      vendorClasses.some((prefix) => folded.startsWith(prefix.toLowerCase())),
  )?.family;
}

function adapt(phones: PhoneOptions, doors: OpenDoors): AdaptedOptions {
  const { door, takesFtp, takesTftp, byHttp } = phones;
  if (door === 'tftp' && !doors.tftp && doors.http && byHttp !== undefined) {
    return { phones: { ...phones, options: byHttp }, scheme: 'HTTP' };
  }
  const needsOther = door === 'http' && !doors.http;
  if (takesFtp === true && doors.ftp && (doors.isFtpPreferred || needsOther)) {
    return { phones: withUrl(phones, ftpUrl), scheme: 'FTP' };
  }
  if (takesTftp === true && doors.tftp && needsOther) {
    return { phones: withUrl(phones, tftpUrl), scheme: 'TFTP' };
  }
  return { phones };
}

interface UrlTexts {
  readonly url: string;
  readonly origin: string;
  readonly path: string;
}

const ftpUrl: UrlTexts = { url: '${ftp}', origin: '${ftp}', path: '/' };
const tftpUrl: UrlTexts = {
  url: 'tftp://${server}/',
  origin: 'tftp://${server}',
  path: '/',
};

/** Also in option 66, where the family takes that of everybody. */
function withUrl(phones: PhoneOptions, texts: UrlTexts): PhoneOptions {
  const own = phones.options.map((option) => ({
    ...option,
    value: withTexts(option.value, texts),
  }));
  const isSet = own.some(({ code }) => code === optionCode.tftpServerName);
  const general = {
    code: optionCode.tftpServerName,
    value: { type: 'text', text: texts.url },
    reason: 'whole-url',
  } as const;
  return { ...phones, options: isSet ? own : [general, ...own] };
}

function withTexts(value: OptionValue, texts: UrlTexts): OptionValue {
  if (value.type === 'text') {
    const text = value.text
      .replace('${url}', () => texts.url)
      .replace('${origin}', () => texts.origin)
      .replace('${path}', () => texts.path);
    return { ...value, text };
  }
  if (value.type !== 'sub-options') {
    return value;
  }
  const subOptions = value.subOptions.map((one) => ({
    ...one,
    value: withTexts(one.value, texts),
  }));
  return { ...value, subOptions };
}
