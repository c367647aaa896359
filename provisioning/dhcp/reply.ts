/**
 * Builds the answer to a message (RFC 2131 §4.3.1, table 3): which fields, which options in which
 * order, and where it goes. Pure.
 */
import type { ClientFacts } from './message/client-facts.ts';
import type { CompiledSubnet, Reservation } from './compiled-settings.ts';
import { unspecifiedAddress, type Ipv4Address } from '../ipv4.ts';
import { serializeMessageType, type MessageType } from './message/message-type.ts';
import { optionCode } from './message/option-code.ts';
import type { ChosenOptions } from './options/option-rules.ts';
import { defaultMaximumBytes, serializeDhcpPacket, type DhcpPacket } from './message/packet.ts';

export interface ReplyContent {
  readonly type: MessageType;
  readonly serverIdentifier: Ipv4Address;
  /** 0 for an answer to INFORM and for a refusal. */
  readonly yourAddress: Ipv4Address;
  /** Undefined for an answer to INFORM and for a refusal. */
  readonly leaseSec?: number;
  readonly subnet?: CompiledSubnet;
  readonly reservation?: Reservation | undefined;
  readonly chosen?: ChosenOptions;
  readonly nextServer?: Ipv4Address;
  /** Why it was refused, for the client's log. */
  readonly message?: string;
}

export interface Reply {
  readonly datagram: Buffer;
  readonly address: Ipv4Address;
  readonly port: 'server' | 'client';
  /** Codes of options that did not fit. */
  readonly leftOut: readonly number[];
}

const broadcastAddress: Ipv4Address = 0xffffffff;
const ipAndUdpHeaderBytes = 28;
/** An Ethernet frame: what a client says beyond is not used. */
const maximumDatagramBytes = 1_500 - ipAndUdpHeaderBytes;

/** Options of the protocol itself come first, in this order, whether asked for or not. */
export function createReply(request: DhcpPacket, facts: ClientFacts, content: ReplyContent): Reply {
  const options = new Map<number, Buffer>();
  options.set(optionCode.messageType, serializeMessageType(content.type));
  options.set(optionCode.serverIdentifier, toBytes(content.serverIdentifier));
  if (content.leaseSec !== undefined) {
    options.set(optionCode.leaseTime, toBytes(content.leaseSec));
    options.set(optionCode.renewalTime, toBytes(Math.floor(content.leaseSec / 2)));
    options.set(optionCode.rebindingTime, toBytes(Math.floor((content.leaseSec * 7) / 8)));
  }
  if (content.message !== undefined) {
    options.set(optionCode.message, Buffer.from(content.message, 'latin1'));
  }
  const headerTexts = addSettings(options, facts, content);
  copyOption(request, options, optionCode.clientIdentifier);
  copyOption(request, options, optionCode.relayAgentInformation);
  const target = findTarget(request, content);
  const { datagram, leftOut } = serializeDhcpPacket(
    {
      op: 'reply',
      hardwareType: request.hardwareType,
      hardwareAddress: request.hardwareAddress,
      hops: 0,
      transactionId: request.transactionId,
      elapsedSec: 0,
      // A relay must broadcast a refusal (RFC 2131 §4.3.2): the client cannot be reached otherwise.
      wantsBroadcast: request.wantsBroadcast || content.type === 'refuse',
      clientAddress: content.type === 'acknowledge' ? request.clientAddress : unspecifiedAddress,
      yourAddress: content.yourAddress,
      nextServer: content.nextServer ?? unspecifiedAddress,
      relayAddress: request.relayAddress,
      ...headerTexts,
      options,
    },
    readMaximumBytes(request),
  );
  return { datagram, leftOut, ...target };
}

interface HeaderTexts {
  readonly serverName: string;
  readonly bootFile: string;
}

/**
 * What the client asked for, in its order, then what is sent without being asked for. Boot loaders
 * that ask for neither option 66 nor 67 find the values in the header fields, which are returned.
 */
function addSettings(
  options: Map<number, Buffer>,
  { requestedOptions }: ClientFacts,
  content: ReplyContent,
): HeaderTexts {
  const available = gatherSettings(content);
  // RFC 2132 §3.3: the mask stands before the router.
  const wanted =
    requestedOptions.length > 0
      ? [optionCode.subnetMask, ...requestedOptions]
      : [...available.keys()];
  const unasked = [...(content.chosen?.options ?? [])]
    .filter(([, { isAlwaysSent }]) => isAlwaysSent)
    .map(([code]) => code);
  for (const code of [...wanted, ...unasked]) {
    const value = available.get(code);
    if (value !== undefined && !options.has(code)) {
      options.set(code, value);
    }
  }
  const readUnasked = (code: number, maximumLength: number): string => {
    const value = options.has(code) ? undefined : available.get(code);
    return value !== undefined && value.length <= maximumLength ? value.toString('latin1') : '';
  };
  return {
    serverName: readUnasked(optionCode.tftpServerName, 63),
    bootFile: readUnasked(optionCode.bootFileName, 127),
  };
}

function gatherSettings({ subnet, chosen, reservation }: ReplyContent): Map<number, Buffer> {
  const available = new Map<number, Buffer>(subnet?.options);
  if (reservation?.hostName !== undefined) {
    available.set(optionCode.hostName, Buffer.from(reservation.hostName, 'latin1'));
  }
  for (const [code, { value }] of chosen?.options ?? []) {
    available.set(code, value);
  }
  const router = available.get(optionCode.routers)?.subarray(0, 4);
  for (const code of [optionCode.classlessRoutes, optionCode.classlessRoutesMicrosoft]) {
    const routes = available.get(code);
    if (routes !== undefined && router !== undefined && !hasDefaultRoute(routes)) {
      // RFC 3442: who understands these routes ignores option 3, so the default route goes in too.
      available.set(code, Buffer.concat([routes, Buffer.of(0), router]));
    }
  }
  return available;
}

function hasDefaultRoute(routes: Buffer): boolean {
  for (let offset = 0; offset < routes.length;) {
    const prefixLength = routes.readUInt8(offset);
    if (prefixLength === 0) {
      return true;
    }
    offset += 1 + Math.ceil(prefixLength / 8) + 4;
  }
  return false;
}

/** RFC 2131 §4.1: through the relay, straight to a client that has an address, else to everyone. */
function findTarget(
  request: DhcpPacket,
  content: ReplyContent,
): { address: Ipv4Address; port: 'server' | 'client' } {
  if (request.relayAddress !== unspecifiedAddress) {
    return { address: request.relayAddress, port: 'server' };
  }
  const isReachable =
    content.type === 'acknowledge' && request.clientAddress !== unspecifiedAddress;
  return { address: isReachable ? request.clientAddress : broadcastAddress, port: 'client' };
}

function readMaximumBytes(request: DhcpPacket): number {
  const value = request.options.get(optionCode.maximumMessageSize);
  const size = value?.length === 2 ? value.readUInt16BE() - ipAndUdpHeaderBytes : 0;
  return Math.min(maximumDatagramBytes, Math.max(defaultMaximumBytes, size));
}

function copyOption(request: DhcpPacket, options: Map<number, Buffer>, code: number): void {
  const value = request.options.get(code);
  if (value !== undefined) {
    options.set(code, value);
  }
}

function toBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
