/**
 * Looks for DHCP servers on an interface the way a client does: broadcasts DISCOVER and sees who
 * offers. Two servers that do not know of each other give one address to two devices.
 */
import type { Clock } from '../../../system/foundation/clock.ts';
import { DhcpError } from '../dhcp-error.ts';
import { DhcpSocket } from './dhcp-socket.ts';
import { findHardwareAddress } from '../message/hardware-address.ts';
import { formatIpv4, parseIpv4, type Ipv4Address } from '../../ipv4.ts';
import { findMessageType, serializeMessageType } from '../message/message-type.ts';
import { optionCode } from '../message/option-code.ts';
import { parseDhcpPacket, serializeDhcpPacket, type DhcpPacket } from '../message/packet.ts';

export interface OtherServersQuestion {
  readonly interfaceName: string;
  /** Servers that are ours, whose offers do not count. */
  readonly ownAddresses: readonly Ipv4Address[];
  readonly ports: { readonly server: number; readonly client: number };
  readonly clock: Clock;
  readonly random: (bytes: number) => Buffer;
  /** Ends the wait: then nobody has answered. */
  readonly signal: AbortSignal;
}

/** Some servers ping an address for three seconds before they offer it. */
const answerTimeMs = 5_000;
/** The first DISCOVER may get lost; a server offers the same address to the second. */
const repeatAfterMs = 1_500;

/** Addresses of the servers that answered, as soon as the first does. Rejects with DhcpError `socket`. */
export async function findOtherServers(question: OtherServersQuestion): Promise<string[]> {
  const { interfaceName, ports, clock, random, ownAddresses, signal } = question;
  const discover = createDiscover(interfaceName, random);
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const socket = await DhcpSocket.open({
    interfaceName,
    port: ports.client,
    onMessage: (datagram, sourceAddress) => {
      const server = readOffer(datagram, discover.transactionId, sourceAddress);
      if (server !== undefined && !ownAddresses.includes(server)) {
        resolve([formatIpv4(server)]);
      }
    },
    // An interface that is down sends nothing and hears nothing: nobody else is there.
    onError: () => undefined,
  });
  const { datagram } = serializeDhcpPacket(discover);
  const send = (): void => socket.send(datagram, 0xffffffff, ports.server);
  send();
  const repeat = clock.schedule(repeatAfterMs, send);
  const end = clock.schedule(answerTimeMs, () => resolve([]));
  const abort = (): void => resolve([]);
  signal.addEventListener('abort', abort);
  try {
    return signal.aborted ? [] : await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    repeat.cancel();
    end.cancel();
    await socket.close();
  }
}

function createDiscover(interfaceName: string, random: (bytes: number) => Buffer): DhcpPacket {
  return {
    op: 'request',
    hardwareType: 1,
    hardwareAddress: findHardwareAddress(interfaceName) ?? createLocalHardwareAddress(random),
    hops: 0,
    transactionId: random(4).readUInt32BE(),
    elapsedSec: 0,
    // The offer must be a broadcast: we have no address on which it could reach us.
    wantsBroadcast: true,
    clientAddress: 0,
    yourAddress: 0,
    nextServer: 0,
    relayAddress: 0,
    serverName: '',
    bootFile: '',
    options: new Map([
      [optionCode.messageType, serializeMessageType('discover')],
      [optionCode.parameterRequestList, Buffer.of(optionCode.subnetMask, optionCode.routers)],
    ]),
  };
}

function createLocalHardwareAddress(random: (bytes: number) => Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x02), random(5)]);
}

function readOffer(
  datagram: Buffer,
  transactionId: number,
  sourceAddress: string,
): Ipv4Address | undefined {
  try {
    const packet = parseDhcpPacket(datagram);
    const isOffer = packet.op === 'reply' && findMessageType(packet.options) === 'offer';
    if (!isOffer || packet.transactionId !== transactionId) {
      return undefined;
    }
    const identifier = packet.options.get(optionCode.serverIdentifier);
    return identifier?.length === 4 ? identifier.readUInt32BE() : parseIpv4(sourceAddress);
  } catch (error) {
    if (error instanceof DhcpError) {
      return undefined;
    }
    throw error;
  }
}
