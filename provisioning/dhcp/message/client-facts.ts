/**
 * What one message tells about the client that sent it: the key under which its lease is kept, and
 * everything by which options are chosen and new phones are recognised.
 */
import { optionCode } from './option-code.ts';
import type { DhcpPacket } from './packet.ts';
import { readRelayAgent, type RelayAgent } from './relay-agent.ts';
import { readVendorClass, toPrintableText, type VendorClass } from './vendor-class.ts';

export interface ClientFacts {
  /** `mac:…` or, where the client identifies itself by something else, `id:…` (hexadecimal). */
  readonly key: string;
  /** Hardware address, hexadecimal, lower case, without separators; empty where there is none. */
  readonly mac: string;
  /** Option 61 in hexadecimal. */
  readonly clientIdentifier?: string;
  /** Option 60. */
  readonly vendorClass?: VendorClass;
  /** Option 77. */
  readonly userClass?: string;
  /** Option 12. */
  readonly hostName?: string;
  /** Option 55: the codes of the options that the client wants, in its order. */
  readonly requestedOptions: readonly number[];
  readonly relayAgent: RelayAgent;
}

const ethernet = 1;
/** RFC 2132 sets no limit; real ones have 7 to 50 bytes. */
const maximumIdentifierBytes = 64;

/** Never throws. Undefined where the client cannot be told from others: no address, no identifier. */
export function readClientFacts(packet: DhcpPacket): ClientFacts | undefined {
  const mac = packet.hardwareAddress.toString('hex');
  const identifier = packet.options
    .get(optionCode.clientIdentifier)
    ?.subarray(0, maximumIdentifierBytes);
  const hasIdentifier = identifier !== undefined && identifier.length >= 2;
  if (!hasIdentifier && (mac === '' || /^0+$/.test(mac))) {
    return undefined;
  }
  const vendorClass = readVendorClass(packet.options.get(optionCode.vendorClass));
  const userClass = readUserClass(packet.options.get(optionCode.userClass));
  const hostName = readText(packet, optionCode.hostName);
  return {
    key: hasIdentifier ? toKey(identifier, mac) : `mac:${mac}`,
    mac,
    requestedOptions: [...(packet.options.get(optionCode.parameterRequestList) ?? [])],
    relayAgent: readRelayAgent(packet.options.get(optionCode.relayAgentInformation)),
    ...(hasIdentifier ? { clientIdentifier: identifier.toString('hex') } : {}),
    ...(vendorClass === undefined ? {} : { vendorClass }),
    ...(userClass === undefined ? {} : { userClass }),
    ...(hostName === undefined ? {} : { hostName }),
  };
}

/**
 * An identifier that is the hardware address again counts as that address: many boot loaders send
 * none where the firmware after them sends one, and both shall get the same lease.
 */
function toKey(identifier: Buffer, mac: string): string {
  const hex = identifier.toString('hex');
  return identifier.readUInt8(0) === ethernet && hex.slice(2) === mac ? `mac:${mac}` : `id:${hex}`;
}

/** RFC 3004 puts a length before each class; most clients send one class without it. */
function readUserClass(value: Buffer | undefined): string | undefined {
  if (value === undefined || value.length === 0) {
    return undefined;
  }
  const isCounted = value.readUInt8(0) === value.length - 1;
  const text = toPrintableText(isCounted ? value.subarray(1) : value);
  return text === '' ? undefined : text;
}

function readText(packet: DhcpPacket, code: number): string | undefined {
  const value = packet.options.get(code);
  const text = value === undefined ? '' : toPrintableText(value);
  return text === '' ? undefined : text;
}
