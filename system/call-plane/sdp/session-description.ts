/**
 * A session description (RFC 4566) as a value: what offer/answer and the media path need, and
 * enough of the rest to pass a description on. Lines that nothing uses today (i=, u=, e=, p=, k=,
 * r=, z=) are dropped when parsing; s= and t= are always written as `-` and `0 0`.
 */

export interface SdpOrigin {
  readonly username: string;
  /** Decimal digits: may exceed 2^53, so it stays text. */
  readonly sessionId: string;
  readonly sessionVersion: string;
  readonly connection: SdpConnection;
}

export interface SdpConnection {
  readonly addressType: 'IP4' | 'IP6';
  /** An address or a host name, as written; a multicast address keeps its `/ttl`. */
  readonly address: string;
}

export interface SdpAttribute {
  readonly name: string;
  /** Absent for a property attribute such as `a=sendonly`. */
  readonly value?: string;
}

export interface MediaDescription {
  /** `audio`, `video`, `image` … */
  readonly media: string;
  /** 0 means refused or removed (RFC 3264 §6, §8.2). */
  readonly port: number;
  /** The number of port pairs after the slash, when written. */
  readonly portCount?: number;
  /** `RTP/AVP` … */
  readonly protocol: string;
  /** Payload types as text; at least one. */
  readonly formats: readonly string[];
  readonly connection?: SdpConnection;
  /** Values of b= lines. */
  readonly bandwidths: readonly string[];
  readonly attributes: readonly SdpAttribute[];
}

export interface SessionDescription {
  readonly origin: SdpOrigin;
  readonly connection?: SdpConnection;
  readonly bandwidths: readonly string[];
  readonly attributes: readonly SdpAttribute[];
  readonly media: readonly MediaDescription[];
}

/** The connection data that counts for one stream: its own, otherwise the session's. */
export function connectionOf(
  description: SessionDescription,
  media: MediaDescription,
): SdpConnection | undefined {
  return media.connection ?? description.connection;
}

/** The value of the first attribute of that name; `''` for a property attribute. */
export function findAttribute(
  attributes: readonly SdpAttribute[],
  name: string,
): string | undefined {
  for (const attribute of attributes) {
    if (attribute.name === name) {
      return attribute.value ?? '';
    }
  }
  return undefined;
}

/** Connection data for an address of ours, IPv6 without brackets. */
export function toConnection(address: string): SdpConnection {
  return { addressType: address.includes(':') ? 'IP6' : 'IP4', address };
}
