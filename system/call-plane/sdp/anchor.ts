/**
 * Rewrites a description that is passed from one leg to the other so that its audio runs through
 * an endpoint of ours. Codecs, fmtp, ptime and direction stay the phones' own business; the rest of
 * the streams are refused with port 0, because one relayed audio stream is what a leg has
 * (RFC 3264 §6: a stream is refused, never removed).
 */
import { isUnicastAddress } from '../../foundation/unicast-address.ts';
import { directionOf, isZeroAddress, withDirection } from './direction.ts';
import {
  connectionOf,
  findAttribute,
  type MediaDescription,
  type SdpAttribute,
  type SessionDescription,
  toConnection,
} from './session-description.ts';

/** Where the peer is told to send its audio: RTP port, and RTCP on the next one. */
export interface AnchorAddress {
  readonly address: string;
  readonly rtpPort: number;
}

/** Where a peer wants its audio. */
export interface AudioTarget {
  readonly address: string;
  readonly rtpPort: number;
  /** Undefined when RTCP goes to another host, or nowhere. */
  readonly rtcpPort: number | undefined;
}

/**
 * Attributes that say where media goes, or promise ways to carry it that an anchored stream does
 * not have: ICE (RFC 8839), RTCP on the RTP port (RFC 5761), bundling (RFC 9143).
 */
const transportAttributes = new Set([
  'rtcp',
  'rtcp-mux',
  'rtcp-mux-only',
  'candidate',
  'end-of-candidates',
  'remote-candidates',
  'ice-ufrag',
  'ice-pwd',
  'ice-options',
  'ice-lite',
  'ice-mismatch',
  'ice-pacing',
  'group',
  'bundle-only',
  'msid-semantic',
]);

/** The first stream that can be anchored: audio over some RTP profile, not refused. */
export function findAudio(description: SessionDescription): number | undefined {
  const index = description.media.findIndex(
    (media) => media.media === 'audio' && media.port !== 0 && isRtp(media.protocol),
  );
  return index === -1 ? undefined : index;
}

/**
 * `description` with the stream at `audioIndex` at our address and every other stream refused. A
 * stream that was refused stays refused. The old hold (address of zeros) becomes a direction,
 * since our address replaces the zeros (RFC 3264 §8.4).
 */
export function anchorAudio(
  description: SessionDescription,
  audioIndex: number,
  anchor: AnchorAddress,
): SessionDescription {
  return {
    origin: description.origin,
    connection: toConnection(anchor.address),
    bandwidths: description.bandwidths,
    attributes: withoutTransport(description.attributes),
    media: description.media.map((media, index) =>
      index === audioIndex && media.port !== 0
        ? anchorStream(description, media, anchor.rtpPort)
        : refuseStream(media),
    ),
  };
}

/** The stream refused: its formats stay because an m= line must have some (RFC 3264 §6). */
export function refuseStream(media: MediaDescription): MediaDescription {
  return {
    media: media.media,
    port: 0,
    protocol: media.protocol,
    formats: media.formats,
    bandwidths: [],
    attributes: [],
  };
}

/**
 * Where the peer wants the audio of that stream; undefined when it refused the stream or wants
 * nothing (address of zeros). `unresolved` stands for a host name, which is not looked up, and for an
 * address that is none of a single host (multicast, malformed).
 */
export function audioTargetOf(
  description: SessionDescription,
  audioIndex: number,
  unresolved?: string,
): AudioTarget | undefined {
  const media = description.media[audioIndex];
  const connection = media === undefined ? undefined : connectionOf(description, media);
  if (
    media === undefined ||
    media.port === 0 ||
    connection === undefined ||
    isZeroAddress(connection.address)
  ) {
    return undefined;
  }
  const address = isUnicastAddress(connection.address) ? connection.address : unresolved;
  return address === undefined
    ? undefined
    : { address, rtpPort: media.port, rtcpPort: rtcpPortOf(media, address) };
}

/** RFC 3605 `a=rtcp:53020` or `a=rtcp:53020 IN IP4 192.0.2.1`; otherwise the next port. */
function rtcpPortOf(media: MediaDescription, address: string): number | undefined {
  const rtcp = findAttribute(media.attributes, 'rtcp');
  if (rtcp !== undefined) {
    const match = /^([0-9]{1,5})(?: IN IP[46] ([^ ]+))?$/.exec(rtcp.trim());
    const port = Number(match?.[1]);
    const host = match?.[2];
    return port > 0 && port <= 65_535 && (host === undefined || host === address)
      ? port
      : undefined;
  }
  return media.port < 65_535 ? media.port + 1 : undefined;
}

function anchorStream(
  description: SessionDescription,
  media: MediaDescription,
  rtpPort: number,
): MediaDescription {
  const attributes = withoutTransport(media.attributes);
  const isOldHold = isZeroAddress(connectionOf(description, media)?.address);
  return {
    media: media.media,
    port: rtpPort,
    protocol: media.protocol,
    formats: media.formats,
    bandwidths: media.bandwidths,
    attributes: isOldHold ? withDirection(attributes, directionOf(description, media)) : attributes,
  };
}

function withoutTransport(attributes: readonly SdpAttribute[]): readonly SdpAttribute[] {
  return attributes.some(({ name }) => transportAttributes.has(name))
    ? attributes.filter(({ name }) => !transportAttributes.has(name))
    : attributes;
}

function isRtp(protocol: string): boolean {
  return protocol.includes('RTP/');
}
