/**
 * Which device has sent a message. Phones behind a router share an address, so the MAC that many write
 * at the beginning outweighs it; a MAC further on may be that of another device that the text is about. Pure.
 */
import { parseMac } from '../mac.ts';
import type { SyslogMessage } from './syslog-message.ts';

export interface SyslogSource {
  /** Devices that are known under the address, by what they fetched and registered and by ARP. */
  readonly macs: readonly string[];
  /** False for addresses of the internet: what they write of MACs is not believed. */
  readonly isNear: boolean;
}

/** So far into the text a MAC is one that the device writes in front. */
const headCharacters = 60;
const searchedCharacters = 1_000;
const macPattern =
  /(?<![0-9a-f:])(?:[0-9a-f]{12}|[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4})(?![0-9a-f:])/gi;

/** Undefined when nothing tells it. `isDevice`: whether there is a device with that MAC. */
export function attributeMessage(
  message: Pick<SyslogMessage, 'host' | 'app' | 'text'>,
  { macs, isNear }: SyslogSource,
  isDevice: (mac: string) => boolean,
): string | undefined {
  const { host, app, text } = message;
  const named = (part: string): string | undefined =>
    findMacs(part).find((mac) => isDevice(mac) && (isNear || macs.includes(mac)));
  const first = named(`${host} ${app}`) ?? named(text.slice(0, headCharacters));
  if (first !== undefined) {
    return first;
  }
  const [only] = macs;
  return macs.length === 1 ? only : named(text.slice(0, searchedCharacters));
}

function findMacs(text: string): readonly string[] {
  return [...text.matchAll(macPattern)].flatMap(([written]) => parseMac(written) ?? []);
}
