/** Direction attributes and hold (RFC 3264 §5.1, §6.1, §8.4). */
import {
  connectionOf,
  type MediaDescription,
  type SdpAttribute,
  type SessionDescription,
} from './session-description.ts';

/** Seen from whoever wrote the description. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export function isDirection(name: string): name is Direction {
  return name === 'sendrecv' || name === 'sendonly' || name === 'recvonly' || name === 'inactive';
}

export function sends(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

export function receives(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

export function toDirection(isSending: boolean, isReceiving: boolean): Direction {
  if (isSending) {
    return isReceiving ? 'sendrecv' : 'sendonly';
  }
  return isReceiving ? 'recvonly' : 'inactive';
}

/**
 * The direction of one stream: its own attribute, the session's, or sendrecv. An address of all
 * zeros, the hold of RFC 2543, means that the writer receives nothing (RFC 3264 §8.4).
 */
export function directionOf(description: SessionDescription, media: MediaDescription): Direction {
  const direction =
    findDirection(media.attributes) ?? findDirection(description.attributes) ?? 'sendrecv';
  return isZeroAddress(connectionOf(description, media)?.address)
    ? toDirection(sends(direction), false)
    : direction;
}

/** What the answerer says when it wants `wanted` and was offered `offered` (RFC 3264 §6.1). */
export function answerDirection(offered: Direction, wanted: Direction): Direction {
  return toDirection(sends(wanted) && receives(offered), receives(wanted) && sends(offered));
}

export function isZeroAddress(address: string | undefined): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** The attributes with their direction replaced. */
export function withDirection(
  attributes: readonly SdpAttribute[],
  direction: Direction,
): readonly SdpAttribute[] {
  const others = attributes.filter((attribute) => !isDirection(attribute.name));
  others.push({ name: direction });
  return others;
}

function findDirection(attributes: readonly SdpAttribute[]): Direction | undefined {
  for (const { name } of attributes) {
    if (isDirection(name)) {
      return name;
    }
  }
  return undefined;
}
