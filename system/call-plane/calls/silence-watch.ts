/**
 * Ends calls whose phones have both vanished: no packet from any of them for long, while nobody is
 * on hold. Session timers find the same out, but only phones that go through SIP at all.
 */
import type { Clock, Timer } from '../../foundation/clock.ts';
import type { Call } from './call.ts';
import type { Leg } from './legs/leg.ts';

const longestSweepMs = 15_000;

export interface SilenceWatchOptions {
  readonly clock: Clock;
  /** How long a call may be silent; 0 switches the watch off. */
  readonly silenceSec: number;
  readonly calls: () => Iterable<Call>;
  readonly hangUp: (call: Call) => void;
}

export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  #timer: Timer | undefined;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
  }

  /** There are calls: one timer for all of them, as long as there are any. */
  start(): void {
    const { silenceSec, clock } = this.#options;
    if (silenceSec > 0 && this.#timer === undefined) {
      this.#timer = clock.schedule(Math.min(longestSweepMs, silenceSec * 250), () => {
        this.#timer = undefined;
        this.#sweep();
      });
    }
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #sweep(): void {
    let hasCalls = false;
    const dead: Call[] = [];
    for (const call of this.#options.calls()) {
      hasCalls = true;
      if (this.#isDead(call)) {
        dead.push(call);
      }
    }
    for (const call of dead) {
      this.#options.hangUp(call);
    }
    if (hasCalls) {
      this.start();
    }
  }

  #isDead(call: Call): boolean {
    const { clock, silenceSec } = this.#options;
    const { answeredAtMs } = call;
    if (call.state !== 'answered' || answeredAtMs === undefined) {
      return false;
    }
    const talkingForMs = clock.wallMs() - answeredAtMs;
    return (
      talkingForMs >= silenceSec * 1000 &&
      call.talkingLegs.every((leg) => isSilent(leg, talkingForMs, silenceSec * 1000))
    );
  }
}

/** Of a leg whose media is not here nothing is known: it is never silent. */
function isSilent(leg: Leg, talkingForMs: number, limitMs: number): boolean {
  return (
    leg.endpoint !== undefined &&
    !leg.isHolding &&
    (leg.endpoint.statistics().silentForMs ?? talkingForMs) >= limitMs
  );
}
