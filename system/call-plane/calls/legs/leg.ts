/**
 * A leg: one dialog of ours with one endpoint, plus its media endpoint. It keeps what is said and
 * agreed on this side of the call and hands events to its user, the call; a bug in handling one ends
 * that call and nothing else.
 */
import type { LegRef, UserId } from '../../../foundation/ids.ts';
import type { MediaEndpoint, MediaStatistics } from '../../../media-plane/media.ts';
import type { LocalSession } from '../../sdp/local-session.ts';
import type { AudioTarget } from '../../sdp/anchor.ts';
import type { SipRequest } from '../../sip/messages/message.ts';
import type { HeaderLines } from '../../sip/messages/header-fields.ts';
import type { OfferExchange, UsageFailure } from '../../sip/dialogs/in-dialog/exchange.ts';
import type { InfoExchange } from '../../sip/dialogs/in-dialog/info.ts';
import type { InviteUsage, InviteUsageUser } from '../../sip/dialogs/invite-usage.ts';
import type { Flow } from '../../sip/transport.ts';

export interface LegUser {
  legOffered(leg: Leg, exchange: OfferExchange): void;
  legSentInfo(leg: Leg, exchange: InfoExchange): void;
  /** BYE; its 200 leaves when this returns. */
  legHungUp(leg: Leg, request: SipRequest): void;
  legFailed(leg: Leg, failure: UsageFailure): void;
  legMovedMedia(leg: Leg, answer: Buffer): void;
  /** A bug: the call has to end. */
  legCrashed(leg: Leg, error: unknown): void;
}

export interface LegOptions {
  readonly legRef: LegRef;
  readonly role: 'caller' | 'callee';
  readonly userId: UserId | undefined;
  /** SIP URI without parameters. */
  readonly address: string;
  readonly flow: Flow;
  readonly sipCallId: string;
  readonly userAgent: string | undefined;
  readonly session: LocalSession;
  readonly startedAtMs: number;
}

export abstract class Leg implements InviteUsageUser {
  readonly options: LegOptions;
  /** Our side of its session description. */
  readonly session: LocalSession;
  /** Of the confirmed dialog. */
  usage: InviteUsage | undefined;
  endpoint: MediaEndpoint | undefined;
  /** Where the endpoint was told to send: a change opens the learning window again. */
  target: AudioTarget | undefined;
  codec: string | undefined;
  /** Its phone has put the call on hold. */
  isHolding = false;
  ringingAtMs: number | undefined;
  answeredAtMs: number | undefined;
  endedAtMs: number | undefined;
  /** The final status of its INVITE. */
  sipStatus: number | undefined;
  /** Of the media, once the endpoint is closed. */
  finalStatistics: MediaStatistics | undefined;
  /** Packets that came before it was known where from to expect them. */
  #earlyPackets = 0;
  readonly #user: LegUser;

  constructor(options: LegOptions, user: LegUser) {
    this.options = options;
    this.session = options.session;
    this.#user = user;
  }

  /** CANCEL or BYE, whatever is due; idempotent. */
  abstract hangUp(headers: HeaderLines): void;

  /** Tells the endpoint where its phone sends from and hears. */
  setTarget(target: AudioTarget): void {
    const { endpoint } = this;
    if (this.target === undefined && endpoint !== undefined) {
      this.#earlyPackets = endpoint.statistics().packetsFromStrangers;
    }
    this.target = target;
    const { remoteAddress } = this.options.flow;
    endpoint?.setRemote({ ...target, signallingAddress: remoteAddress });
  }

  /** Of the media now; undefined without an endpoint. */
  statistics(): MediaStatistics | undefined {
    return this.endpoint === undefined ? undefined : this.#correct(this.endpoint.statistics());
  }

  /** Frees the ports. Idempotent. */
  closeMedia(): void {
    if (this.endpoint !== undefined) {
      this.finalStatistics = this.#correct(this.endpoint.close());
      this.endpoint = undefined;
    }
  }

  offerReceived(_usage: InviteUsage, exchange: OfferExchange): void {
    this.protect(() => {
      this.#user.legOffered(this, exchange);
    });
  }

  infoReceived(_usage: InviteUsage, exchange: InfoExchange): void {
    this.protect(() => {
      this.#user.legSentInfo(this, exchange);
    });
  }

  byeReceived(_usage: InviteUsage, request: SipRequest): void {
    this.protect(() => {
      this.#user.legHungUp(this, request);
    });
  }

  usageFailed(usage: InviteUsage, failure: UsageFailure): void {
    this.protect(() => {
      if (failure === 'gone') {
        usage.discard();
      }
      this.#user.legFailed(this, failure);
    });
  }

  answerChanged(_usage: InviteUsage, answer: Buffer): void {
    this.protect(() => {
      this.#user.legMovedMedia(this, answer);
    });
  }

  /** Runs a reaction to an event; whatever it throws is a bug and ends the call. */
  protect(reaction: () => void): void {
    try {
      reaction();
    } catch (error) {
      this.#user.legCrashed(this, error);
    }
  }

  /** What a phone sends before its answer is here is its own, not a stranger's. */
  #correct(statistics: MediaStatistics): MediaStatistics {
    const { packetsFromStrangers } = statistics;
    const early = this.target === undefined ? packetsFromStrangers : this.#earlyPackets;
    return { ...statistics, packetsFromStrangers: packetsFromStrangers - early };
  }
}
