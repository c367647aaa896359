/** Codecs of an RTP stream: what rtpmap and fmtp say, and the static payload types of RFC 3551. */
import type { MediaDescription } from './session-description.ts';

export interface Codec {
  /** 0 to 127. */
  readonly payloadType: number;
  /** As written: compare with `isSameCodec`, names are case-insensitive (RFC 4855 §3). */
  readonly name: string;
  readonly clockRateHz: number;
  readonly channels: number;
  /** The format parameters of a=fmtp, unparsed. */
  readonly parameters: string | undefined;
}

/** RFC 3551 §6: payload types that need no rtpmap. */
const staticPayloadTypes = new Map<number, readonly [name: string, clockRateHz: number]>([
  [0, ['PCMU', 8000]],
  [3, ['GSM', 8000]],
  [4, ['G723', 8000]],
  [5, ['DVI4', 8000]],
  [6, ['DVI4', 16000]],
  [7, ['LPC', 8000]],
  [8, ['PCMA', 8000]],
  [9, ['G722', 8000]],
  [10, ['L16', 44100]],
  [11, ['L16', 44100]],
  [12, ['QCELP', 8000]],
  [13, ['CN', 8000]],
  [14, ['MPA', 90000]],
  [15, ['G728', 8000]],
  [16, ['DVI4', 11025]],
  [17, ['DVI4', 22050]],
  [18, ['G729', 8000]],
  [26, ['JPEG', 90000]],
  [31, ['H261', 90000]],
  [34, ['H263', 90000]],
]);

/** The codecs of a stream in its order of preference; formats that cannot be RTP are left out. */
export function codecsOf(media: MediaDescription): readonly Codec[] {
  const codecs: Codec[] = [];
  for (const format of media.formats) {
    const codec = findCodec(media, format);
    if (codec !== undefined) {
      codecs.push(codec);
    }
  }
  return codecs;
}

/** The name of the codec that will be heard: the first that is neither events nor noise. */
export function spokenCodecName(media: MediaDescription): string | undefined {
  for (const format of media.formats) {
    const codec = findCodec(media, format);
    if (codec !== undefined && !isTelephoneEvent(codec) && codec.name.toUpperCase() !== 'CN') {
      return codec.name;
    }
  }
  return undefined;
}

/** RFC 4733: DTMF digits as RTP events. */
export function isTelephoneEvent(codec: Codec): boolean {
  return codec.name.toLowerCase() === 'telephone-event';
}

export function isSameCodec(
  a: Pick<Codec, 'name' | 'clockRateHz' | 'channels'>,
  b: Pick<Codec, 'name' | 'clockRateHz' | 'channels'>,
): boolean {
  return (
    a.name.toLowerCase() === b.name.toLowerCase() &&
    a.clockRateHz === b.clockRateHz &&
    a.channels === b.channels
  );
}

/** The offered codecs that `supported` also names, in the offer's order (RFC 3264 §6.1). */
export function intersectCodecs(
  offered: readonly Codec[],
  supported: readonly Pick<Codec, 'name' | 'clockRateHz' | 'channels'>[],
): readonly Codec[] {
  return offered.filter((codec) => supported.some((candidate) => isSameCodec(codec, candidate)));
}

function findCodec(media: MediaDescription, format: string): Codec | undefined {
  const payloadType = /^[0-9]{1,3}$/.test(format) ? Number(format) : 128;
  if (payloadType > 127) {
    return undefined;
  }
  let mapping: string | undefined;
  let parameters: string | undefined;
  for (const { name, value } of media.attributes) {
    if (name === 'rtpmap' || name === 'fmtp') {
      const text = value ?? '';
      if (text.startsWith(format) && text.charAt(format.length) === ' ') {
        const rest = text.slice(format.length + 1).trim();
        if (name === 'rtpmap') {
          mapping ??= rest;
        } else {
          parameters ??= rest;
        }
      }
    }
  }
  if (mapping !== undefined) {
    const [name, clockRate, channels] = mapping.split('/');
    const clockRateHz = Number(clockRate);
    const channelCount = channels === undefined ? 1 : Number(channels);
    return name === undefined ||
      name === '' ||
      !Number.isInteger(clockRateHz) ||
      !Number.isInteger(channelCount)
      ? undefined
      : { payloadType, name, clockRateHz, channels: channelCount, parameters };
  }
  const known = staticPayloadTypes.get(payloadType);
  return known === undefined
    ? undefined
    : {
        payloadType,
        name: known[0],
        clockRateHz: known[1],
        channels: payloadType === 10 ? 2 : 1,
        parameters,
      };
}
