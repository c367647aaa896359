/**
 * A DHCP message on the wire (RFC 2131 §2). Byte positions:
 *
 *   0 op  1 htype  2 hlen  3 hops  4–7 xid  8–9 secs  10–11 flags (bit 15: broadcast)
 *   12 ciaddr  16 yiaddr  20 siaddr  24 giaddr  28–43 chaddr  44–107 sname  108–235 file
 *   236–239 magic cookie  240… options
 */
import { failParse } from '../dhcp-error.ts';
import type { Ipv4Address } from '../../ipv4.ts';
import { optionCode } from './option-code.ts';
import { parseOptionArea, sizeOfOption, writeOption, type OptionMap } from './options.ts';

export interface DhcpPacket {
  readonly op: 'request' | 'reply';
  /** 1 is Ethernet. */
  readonly hardwareType: number;
  /** 0 to 16 bytes. */
  readonly hardwareAddress: Buffer;
  readonly hops: number;
  readonly transactionId: number;
  readonly elapsedSec: number;
  readonly wantsBroadcast: boolean;
  /** ciaddr: the address that the client has and answers on; 0 where it has none. */
  readonly clientAddress: Ipv4Address;
  /** yiaddr */
  readonly yourAddress: Ipv4Address;
  /** siaddr */
  readonly nextServer: Ipv4Address;
  /** giaddr: the relay agent's; 0 where there is none. */
  readonly relayAddress: Ipv4Address;
  /** sname, up to 64 bytes. */
  readonly serverName: string;
  /** file, up to 128 bytes. */
  readonly bootFile: string;
  readonly options: OptionMap;
}

const magicCookie = 0x63825363;
const headerBytes = 240;
const broadcastFlag = 0x8000;
const serverNameField = { start: 44, end: 108 };
const bootFileField = { start: 108, end: 236 };
/** A message never needs more: one Ethernet frame, with room for jumbo frames of a relay. */
const maximumPacketBytes = 4_096;
/** BOOTP relays drop shorter messages (RFC 1542 §2.1). */
const minimumPacketBytes = 300;
/** What every client must take (RFC 2131 §2): 576 bytes with IP and UDP header. */
export const defaultMaximumBytes = 548;

/** Throws DhcpError `malformed`, and nothing else, whatever the bytes are. */
export function parseDhcpPacket(datagram: Buffer): DhcpPacket {
  if (datagram.length < headerBytes || datagram.length > maximumPacketBytes) {
    failParse(`A message of ${String(datagram.length)} bytes.`);
  }
  if (datagram.readUInt32BE(236) !== magicCookie) {
    failParse('No DHCP magic cookie.');
  }
  const op = datagram.readUInt8(0);
  const hardwareAddressBytes = datagram.readUInt8(2);
  if (op !== 1 && op !== 2) {
    failParse(`Operation ${String(op)}.`);
  }
  if (hardwareAddressBytes > 16) {
    failParse(`A hardware address of ${String(hardwareAddressBytes)} bytes.`);
  }
  const options = new Map<number, Buffer>();
  parseOptionArea(datagram.subarray(headerBytes), options);
  const overload = options.get(optionCode.overload)?.at(0) ?? 0;
  const isBootFileOverloaded = (overload & 1) !== 0;
  const isServerNameOverloaded = (overload & 2) !== 0;
  const bootFileBytes = datagram.subarray(bootFileField.start, bootFileField.end);
  const serverNameBytes = datagram.subarray(serverNameField.start, serverNameField.end);
  if (isBootFileOverloaded) {
    parseOptionArea(bootFileBytes, options);
  }
  if (isServerNameOverloaded) {
    parseOptionArea(serverNameBytes, options);
  }
  return {
    op: op === 1 ? 'request' : 'reply',
    hardwareType: datagram.readUInt8(1),
    hardwareAddress: datagram.subarray(28, 28 + hardwareAddressBytes),
    hops: datagram.readUInt8(3),
    transactionId: datagram.readUInt32BE(4),
    elapsedSec: datagram.readUInt16BE(8),
    wantsBroadcast: (datagram.readUInt16BE(10) & broadcastFlag) !== 0,
    clientAddress: datagram.readUInt32BE(12),
    yourAddress: datagram.readUInt32BE(16),
    nextServer: datagram.readUInt32BE(20),
    relayAddress: datagram.readUInt32BE(24),
    serverName: isServerNameOverloaded ? '' : readText(serverNameBytes),
    bootFile: isBootFileOverloaded ? '' : readText(bootFileBytes),
    options,
  };
}

function readText(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end === -1 ? field.length : end);
}

/**
 * `maximumBytes`: what the client takes (option 57 less IP and UDP header), at least 548. Options
 * are written in the order of the map; those that do not fit go into the `file` and `sname` fields
 * while these are empty (option 52), and are left out after that. Returns which were left out.
 */
export function serializeDhcpPacket(
  packet: DhcpPacket,
  maximumBytes: number = defaultMaximumBytes,
): { readonly datagram: Buffer; readonly leftOut: readonly number[] } {
  const target = Buffer.alloc(Math.max(maximumBytes, minimumPacketBytes));
  writeHeader(target, packet);
  const plan = planOptions(packet, target.length - headerBytes);
  let end = headerBytes;
  for (const [code, value] of plan.main) {
    end = writeOption(target, end, code, value);
  }
  target.writeUInt8(optionCode.end, end);
  writeArea(target, bootFileField.start, plan.bootFile);
  writeArea(target, serverNameField.start, plan.serverName);
  return {
    datagram: target.subarray(0, Math.max(end + 1, minimumPacketBytes)),
    leftOut: plan.leftOut,
  };
}

function writeHeader(target: Buffer, packet: DhcpPacket): void {
  target.writeUInt8(packet.op === 'request' ? 1 : 2, 0);
  target.writeUInt8(packet.hardwareType, 1);
  target.writeUInt8(packet.hardwareAddress.length, 2);
  target.writeUInt8(packet.hops, 3);
  target.writeUInt32BE(packet.transactionId, 4);
  target.writeUInt16BE(packet.elapsedSec, 8);
  target.writeUInt16BE(packet.wantsBroadcast ? broadcastFlag : 0, 10);
  target.writeUInt32BE(packet.clientAddress, 12);
  target.writeUInt32BE(packet.yourAddress, 16);
  target.writeUInt32BE(packet.nextServer, 20);
  target.writeUInt32BE(packet.relayAddress, 24);
  packet.hardwareAddress.copy(target, 28);
  // One byte less than the field: the text ends with a zero.
  target.write(packet.serverName, serverNameField.start, 63, 'latin1');
  target.write(packet.bootFile, bootFileField.start, 127, 'latin1');
  target.writeUInt32BE(magicCookie, 236);
}

type OptionList = [code: number, value: Buffer][];

interface OptionPlan {
  readonly main: OptionList;
  readonly bootFile: OptionList;
  readonly serverName: OptionList;
  readonly leftOut: number[];
}

/** Decides which option goes where; the relay agent's stays last (RFC 3046 §2.2). */
function planOptions(packet: DhcpPacket, areaBytes: number): OptionPlan {
  const plan: OptionPlan = { main: [], bootFile: [], serverName: [], leftOut: [] };
  const relay = packet.options.get(optionCode.relayAgentInformation);
  // The end option, and three bytes for option 52 in case it is needed.
  let free = areaBytes - 1 - 3 - (relay === undefined ? 0 : sizeOfOption(relay));
  let bootFileFree = packet.bootFile === '' ? bootFileField.end - bootFileField.start - 1 : 0;
  let serverNameFree =
    packet.serverName === '' ? serverNameField.end - serverNameField.start - 1 : 0;
  for (const [code, value] of packet.options) {
    const size = sizeOfOption(value);
    if (code === optionCode.relayAgentInformation) {
      continue;
    } else if (size <= free) {
      plan.main.push([code, value]);
      free -= size;
    } else if (size <= bootFileFree) {
      plan.bootFile.push([code, value]);
      bootFileFree -= size;
    } else if (size <= serverNameFree) {
      plan.serverName.push([code, value]);
      serverNameFree -= size;
    } else {
      plan.leftOut.push(code);
    }
  }
  const overload = (plan.bootFile.length > 0 ? 1 : 0) + (plan.serverName.length > 0 ? 2 : 0);
  if (overload > 0) {
    plan.main.push([optionCode.overload, Buffer.of(overload)]);
  }
  if (relay !== undefined) {
    plan.main.push([optionCode.relayAgentInformation, relay]);
  }
  return plan;
}

function writeArea(target: Buffer, start: number, options: OptionList): void {
  if (options.length === 0) {
    return;
  }
  let end = start;
  for (const [code, value] of options) {
    end = writeOption(target, end, code, value);
  }
  target.writeUInt8(optionCode.end, end);
}
