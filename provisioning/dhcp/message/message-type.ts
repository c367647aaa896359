/** Option 53: what a DHCP message is (RFC 2132 §9.6). */
import { optionCode } from './option-code.ts';
import type { OptionMap } from './options.ts';

const messageTypes = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  acknowledge: 5,
  refuse: 6,
  release: 7,
  inform: 8,
} as const;

/** `acknowledge` is DHCPACK, `refuse` is DHCPNAK. */
export type MessageType = keyof typeof messageTypes;

const typeByNumber = new Map<number, MessageType>(
  Object.entries(messageTypes).map(([type, number]) => [number, type as MessageType]),
);

/** BOOTP has no message type at all (RFC 1534 §2); a malformed one is not BOOTP. */
export function isBootp(options: OptionMap): boolean {
  return !options.has(optionCode.messageType);
}

/** Undefined for BOOTP and for types that came later (lease query …). */
export function findMessageType(options: OptionMap): MessageType | undefined {
  const value = options.get(optionCode.messageType);
  return value?.length === 1 ? typeByNumber.get(value.readUInt8(0)) : undefined;
}

export function serializeMessageType(type: MessageType): Buffer {
  return Buffer.of(messageTypes[type]);
}
