/**
 * Rings all phones of a user at once (RFC 3261 §16.7 as a back-to-back user agent): the first that
 * answers has the call, the others are cancelled; when none does, the most telling failure counts.
 */
import type { Timer } from '../../../foundation/clock.ts';
import type { RingResult } from '../../../routing/route-call.ts';
import type { SessionDescription } from '../../sdp/session-description.ts';
import type { HeaderLines } from '../../sip/messages/header-fields.ts';
import { bestStatus, toRingResult } from './best-response.ts';
import type { CalleeLeg, CalleeLegUser } from '../legs/callee-leg.ts';
import type { CallerLeg } from '../legs/caller-leg.ts';
import type { MediaPath, PassedAnswer, PassedOffer } from '../media/media-path.ts';
import { cause, completedElsewhere, q850Reason } from '../reason.ts';
import type { RingTarget } from './ring-target.ts';

export interface RingingUser {
  /** 180, or 183 with an early answer for the caller. */
  ringingProgressed(status: 180 | 183, early: PassedAnswer | undefined): void;
  /** `isOtherAnswer`: the caller was told another phone's early answer before. */
  ringingAnswered(leg: CalleeLeg, answer: PassedAnswer, isOtherAnswer: boolean): void;
  /** The caller left the offer to the phone that answered. */
  ringingOffered(leg: CalleeLeg, offer: PassedOffer): void;
  /** A phone sends the call on; the others ring on. `number`: the one it prefers. */
  ringingRedirected(leg: CalleeLeg, number: string): void;
  ringingEnded(result: RingResult): void;
}

/** One phone that rings. */
interface Branch {
  readonly leg: CalleeLeg;
  /** Undefined: the caller made no offer. */
  readonly offer: PassedOffer | undefined;
  isOver: boolean;
}

interface EarlyAnswer {
  readonly leg: CalleeLeg;
  readonly tag: string;
  readonly body: Buffer;
  readonly passed: PassedAnswer;
}

export interface RingingOptions {
  readonly caller: CallerLeg;
  /** The caller's, as it said it. */
  readonly offer: SessionDescription | undefined;
  readonly path: MediaPath;
  /** At least one. */
  readonly targets: readonly RingTarget[];
  readonly createLeg: (target: RingTarget, index: number, user: CalleeLegUser) => CalleeLeg;
  readonly timeoutMs: number;
  /** The caller has been told the early answer of a phone that rang before these. */
  readonly hasOtherEarlyAnswer: boolean;
  readonly schedule: (delayMs: number, task: () => void) => Timer;
  readonly wallMs: () => number;
}

export class Ringing implements CalleeLegUser {
  readonly #options: RingingOptions;
  readonly #user: RingingUser;
  readonly #branches: Branch[] = [];
  readonly #statuses: number[] = [];
  #timer: Timer | undefined;
  #early: EarlyAnswer | undefined;
  #isRingingTold = false;
  #isAlerted = false;
  #redirection: Extract<RingResult, { kind: 'redirected' }> | undefined;
  #isOver = false;

  constructor(options: RingingOptions, user: RingingUser) {
    this.#options = options;
    this.#user = user;
  }

  /** Every phone that was rung, also those that lost: what the record lists. */
  get legs(): readonly CalleeLeg[] {
    return this.#branches.map((branch) => branch.leg);
  }

  get hasEarlyAnswer(): boolean {
    return this.#early !== undefined;
  }

  /** Sends the INVITEs. Returns how it ended when that is clear at once. Throws MediaError. */
  start(): RingResult | undefined {
    const { caller, offer, path, targets, createLeg, timeoutMs, schedule } = this.#options;
    for (const [index, target] of targets.entries()) {
      const leg = createLeg(target, index, this);
      path.open(leg);
      const passed = offer === undefined ? undefined : path.passOffer(offer, caller, leg);
      this.#branches.push({ leg, offer: passed, isOver: false });
      if (offer !== undefined && passed === undefined) {
        leg.closeMedia();
        return { kind: 'failed', status: 488 };
      }
    }
    this.#timer = schedule(timeoutMs, () => {
      this.#handleTimeout();
    });
    for (const { leg, offer: passed } of this.#branches) {
      leg.invite.send(passed?.body);
    }
    return undefined;
  }

  /** The call ends otherwise: every phone stops ringing. Idempotent. */
  cancel(headers: HeaderLines): void {
    this.#isOver = true;
    this.#timer?.cancel();
    for (const branch of this.#branches) {
      this.#cancelBranch(branch, headers);
    }
  }

  calleeProgressed(leg: CalleeLeg, status: number, body: Buffer | undefined, tag: string): void {
    const branch = this.#openBranch(leg);
    if (branch === undefined) {
      return;
    }
    this.#isAlerted = true;
    if (status === 180) {
      leg.ringingAtMs ??= this.#options.wallMs();
    }
    const early = this.#takeEarlyAnswer(branch, body, tag);
    if (early !== undefined || (status === 180 && !this.#isRingingTold)) {
      this.#isRingingTold ||= status === 180;
      this.#user.ringingProgressed(status === 180 ? 180 : 183, early);
    }
  }

  calleeAnswered(leg: CalleeLeg, body: Buffer | undefined, tag: string): void {
    const branch = this.#openBranch(leg);
    if (branch === undefined) {
      leg.hangUp([completedElsewhere]);
      return;
    }
    const { path, caller } = this.#options;
    if (branch.offer === undefined) {
      const offer = body === undefined ? undefined : path.passOffer(body, leg, caller);
      if (offer === undefined) {
        this.#refuseAnswer(branch);
      } else {
        this.#settle(branch);
        this.#user.ringingOffered(leg, offer);
      }
      return;
    }
    const answer = this.#answerOf(branch, branch.offer, body, tag);
    if (answer === undefined) {
      this.#refuseAnswer(branch);
      return;
    }
    const early = this.#early;
    const isOtherAnswer =
      this.#options.hasOtherEarlyAnswer ||
      (early !== undefined && (early.leg !== leg || early.tag !== tag));
    this.#settle(branch);
    this.#user.ringingAnswered(leg, answer, isOtherAnswer);
  }

  calleeFailed(leg: CalleeLeg, status: number, redirectedTo: readonly string[]): void {
    const branch = this.#openBranch(leg);
    if (branch === undefined) {
      return;
    }
    this.#closeBranch(branch);
    this.#statuses.push(status);
    const [preferred] = redirectedTo;
    if (preferred !== undefined) {
      this.#redirection ??= { kind: 'redirected', status, numbers: redirectedTo };
      this.#user.ringingRedirected(leg, preferred);
    }
    // A 6xx speaks for the person, not for the phone (§16.7 step 5).
    if (status >= 600 || this.#branches.every(({ isOver }) => isOver)) {
      const decided = toRingResult(bestStatus(this.#statuses));
      const result = status >= 600 ? decided : (this.#redirection ?? decided);
      this.cancel([q850Reason(cause.normalClearing)]);
      this.#user.ringingEnded(result);
    }
  }

  #handleTimeout(): void {
    if (!this.#isOver) {
      this.cancel([q850Reason(cause.noAnswer)]);
      const unanswered = { kind: 'no-answer', isAlerted: this.#isAlerted } as const;
      this.#user.ringingEnded(this.#redirection ?? unanswered);
    }
  }

  /** The first early answer is the caller's early media; a second cannot be told any more. */
  #takeEarlyAnswer(
    branch: Branch,
    body: Buffer | undefined,
    tag: string,
  ): PassedAnswer | undefined {
    const isTold = this.#options.hasOtherEarlyAnswer || this.#early !== undefined;
    if (body === undefined || branch.offer === undefined || isTold) {
      return undefined;
    }
    const passed = this.#options.path.passAnswer(branch.offer, body);
    if (passed !== undefined) {
      this.#early = { leg: branch.leg, tag, body, passed };
    }
    return passed;
  }

  /** The answer of a 200; some phones leave it out when a 183 had it, most repeat it. */
  #answerOf(
    branch: Branch,
    offer: PassedOffer,
    body: Buffer | undefined,
    tag: string,
  ): PassedAnswer | undefined {
    const early = this.#early;
    const isSameDialog = early?.leg === branch.leg && early.tag === tag;
    if (isSameDialog && (body === undefined || body.equals(early.body))) {
      return early.passed;
    }
    return body === undefined ? undefined : this.#options.path.passAnswer(offer, body);
  }

  /** A 200 without a usable description: that phone is out, the others ring on. */
  #refuseAnswer(branch: Branch): void {
    const { leg } = branch;
    leg.sipStatus = 488;
    leg.hangUp([q850Reason(cause.incompatible)]);
    this.calleeFailed(leg, 488, []);
  }

  /** This phone has the call. */
  #settle(winner: Branch): void {
    this.#isOver = true;
    this.#timer?.cancel();
    for (const branch of this.#branches) {
      if (branch !== winner) {
        this.#cancelBranch(branch, [completedElsewhere]);
      }
    }
    winner.isOver = true;
  }

  #cancelBranch(branch: Branch, headers: HeaderLines): void {
    if (!branch.isOver) {
      this.#closeBranch(branch);
      branch.leg.sipStatus ??= 487;
      branch.leg.hangUp(headers);
    }
  }

  #closeBranch(branch: Branch): void {
    branch.isOver = true;
    branch.leg.endedAtMs = this.#options.wallMs();
    branch.leg.closeMedia();
  }

  #openBranch(leg: CalleeLeg): Branch | undefined {
    return this.#isOver
      ? undefined
      : this.#branches.find((branch) => branch.leg === leg && !branch.isOver);
  }
}
