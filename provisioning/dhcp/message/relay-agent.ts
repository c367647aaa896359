/**
 * Relay agent information (option 82, RFC 3046): which port of which switch the client sits on. It
 * goes back to the relay as it came; here is what of it we read.
 */
import { type Ipv4Address } from '../../ipv4.ts';

export interface RelayAgent {
  /** Sub-option 1, as text where printable, else hexadecimal. */
  readonly circuitId?: string;
  /** Sub-option 2, likewise. */
  readonly remoteId?: string;
  /** Sub-option 5 (RFC 3527): the subnet that the client is on, where giaddr is another. */
  readonly linkSelection?: Ipv4Address;
  /** Sub-option 11 (RFC 5107): what the relay wants to see as our server identifier. */
  readonly serverIdentifierOverride?: Ipv4Address;
}

/** Never throws: what does not parse is not there. */
export function readRelayAgent(value: Buffer | undefined): RelayAgent {
  const subOptions = new Map<number, Buffer>();
  for (let offset = 0; value !== undefined && offset + 2 <= value.length;) {
    const end = offset + 2 + value.readUInt8(offset + 1);
    if (end > value.length) {
      break;
    }
    subOptions.set(value.readUInt8(offset), value.subarray(offset + 2, end));
    offset = end;
  }
  const circuitId = subOptions.get(1);
  const remoteId = subOptions.get(2);
  const linkSelection = readAddress(subOptions.get(5));
  const serverIdentifierOverride = readAddress(subOptions.get(11));
  return {
    ...(circuitId === undefined ? {} : { circuitId: readIdentifier(circuitId) }),
    ...(remoteId === undefined ? {} : { remoteId: readIdentifier(remoteId) }),
    ...(linkSelection === undefined ? {} : { linkSelection }),
    ...(serverIdentifierOverride === undefined ? {} : { serverIdentifierOverride }),
  };
}

function readAddress(value: Buffer | undefined): Ipv4Address | undefined {
  return value?.length === 4 ? value.readUInt32BE() : undefined;
}

function readIdentifier(value: Buffer): string {
  const text = value.toString('latin1');
  return /^[\x20-\x7e]+$/.test(text) ? text : value.toString('hex');
}
