/**
 * The way of a call's audio: rewrites what one leg says for the other, and joins the media
 * endpoints once both have spoken. In direct mode descriptions pass with our o= line and nothing
 * else changed; in anchored mode each leg has an endpoint and the phones' codecs stay theirs.
 */
import type { MediaPlane } from '../../../media-plane/media.ts';
import { anchorAudio, findAudio } from '../../sdp/anchor.ts';
import { spokenCodecName } from '../../sdp/codec.ts';
import { alignAnswer } from '../../sdp/offer-answer.ts';
import { tryParseSdp } from '../../sdp/parse-sdp.ts';
import type { SessionDescription } from '../../sdp/session-description.ts';
import { settleLeg } from './hold.ts';
import type { Leg } from '../legs/leg.ts';

/** An offer on its way from one leg to the other. */
export interface PassedOffer {
  readonly from: Leg;
  readonly to: Leg;
  readonly description: SessionDescription;
  /** The stream that is anchored. */
  readonly audioIndex: number;
  /** What the other leg is told. */
  readonly body: Buffer;
}

/** An answer on its way back. */
export interface PassedAnswer {
  readonly offer: PassedOffer;
  readonly description: SessionDescription;
  /** What the leg that offered is told. */
  readonly body: Buffer;
}

export class MediaPath {
  readonly #plane: MediaPlane;
  #mode: 'anchored' | 'direct';
  #isAnchoredLate = false;
  #audioIndex = 0;

  constructor(plane: MediaPlane, mode: 'anchored' | 'direct') {
    this.#plane = plane;
    this.#mode = mode;
  }

  get mode(): 'anchored' | 'direct' {
    return this.#mode;
  }

  /** The phones that ring were offered the caller's own address. */
  get isAnchoredLate(): boolean {
    return this.#isAnchoredLate;
  }

  /** Gives the leg its ports, where it needs some. Throws MediaError. */
  open(leg: Leg): void {
    if (this.mode === 'anchored' && leg.endpoint === undefined) {
      leg.endpoint = this.#plane.createEndpoint({ localAddress: leg.options.flow.localAddress });
    }
  }

  /**
   * The offer as the other leg is to get it. Undefined when it cannot be read, or offers streams of
   * which none can be anchored (T.38, video alone): refuse it with 488.
   */
  passOffer(offer: Buffer | SessionDescription, from: Leg, to: Leg): PassedOffer | undefined {
    const description = Buffer.isBuffer(offer) ? tryParseSdp(offer) : offer;
    if (description === undefined) {
      return undefined;
    }
    const found = findAudio(description);
    if (this.mode === 'anchored' && found === undefined && !isAllRefused(description, from)) {
      return undefined;
    }
    const audioIndex = found ?? this.#audioIndex;
    const body = to.session.render(this.#rewrite(description, audioIndex, to));
    return { from, to, description, audioIndex, body };
  }

  /** The answer as the leg that offered is to get it; undefined when it cannot be read. */
  passAnswer(offer: PassedOffer, answer: Buffer): PassedAnswer | undefined {
    const answered = tryParseSdp(answer);
    return answered === undefined ? undefined : this.#pass(offer, answered);
  }

  /**
   * An offer and its answer that were to be direct, as they would have passed in anchored mode, in
   * which the path is from now on. The leg that answered does not know yet where its audio has to
   * go. Undefined when there is no audio to anchor. Throws MediaError, and all is as before.
   */
  anchor(answer: PassedAnswer): PassedAnswer | undefined {
    const { description, from, to } = answer.offer;
    if (findAudio(description) === undefined) {
      return undefined;
    }
    this.#mode = 'anchored';
    try {
      this.open(from);
      this.open(to);
    } catch (error) {
      if (!this.#isAnchoredLate) {
        this.#mode = 'direct';
        from.endpoint?.close();
        from.endpoint = undefined;
      }
      throw error;
    }
    this.#isAnchoredLate = true;
    const offer = this.passOffer(description, from, to);
    return offer === undefined ? undefined : this.#pass(offer, answer.description);
  }

  /** Both legs have spoken: from now on audio flows as they agreed. */
  establish({ offer, description }: PassedAnswer): void {
    const { from, to, audioIndex } = offer;
    this.#audioIndex = audioIndex;
    const answered = description.media[audioIndex];
    const codec = answered === undefined ? undefined : spokenCodecName(answered);
    from.codec = codec;
    to.codec = codec;
    settleLeg(from, offer.description, audioIndex);
    settleLeg(to, description, audioIndex);
    if (from.endpoint !== undefined && to.endpoint !== undefined) {
      from.endpoint.join(to.endpoint);
    }
  }

  /** A phone's media moved without a new offer (the answer to a session refresh of ours). */
  move(leg: Leg, answer: Buffer): void {
    const description = tryParseSdp(answer);
    if (description !== undefined) {
      settleLeg(leg, description, this.#audioIndex);
    }
  }

  #pass(offer: PassedOffer, answered: SessionDescription): PassedAnswer {
    const offered = this.mode === 'anchored' ? refusingOthers(offer) : offer.description;
    const description = alignAnswer(offered, answered);
    const body = offer.from.session.render(
      this.#rewrite(description, offer.audioIndex, offer.from),
    );
    return { offer, description, body };
  }

  #rewrite(description: SessionDescription, audioIndex: number, to: Leg): SessionDescription {
    const { endpoint } = to;
    return endpoint === undefined
      ? description
      : anchorAudio(description, audioIndex, {
          address: endpoint.localAddress,
          rtpPort: endpoint.rtpPort,
        });
  }
}

/** The offer as an anchored leg got it: only the audio was offered. */
function refusingOthers(offer: PassedOffer): SessionDescription {
  return {
    ...offer.description,
    media: offer.description.media.map((media, index) =>
      index === offer.audioIndex ? media : { ...media, port: 0 },
    ),
  };
}

/** A phone that talks may stop all streams; one that begins a call must offer some. */
function isAllRefused(description: SessionDescription, from: Leg): boolean {
  return from.target !== undefined && description.media.every(({ port }) => port === 0);
}
