/**
 * The timer values of RFC 3261 table 4 with RFC 6026 §7: the only place where the transport's
 * reliability changes a time. Timer C belongs to proxies; we are a back-to-back user agent.
 */

/** RFC 3261 §17.1.1.1: the three numbers from which every timer follows. */
export interface TimerBase {
  /** Estimate of the round trip. */
  readonly t1Ms: number;
  /** The longest gap between retransmissions of a non-INVITE request or an INVITE response. */
  readonly t2Ms: number;
  /** The longest time a message stays in the network. */
  readonly t4Ms: number;
}

export const rfcTimerBase: TimerBase = { t1Ms: 500, t2Ms: 4_000, t4Ms: 5_000 };

/** A retransmission timer starts at `firstMs` and doubles up to `longestMs`. */
export interface RetransmissionTimer {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** `success` is the UAS core's: it repeats a 2xx to INVITE until its ACK (§13.3.1.4). */
export type RetransmissionTimerName = 'a' | 'e' | 'g' | 'success';
/** Timers that fire once. `trying` and `abandon` are explained at their values. */
export type LifetimeTimerName =
  | 'b'
  | 'd'
  | 'f'
  | 'h'
  | 'i'
  | 'j'
  | 'k'
  | 'l'
  | 'm'
  | 'trying'
  | 'abandon';
export type TimerName = RetransmissionTimerName | LifetimeTimerName;

export interface TransactionTimers {
  /** Undefined over a reliable transport, which retransmits itself. */
  readonly retransmission: Readonly<
    Record<RetransmissionTimerName, RetransmissionTimer | undefined>
  >;
  /** Milliseconds; 0 means that the state is left as soon as it is entered. */
  readonly lifetimeMs: Readonly<Record<LifetimeTimerName, number>>;
}

/** RFC 3261 §17.2.1: a 100 is due when the transaction user says nothing for this long. */
const tryingDelayMs = 200;
/** RFC 3261 §17.1.1.2: timer D is at least 32 s over an unreliable transport, whatever T1 is. */
const shortestTimerDMs = 32_000;

export function deriveTimers(base: TimerBase, isReliable: boolean): TransactionTimers {
  const { t1Ms, t2Ms, t4Ms } = base;
  const giveUpMs = 64 * t1Ms;
  const onlyUnreliable = (timer: RetransmissionTimer): RetransmissionTimer | undefined =>
    isReliable ? undefined : timer;
  return {
    retransmission: {
      a: onlyUnreliable({ firstMs: t1Ms, longestMs: Number.POSITIVE_INFINITY }),
      e: onlyUnreliable({ firstMs: t1Ms, longestMs: t2Ms }),
      g: onlyUnreliable({ firstMs: t1Ms, longestMs: t2Ms }),
      // Over every transport: another hop of the 2xx's way may be unreliable.
      success: { firstMs: t1Ms, longestMs: t2Ms },
    },
    lifetimeMs: {
      b: giveUpMs,
      d: isReliable ? 0 : Math.max(shortestTimerDMs, giveUpMs),
      f: giveUpMs,
      h: giveUpMs,
      i: isReliable ? 0 : t4Ms,
      j: isReliable ? 0 : giveUpMs,
      k: isReliable ? 0 : t4Ms,
      // RFC 6026 §8.4 and §8.7: the same for every transport, because a 2xx travels end to end.
      l: giveUpMs,
      m: giveUpMs,
      trying: tryingDelayMs,
      // RFC 4320 §4.2: after 64*T1 the client has given up, so nobody waits for this answer.
      abandon: giveUpMs,
    },
  };
}
