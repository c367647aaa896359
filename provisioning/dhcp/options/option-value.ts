/**
 * The value of an option as an administrator or the table of phones writes it, and how it becomes
 * bytes. Texts and addresses may hold variables: `${server}`, `${url}` … (see option-variables.ts).
 */
import { DhcpError } from '../dhcp-error.ts';
import { parseIpv4, parseSubnet } from '../../ipv4.ts';
import { expandVariables, type OptionVariables } from './option-variables.ts';

export type OptionValue =
  /** Latin-1 text without a closing zero. */
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'addresses'; readonly addresses: readonly string[] }
  | { readonly type: 'integer'; readonly bytes: 1 | 2 | 4; readonly value: number }
  | { readonly type: 'hex'; readonly hex: string }
  /** Classless static routes (RFC 3442): subnet as `10.0.0.0/8`, router as an address. */
  | { readonly type: 'routes'; readonly routes: readonly ClasslessRoute[] }
  /** Domain search list (RFC 3397), also that of SIP server names after a zero byte (RFC 3361). */
  | { readonly type: 'domains'; readonly domains: readonly string[] }
  | { readonly type: 'sip-servers'; readonly servers: readonly string[] }
  /** Vendor-encapsulated options (RFC 2132 §8.4): code, length and value of each in turn. */
  | { readonly type: 'sub-options'; readonly subOptions: readonly SubOption[] };

export interface ClasslessRoute {
  readonly subnet: string;
  readonly router: string;
}

export interface SubOption {
  /** 1 to 254. */
  readonly code: number;
  readonly value: OptionValue;
}

/** Values are kept to what RFC 3396 can carry in a message of usual size. */
const maximumValueBytes = 1_024;
const maximumNesting = 2;

/** Throws DhcpError `invalid-option`, which says what is wrong in words for people. */
export function serializeOptionValue(
  value: OptionValue,
  variables: OptionVariables,
  nesting = 0,
): Buffer {
  const bytes = serialize(value, variables, nesting);
  if (bytes.length > maximumValueBytes) {
    fail(`The value has ${String(bytes.length)} bytes; ${String(maximumValueBytes)} are possible.`);
  }
  return bytes;
}

function serialize(value: OptionValue, variables: OptionVariables, nesting: number): Buffer {
  switch (value.type) {
    case 'text':
      return Buffer.from(expandVariables(value.text, variables), 'latin1');
    case 'addresses':
      return serializeAddresses(value.addresses.map((text) => expandVariables(text, variables)));
    case 'integer':
      return serializeInteger(value.value, value.bytes);
    case 'hex':
      return parseHex(value.hex);
    case 'routes':
      return Buffer.concat(
        value.routes.map((route) =>
          serializeRoute(route.subnet, expandVariables(route.router, variables)),
        ),
      );
    case 'domains':
      return Buffer.concat(value.domains.map(serializeDomain));
    case 'sip-servers':
      return serializeSipServers(value.servers.map((text) => expandVariables(text, variables)));
    case 'sub-options':
      return serializeSubOptions(value.subOptions, variables, nesting);
  }
}

function serializeAddress(text: string): Buffer {
  const address = parseIpv4(text) ?? fail(`"${text}" is not an IPv4 address.`);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(address);
  return bytes;
}

export function serializeAddresses(addresses: readonly string[]): Buffer {
  if (addresses.length === 0) {
    fail('At least one address is needed.');
  }
  return Buffer.concat(addresses.map(serializeAddress));
}

function serializeInteger(value: number, size: 1 | 2 | 4): Buffer {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * size)) {
    fail(`${String(value)} does not fit into ${String(size)} bytes.`);
  }
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
}

function parseHex(text: string): Buffer {
  const digits = text.replace(/[\s:-]/g, '');
  if (digits.length === 0 || digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) {
    fail(`"${text}" is not a row of hexadecimal bytes.`);
  }
  return Buffer.from(digits, 'hex');
}

/** RFC 3442: mask width, then only those bytes of the subnet that the mask covers, then the router. */
function serializeRoute(subnetText: string, routerText: string): Buffer {
  const subnet =
    parseSubnet(subnetText) ?? fail(`"${subnetText}" is not a subnet like 10.0.0.0/8.`);
  const network = Buffer.alloc(4);
  network.writeUInt32BE(subnet.network);
  return Buffer.concat([
    Buffer.of(subnet.prefixLength),
    network.subarray(0, Math.ceil(subnet.prefixLength / 8)),
    serializeAddress(routerText),
  ]);
}

/** RFC 1035 §3.1 labels; the compression that RFC 3397 allows is left out: clients differ in it. */
function serializeDomain(domain: string): Buffer {
  const labels = domain.replace(/\.$/, '').split('.');
  if (domain.length > 253 || labels.some((label) => !/^[\w-]{1,63}$/.test(label))) {
    fail(`"${domain}" is not a domain name.`);
  }
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.of(label.length), Buffer.from(label, 'latin1')]),
    Buffer.of(0),
  ]);
}

/** RFC 3361: a first byte of 1 for addresses, of 0 for names; not both in one option. */
function serializeSipServers(servers: readonly string[]): Buffer {
  const areAddresses = servers.every((server) => parseIpv4(server) !== undefined);
  return areAddresses
    ? Buffer.concat([Buffer.of(1), serializeAddresses(servers)])
    : Buffer.concat([Buffer.of(0), ...servers.map(serializeDomain)]);
}

function serializeSubOptions(
  subOptions: readonly SubOption[],
  variables: OptionVariables,
  nesting: number,
): Buffer {
  if (nesting === maximumNesting) {
    fail('Sub-options cannot be nested any deeper.');
  }
  return Buffer.concat(
    subOptions.map(({ code, value }) => {
      const bytes = serializeOptionValue(value, variables, nesting + 1);
      if (!Number.isInteger(code) || code < 1 || code > 254 || bytes.length > 255) {
        fail(`Sub-option ${String(code)} has no valid code or is longer than 255 bytes.`);
      }
      return Buffer.concat([Buffer.of(code, bytes.length), bytes]);
    }),
  );
}

function fail(message: string): never {
  throw new DhcpError('invalid-option', message);
}
