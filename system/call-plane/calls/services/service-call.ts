/**
 * A call that ends in the PBX: the caller's audio is attached to a media service (echo test,
 * milliwatt tone, prompts), which may change, and its keys are gathered for whoever asks for them.
 */
import type {
  MediaPlane,
  MediaService,
  ServiceCodec,
  VoiceLanguage,
} from '../../../media-plane/media.ts';
import type { Codec } from '../../sdp/codec.ts';
import {
  type AgreedAudio,
  answerOffer,
  type Capabilities,
  createOffer,
  readAnswer,
} from '../../sdp/offer-answer.ts';
import { tryParseSdp } from '../../sdp/parse-sdp.ts';
import type { SessionDescription } from '../../sdp/session-description.ts';
import type { OfferExchange } from '../../sip/dialogs/in-dialog/exchange.ts';
import type { InfoExchange } from '../../sip/dialogs/in-dialog/info.ts';
import type { AnsweredCall, AnsweredCallUser } from '../answered-call.ts';
import type { CallerLeg } from '../legs/caller-leg.ts';
import { readInfoDigit } from './info-digit.ts';
import type { Leg } from '../legs/leg.ts';
import { settleLeg } from '../media/hold.ts';

/** What media services speak, in our order; payload types are those of our own offers. */
const serviceCodecs: readonly Codec[] = [
  { payloadType: 0, name: 'PCMU', clockRateHz: 8000, channels: 1, parameters: undefined },
  { payloadType: 8, name: 'PCMA', clockRateHz: 8000, channels: 1, parameters: undefined },
  {
    payloadType: 101,
    name: 'telephone-event',
    clockRateHz: 8000,
    channels: 1,
    parameters: '0-15',
  },
];

/** Keys that wait for a question; nobody types more ahead. */
const maximumWaitingDigits = 64;

export interface ServiceCallOptions {
  readonly leg: CallerLeg;
  readonly service: MediaService;
  readonly language: VoiceLanguage;
  readonly plane: MediaPlane;
  readonly user: AnsweredCallUser;
}

export class ServiceCall implements AnsweredCall {
  readonly #leg: CallerLeg;
  readonly #language: VoiceLanguage;
  readonly #plane: MediaPlane;
  readonly #user: AnsweredCallUser;
  #service: MediaService;
  #isOfferOpen = false;
  #attached: AgreedAudio | undefined;
  #waitingDigits = '';
  /** Some phones tell of a key in both ways: the first that is heard counts. */
  #digitsComeBy: 'audio' | 'info' | undefined;

  constructor(options: ServiceCallOptions) {
    this.#leg = options.leg;
    this.#service = options.service;
    this.#language = options.language;
    this.#plane = options.plane;
    this.#user = options.user;
  }

  /**
   * Takes ports and makes the body of the 200: our answer, or our offer when the caller made none.
   * Undefined when its offer does not fit: refuse it with 488. Throws MediaError.
   */
  open(offer: SessionDescription | undefined): Buffer | undefined {
    const leg = this.#leg;
    // A caller that was sent on to here has ports already.
    leg.endpoint ??= this.#plane.createEndpoint({ localAddress: leg.options.flow.localAddress });
    if (offer === undefined) {
      this.#isOfferOpen = true;
      return this.#offer();
    }
    return this.#answer(offer);
  }

  acknowledged(answer: Buffer | undefined): void {
    if (this.#isOfferOpen) {
      this.#isOfferOpen = false;
      this.#takeAnswer(answer);
    }
  }

  /** Another service takes the place of the one that runs. */
  play(service: MediaService): void {
    this.#service = service;
    if (this.#attached !== undefined) {
      this.#attachService(this.#attached);
    }
  }

  /** The key that was pressed next: 0 to 9, *, #, A to D. Undefined: none is waiting. */
  nextDigit(): string | undefined {
    const digits = this.#leg.endpoint?.takeDigits() ?? '';
    if (digits !== '') {
      this.#keepDigits(digits, 'audio');
    }
    const [next] = this.#waitingDigits;
    this.#waitingDigits = this.#waitingDigits.slice(1);
    return next;
  }

  /** What is no digit has no meaning to services. */
  sentInfo(_leg: Leg, exchange: InfoExchange): void {
    const digit = readInfoDigit(exchange);
    if (digit !== undefined) {
      this.#keepDigits(digit, 'info');
    }
    exchange.accept();
  }

  movedMedia(_leg: Leg, answer: Buffer): void {
    this.#takeAnswer(answer);
  }

  /** Hold, resume, another codec or address. */
  offered(_leg: Leg, exchange: OfferExchange): void {
    const { offer } = exchange;
    if (offer === undefined) {
      exchange.accept(this.#offer(), (answer) => {
        this.#takeAnswer(answer);
      });
      return;
    }
    const description = tryParseSdp(offer);
    const body = description === undefined ? undefined : this.#answer(description);
    if (body === undefined) {
      exchange.reject(488);
    } else {
      exchange.accept(body);
      this.#user.callChanged();
    }
  }

  #offer(): Buffer {
    return this.#leg.session.render(createOffer(this.#capabilities()));
  }

  #takeAnswer(answer: Buffer | undefined): void {
    const description = answer === undefined ? undefined : tryParseSdp(answer);
    const agreed =
      description === undefined ? undefined : readAnswer(description, this.#capabilities());
    if (description === undefined || agreed === undefined) {
      this.#user.legBrokeOff(this.#leg);
      return;
    }
    this.#attach(agreed, description);
    this.#user.callChanged();
  }

  #answer(offer: SessionDescription): Buffer | undefined {
    const answer = answerOffer(offer, this.#capabilities());
    if (answer === undefined) {
      return undefined;
    }
    this.#attach(answer.agreed, offer);
    return this.#leg.session.render(answer.description);
  }

  /** `description`: what the caller said. */
  #attach(agreed: AgreedAudio, description: SessionDescription): void {
    const { codec } = agreed;
    const leg = this.#leg;
    settleLeg(leg, description, agreed.audioIndex);
    leg.codec = codec.name;
    const before = this.#attached;
    this.#attached = agreed;
    if (
      before?.codec.name !== codec.name ||
      before.codec.payloadType !== codec.payloadType ||
      before.telephoneEvent !== agreed.telephoneEvent
    ) {
      this.#attachService(agreed);
    }
  }

  #attachService({ codec, telephoneEvent }: AgreedAudio): void {
    const options = { telephoneEvent, language: this.#language };
    this.#leg.endpoint?.attach(this.#service, toServiceCodec(codec), codec.payloadType, options);
  }

  #keepDigits(digits: string, way: 'audio' | 'info'): void {
    this.#digitsComeBy ??= way;
    if (this.#digitsComeBy === way) {
      this.#waitingDigits = (this.#waitingDigits + digits).slice(0, maximumWaitingDigits);
    }
  }

  #capabilities(): Capabilities {
    const leg = this.#leg;
    return {
      address: leg.endpoint?.localAddress ?? leg.options.flow.localAddress,
      rtpPort: leg.endpoint?.rtpPort ?? 0,
      codecs: serviceCodecs,
    };
  }
}

function toServiceCodec(codec: Codec): ServiceCodec {
  return codec.name.toUpperCase() === 'PCMA' ? 'PCMA' : 'PCMU';
}
