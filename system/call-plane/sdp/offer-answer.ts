/**
 * Offer/answer (RFC 3264, RFC 6337) as pure functions, for the two parts a PBX plays: it ends a
 * stream itself (`answerOffer`, `createOffer`, `readAnswer`: media services), or it stands between
 * two phones and hands one's answer to the other (`alignAnswer`).
 */
import { type AnchorAddress, findAudio, refuseStream } from './anchor.ts';
import { type Codec, codecsOf, intersectCodecs, isTelephoneEvent } from './codec.ts';
import { answerDirection, type Direction, directionOf } from './direction.ts';
import {
  findAttribute,
  type MediaDescription,
  type SdpAttribute,
  type SessionDescription,
  toConnection,
} from './session-description.ts';

/** A stream that ends in the PBX. */
export interface Capabilities extends AnchorAddress {
  /** In our order of preference, with the payload types we offer. */
  readonly codecs: readonly Codec[];
}

/** What was agreed for the stream that ends in the PBX. */
export interface AgreedAudio {
  readonly audioIndex: number;
  readonly codec: Codec;
  /** Payload type of telephone-event, when both can. */
  readonly telephoneEvent: number | undefined;
  /** Seen from the PBX. */
  readonly direction: Direction;
}

export interface Answer {
  readonly description: SessionDescription;
  readonly agreed: AgreedAudio;
}

/**
 * Our answer to an offer: its first audio stream with the codecs both have, in its order and with
 * its payload types, everything else refused. Undefined when nothing fits: answer 488.
 */
export function answerOffer(
  offer: SessionDescription,
  capabilities: Capabilities,
): Answer | undefined {
  const audioIndex = offer.media.findIndex(
    (media) => media.media === 'audio' && media.port !== 0 && media.protocol === 'RTP/AVP',
  );
  const offered = offer.media[audioIndex];
  if (offered === undefined) {
    return undefined;
  }
  const common = intersectCodecs(codecsOf(offered), capabilities.codecs);
  const codec = common.find((candidate) => !isTelephoneEvent(candidate));
  if (codec === undefined) {
    return undefined;
  }
  const event = common.find(isTelephoneEvent);
  const direction = answerDirection(directionOf(offer, offered), 'sendrecv');
  const ptime = findAttribute(offered.attributes, 'ptime');
  const stream = createStream(
    capabilities,
    event === undefined ? [codec] : [codec, event],
    direction,
    ptime !== undefined && /^[0-9]{1,3}$/.test(ptime) ? ptime : undefined,
  );
  return {
    description: createDescription(
      capabilities.address,
      offer.media.map((media, index) => (index === audioIndex ? stream : refuseStream(media))),
    ),
    agreed: { audioIndex, codec, telephoneEvent: event?.payloadType, direction },
  };
}

/** Our offer of one audio stream: for a caller that leaves the offer to us. */
export function createOffer(capabilities: Capabilities): SessionDescription {
  return createDescription(capabilities.address, [
    createStream(capabilities, capabilities.codecs, 'sendrecv', undefined),
  ]);
}

/** What the answer to `createOffer` agreed to; undefined when it refused. */
export function readAnswer(
  answer: SessionDescription,
  capabilities: Capabilities,
): AgreedAudio | undefined {
  const audioIndex = findAudio(answer);
  const media = audioIndex === undefined ? undefined : answer.media[audioIndex];
  if (audioIndex === undefined || media === undefined) {
    return undefined;
  }
  const common = intersectCodecs(codecsOf(media), capabilities.codecs);
  const codec = common.find((candidate) => !isTelephoneEvent(candidate));
  return codec === undefined
    ? undefined
    : {
        audioIndex,
        codec,
        telephoneEvent: common.find(isTelephoneEvent)?.payloadType,
        direction: answerDirection(directionOf(answer, media), 'sendrecv'),
      };
}

/**
 * The answer made to fit the offer it answers, as RFC 3264 §6 demands and not every phone does:
 * one m= line for each that was offered, in its order, refused where it was offered refused, of the
 * same kind. A line that does not fit is refused.
 */
export function alignAnswer(
  offer: SessionDescription,
  answer: SessionDescription,
): SessionDescription {
  const isAligned =
    offer.media.length === answer.media.length &&
    offer.media.every((media, index) => doesAnswer(media, answer.media[index]));
  if (isAligned) {
    return answer;
  }
  return {
    ...answer,
    media: offer.media.map((media, index) => {
      const answered = answer.media[index];
      return answered !== undefined && doesAnswer(media, answered) ? answered : refuseStream(media);
    }),
  };
}

function doesAnswer(offered: MediaDescription, answered: MediaDescription | undefined): boolean {
  return (
    answered?.media === offered.media &&
    (answered.port === 0 || (offered.port !== 0 && answered.protocol === offered.protocol))
  );
}

function createDescription(
  address: string,
  media: readonly MediaDescription[],
): SessionDescription {
  const connection = toConnection(address);
  return {
    origin: { username: '-', sessionId: '0', sessionVersion: '0', connection },
    connection,
    bandwidths: [],
    attributes: [],
    media,
  };
}

function createStream(
  anchor: AnchorAddress,
  codecs: readonly Codec[],
  direction: Direction,
  ptime: string | undefined,
): MediaDescription {
  const attributes: SdpAttribute[] = [];
  for (const codec of codecs) {
    const format = String(codec.payloadType);
    attributes.push({
      name: 'rtpmap',
      value: `${format} ${codec.name}/${String(codec.clockRateHz)}`,
    });
    if (isTelephoneEvent(codec)) {
      attributes.push({ name: 'fmtp', value: `${format} 0-15` });
    }
  }
  if (ptime !== undefined) {
    attributes.push({ name: 'ptime', value: ptime });
  }
  attributes.push({ name: direction });
  return {
    media: 'audio',
    port: anchor.rtpPort,
    protocol: 'RTP/AVP',
    formats: codecs.map((codec) => String(codec.payloadType)),
    bandwidths: [],
    attributes,
  };
}
