/** Where data connections go: arguments of PORT and EPRT, answers to PASV and EPSV (RFC 959, 2428). Pure. */
import { isIPv4, isIPv6 } from 'node:net';

export interface DataAddress {
  readonly address: string;
  readonly port: number;
}

/** `192,0,2,7,195,80` → 192.0.2.7:50000. */
export function parsePort(argument: string): DataAddress | undefined {
  const numbers = /^\d{1,3}(?:,\d{1,3}){5}$/.test(argument) ? argument.split(',').map(Number) : [];
  const [a = 0, b = 0, c = 0, d = 0, high = 0, low = 0] = numbers;
  return numbers.length === 6 && numbers.every((number) => number <= 255)
    ? { address: [a, b, c, d].join('.'), port: high * 256 + low }
    : undefined;
}

/** `|2|2001:db8::7|50000|` with any delimiter (RFC 2428 §2). */
export function parseExtendedPort(argument: string): DataAddress | undefined {
  const delimiter = argument.charAt(0);
  const parts = argument.split(delimiter);
  const [, family, address = '', digits = ''] = parts;
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  const isAddress = family === '1' ? isIPv4(address) : family === '2' && isIPv6(address);
  return delimiter !== '' && parts.length === 5 && isAddress && port > 0 && port <= 65_535
    ? { address, port }
    : undefined;
}

/** The text of reply 227. `address` is an IPv4 address. */
export function describePassive({ address, port }: DataAddress): string {
  const numbers = [...address.split('.'), String(port >> 8), String(port & 0xff)];
  return `Entering passive mode (${numbers.join(',')}).`;
}

/** The text of reply 229. */
export function describeExtendedPassive(port: number): string {
  return `Entering extended passive mode (|||${String(port)}|).`;
}
