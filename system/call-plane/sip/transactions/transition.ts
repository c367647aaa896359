/**
 * What a step of a transaction state machine yields. Effects are constants: a step allocates
 * nothing. The runner (`transaction-runner.ts`) takes the next state, then performs the effects in
 * order. `pass` and the reports enter the transaction user, which may act on the transaction at
 * once; therefore nothing but a release follows them.
 */
import type { LifetimeTimerName, RetransmissionTimerName, TimerName } from './timers.ts';

export type Effect =
  /** Send the message that came with the event, and keep its bytes for retransmission. */
  | { readonly kind: 'send' }
  /** Send the kept bytes again; nothing when nothing was sent yet. */
  | { readonly kind: 'retransmit' }
  /** Send the ACK to the non-2xx final response of the event (RFC 3261 §17.1.1.3), and keep it. */
  | { readonly kind: 'acknowledge' }
  /** Answer 100 Trying on the transaction user's behalf. */
  | { readonly kind: 'send-trying' }
  /** Hand the message of the event to the transaction user. */
  | { readonly kind: 'pass' }
  | { readonly kind: 'report-timeout' }
  | { readonly kind: 'report-missing-ack' }
  | { readonly kind: 'report-transport-failure' }
  /** Nothing will be retransmitted any more: the kept bytes go. */
  | { readonly kind: 'release-bytes' }
  /**
   * The transaction user hears nothing more: the references to it and to its request go; the bytes, if
   * there are any, move to where they can stay long.
   */
  | { readonly kind: 'release-user' }
  | {
      readonly kind: 'start-retransmission';
      readonly timer: RetransmissionTimerName;
      readonly pace: RetransmissionPace;
    }
  | { readonly kind: 'stop-retransmission' }
  /** A transaction has one lifetime timer at a time: starting one replaces the one before. */
  | { readonly kind: 'start-lifetime'; readonly timer: LifetimeTimerName }
  | { readonly kind: 'stop-lifetime' };

/** `first`: T1. `doubled`: twice the last delay, at most the timer's longest. `longest`: T2. */
export type RetransmissionPace = 'first' | 'doubled' | 'longest';

export type TimerEvent = `timer-${TimerName}`;

export interface Transition<State extends string> {
  readonly next: State;
  readonly effects: readonly Effect[];
}

/**
 * One of the four machines. Entering `terminated` ends the transaction: its timers stop and it is
 * matched no longer, without an effect having to say so.
 */
export interface Machine<State extends string, Event extends string> {
  /** Begins the transaction: its request has come from the user or from the network. */
  readonly start: Transition<State>;
  step(state: State, event: Event): Transition<State>;
}

/** The transition that changes nothing: that the event has no meaning here is a decision. */
export function absorbedIn<State extends string>(state: State): Transition<State> {
  return { next: state, effects: [] };
}

export const send: Effect = { kind: 'send' };
export const retransmit: Effect = { kind: 'retransmit' };
export const acknowledge: Effect = { kind: 'acknowledge' };
export const sendTrying: Effect = { kind: 'send-trying' };
export const pass: Effect = { kind: 'pass' };
export const reportTimeout: Effect = { kind: 'report-timeout' };
export const reportMissingAck: Effect = { kind: 'report-missing-ack' };
export const reportTransportFailure: Effect = { kind: 'report-transport-failure' };
export const releaseBytes: Effect = { kind: 'release-bytes' };
export const releaseUser: Effect = { kind: 'release-user' };
export const stopRetransmission: Effect = { kind: 'stop-retransmission' };
export const stopLifetime: Effect = { kind: 'stop-lifetime' };

export function startRetransmission(
  timer: RetransmissionTimerName,
  pace: RetransmissionPace,
): Effect {
  return { kind: 'start-retransmission', timer, pace };
}

export function startLifetime(timer: LifetimeTimerName): Effect {
  return { kind: 'start-lifetime', timer };
}
