/**
 * The quality one would hear, estimated from what a relay can know: the E-model of ITU-T G.107
 * reduced to its loss and delay terms, all else at its default values. What is not known is left
 * out (delay) or makes the estimate unknown (loss, codec).
 */

/** Equipment impairment and loss robustness of a codec: Ie and Bpl of ITU-T G.113 appendix I. */
export interface CodecImpairment {
  readonly equipmentImpairment: number;
  readonly lossRobustness: number;
}

/** R with default values and no impairment (G.107 table 3 gives 93.2). */
const bestRating = 93.2;

/** By static RTP payload type (RFC 3551 table 4). G.711 is taken with loss concealment, as phones have it. */
const impairmentByPayloadType: ReadonlyMap<number, CodecImpairment> = new Map([
  [0, { equipmentImpairment: 0, lossRobustness: 25.1 }],
  [8, { equipmentImpairment: 0, lossRobustness: 25.1 }],
  [3, { equipmentImpairment: 20, lossRobustness: 43 }],
  [4, { equipmentImpairment: 15, lossRobustness: 16.1 }],
  [18, { equipmentImpairment: 11, lossRobustness: 19 }],
]);

/** Undefined for dynamic payload types and codecs that G.113 has no figures for. */
export function findCodecImpairment(payloadType: number): CodecImpairment | undefined {
  return impairmentByPayloadType.get(payloadType);
}

export interface HeardStream {
  /** 0 to 1. */
  readonly lossFraction: number;
  readonly codec: CodecImpairment;
  /** Mouth to ear, one way; undefined when unknown, which counts as no impairment. */
  readonly delayMs: number | undefined;
}

/** 1.0 to 4.5. */
export function estimateMos(stream: HeardStream): number {
  const rating =
    bestRating -
    delayImpairment(stream.delayMs ?? 0) -
    lossImpairment(stream.codec, stream.lossFraction * 100);
  return toMos(rating);
}

/** Ie,eff for random loss (G.107 §7.5 with BurstR = 1). */
function lossImpairment(codec: CodecImpairment, lossPercent: number): number {
  const { equipmentImpairment, lossRobustness } = codec;
  return (
    equipmentImpairment +
    ((95 - equipmentImpairment) * lossPercent) / (lossPercent + lossRobustness)
  );
}

/** Id, by the usual linear approximation of G.107 §7.4: conversation suffers beyond 177.3 ms. */
function delayImpairment(delayMs: number): number {
  return 0.024 * delayMs + (delayMs > 177.3 ? 0.11 * (delayMs - 177.3) : 0);
}

/** G.107 annex B. */
function toMos(rating: number): number {
  if (rating <= 0) {
    return 1;
  }
  if (rating >= 100) {
    return 4.5;
  }
  const mos = 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6;
  return Math.max(1, mos);
}
