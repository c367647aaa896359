/** Messages of DHCP clients to a responder, without sockets: what is sent and what comes back. */
import {
  type CompiledInterface,
  compileSettings,
} from '../../../provisioning/dhcp/compiled-settings.ts';
import { formatIpv4, parseIpv4 } from '../../../provisioning/ipv4.ts';
import {
  findMessageType,
  serializeMessageType,
  type MessageType,
} from '../../../provisioning/dhcp/message/message-type.ts';
import { optionCode } from '../../../provisioning/dhcp/message/option-code.ts';
import {
  parseDhcpPacket,
  serializeDhcpPacket,
  type DhcpPacket,
} from '../../../provisioning/dhcp/message/packet.ts';
import { phoneOptionRules } from '../../../provisioning/dhcp/options/phone-options.ts';
import { Responder, type Answer } from '../../../provisioning/dhcp/responder.ts';
import type { DhcpSettings } from '../../../provisioning/dhcp/settings.ts';

export interface MessageFields {
  /** 12 hexadecimal digits. */
  readonly mac?: string;
  readonly ciaddr?: string;
  readonly giaddr?: string;
  /** Option 50. */
  readonly requested?: string;
  /** Option 54. */
  readonly server?: string;
  readonly options?: readonly (readonly [code: number, value: Buffer])[];
}

/** What came back, in text. */
export interface ReceivedReply {
  readonly type: MessageType | undefined;
  readonly yiaddr: string;
  readonly siaddr: string;
  readonly to: string;
  readonly packet: DhcpPacket;
}

export function createClientMessage(type: MessageType, fields: MessageFields = {}): DhcpPacket {
  const options = new Map<number, Buffer>([
    [optionCode.messageType, serializeMessageType(type)],
    ...(fields.options ?? []),
  ]);
  const setAddress = (code: number, text: string | undefined): void => {
    if (text !== undefined) {
      options.set(code, toBytes(text));
    }
  };
  setAddress(optionCode.requestedAddress, fields.requested);
  setAddress(optionCode.serverIdentifier, fields.server);
  return {
    op: 'request',
    hardwareType: 1,
    hardwareAddress: Buffer.from(fields.mac ?? '00005e005301', 'hex'),
    hops: 0,
    transactionId: 0x12345678,
    elapsedSec: 0,
    wantsBroadcast: false,
    clientAddress: parseIpv4(fields.ciaddr ?? '0.0.0.0') ?? 0,
    yourAddress: 0,
    nextServer: 0,
    relayAddress: parseIpv4(fields.giaddr ?? '0.0.0.0') ?? 0,
    serverName: '',
    bootFile: '',
    options,
  };
}

export function toBytes(address: string): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(parseIpv4(address) ?? 0);
  return bytes;
}

/** A server with one interface, on which time passes as the test says. */
export class DhcpConversation {
  responder: Responder;
  nowMs = Date.UTC(2026, 0, 1);
  #via: CompiledInterface;

  constructor(settings: DhcpSettings) {
    const compiled = compileSettings(settings, phoneOptionRules);
    this.responder = new Responder(compiled, { describe: () => undefined, refuses: () => false });
    this.#via = takeFirst(compiled.interfaces);
  }

  configure(settings: DhcpSettings): void {
    const compiled = compileSettings(settings, phoneOptionRules);
    this.responder.configure(compiled, this.nowMs);
    this.#via = takeFirst(compiled.interfaces);
  }

  ask(type: MessageType, fields: MessageFields = {}): Answer | undefined {
    // Over the wire and back: what a message says is what its bytes say.
    const { datagram } = serializeDhcpPacket(createClientMessage(type, fields));
    return this.responder.handle(parseDhcpPacket(datagram), this.#via, this.nowMs);
  }

  /** The reply to a message; undefined where there is none. */
  send(type: MessageType, fields: MessageFields = {}): ReceivedReply | undefined {
    const reply = this.ask(type, fields)?.reply;
    if (reply === undefined) {
      return undefined;
    }
    const packet = parseDhcpPacket(reply.datagram);
    return {
      type: findMessageType(packet.options),
      yiaddr: formatIpv4(packet.yourAddress),
      siaddr: formatIpv4(packet.nextServer),
      to: `${formatIpv4(reply.address)} ${reply.port}`,
      packet,
    };
  }

  /** DISCOVER and REQUEST; the address, or undefined where there is none. */
  bind(fields: MessageFields = {}): string | undefined {
    const offer = this.send('discover', fields);
    if (offer === undefined) {
      return undefined;
    }
    const server = formatIpv4(this.#via.address);
    const answer = this.send('request', { ...fields, requested: offer.yiaddr, server });
    return answer?.type === 'acknowledge' ? answer.yiaddr : undefined;
  }

  pass(seconds: number): void {
    this.nowMs += seconds * 1_000;
  }
}

function takeFirst<Item>(items: readonly Item[]): Item {
  const [first] = items;
  if (first === undefined) {
    throw new Error('The settings have no interface');
  }
  return first;
}
