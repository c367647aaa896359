/**
 * The dialplan engine: (snapshot, call facts, answers of the world) → next effect + trace. It is a
 * generator that yields one effect and is resumed with the world's answer, so the same code runs a
 * live call, a simulation and the replay of a past call. It does no I/O and reads no clock.
 *
 * Today's plan is the internal one: phone login, users, service numbers, not found, not available.
 */
import type { UserId } from '../foundation/ids.ts';
import type { Secret } from '../foundation/secret.ts';
import type { MediaService } from '../media-plane/media.ts';
import type { DigitRules } from './digit-entry.ts';
import { parsePhoneLogin } from './phone-login.ts';
import { chooseRedirectTarget, type Redirection } from './redirection.ts';
import { changePhone } from './route-phone-login.ts';
import { refuse, trace } from './route-steps.ts';
import type { TraceCode } from './trace.ts';

/** What routing may know of the configuration: implemented by the snapshot. */
export interface RoutingConfiguration {
  readonly settings: { readonly ringTimeoutSec: number; readonly phoneLoginCode: string };
  /** Upper and lower case are one: `1001`, `Anna` and `anna` (RFC 3261 leaves it to the domain). */
  findNumber(number: string): NumberOwner | undefined;
  findUser(userId: UserId): RoutedUser | undefined;
}

export interface RoutedUser {
  readonly name: string;
  /** Empty for a user without a number. */
  readonly extension: string;
  /** A disabled user is as unreachable as one who never registered. */
  readonly enabled: boolean;
}

export type NumberOwner =
  | { readonly kind: 'user'; readonly userId: UserId }
  /** The login name of an unassigned device: it may call in that name, nobody can call it. */
  | { readonly kind: 'device'; readonly userId: UserId }
  | { readonly kind: 'service'; readonly service: MediaService };

export interface CallFacts {
  readonly caller: {
    /** Of an unassigned device an id that no user has. */
    readonly userId: UserId;
    readonly number: string;
    readonly name: string;
    /** MAC of the device that calls with its own account. */
    readonly device: string | undefined;
    /** The device belongs to nobody: it may do nothing but log in. */
    readonly isUnassigned: boolean;
  };
  /** As dialled, already unescaped. */
  readonly dialled: string;
  /** That followed the code of phone login; it is not in `dialled`. */
  readonly phonePin: Secret | undefined;
}

export interface TraceEffect {
  readonly kind: 'trace';
  readonly code: TraceCode;
  readonly facts: Readonly<Record<string, string | number>>;
}

/** Answered with how ringing ended. */
export interface RingEffect {
  readonly kind: 'ring-user';
  readonly userId: UserId;
  /** Under which the user is reached. */
  readonly number: string;
  /** Who sent the call on, the first first. */
  readonly redirections: readonly Redirection[];
  readonly timeoutSec: number;
}

/**
 * Answers the call if it is not yet, plays the prompt until a key is pressed, and is answered with
 * `digits`: what was entered.
 */
export interface AskEffect {
  readonly kind: 'ask-digits';
  readonly prompt: MediaService;
  readonly rules: DigitRules;
}

/** What the world has to do or to tell. */
export type WorldEffect =
  /** Answered with `devices`: where the user can be rung now. */
  | { readonly kind: 'count-devices'; readonly userId: UserId }
  | RingEffect
  /** Not answered before the call is over. Takes the place of the service that runs, if one does. */
  | {
      readonly kind: 'run-service';
      readonly service: MediaService;
      /** After which the call is ended; for ever when missing. */
      readonly forMs?: number;
    }
  | AskEffect
  /** Answered with `phone-login`: whether the device is now that of the user with this extension. */
  | {
      readonly kind: 'log-in-phone';
      readonly device: string;
      readonly extension: string;
      readonly pin: Secret;
    }
  /** Answered with `phone-login`: whether the device is no longer that of the caller. */
  | { readonly kind: 'log-out-phone'; readonly device: string }
  /** Answered with `undefined`; nothing follows. */
  | { readonly kind: 'refuse'; readonly status: number; readonly reason: string };

/** What the engine asks for. A `trace` effect is answered with `undefined` at once. */
export type RoutingEffect = TraceEffect | WorldEffect;

/** How ringing ended. After `answered` the engine ends: the call is a conversation. */
export type RingResult =
  | { readonly kind: 'answered'; readonly device: string }
  | { readonly kind: 'not-registered' }
  | { readonly kind: 'busy' }
  /** `isAlerted`: some phone said that it rings. */
  | { readonly kind: 'no-answer'; readonly isAlerted: boolean }
  /** A phone sends the call to one of these numbers, the preferred first; nobody else answered. */
  | { readonly kind: 'redirected'; readonly status: number; readonly numbers: readonly string[] }
  /** A person or a phone said no: 603, 480 … */
  | { readonly kind: 'rejected'; readonly status: number }
  /** No phone could take the call: 488 no agreement on media, 503 we had no ports, else its fault. */
  | { readonly kind: 'failed'; readonly status: number };

/** `refused` is the user's fault, `failed` is ours. */
export type PhoneLoginOutcome = 'done' | 'refused' | 'failed';

export type WorldAnswer =
  | RingResult
  | { readonly kind: 'devices'; readonly count: number }
  | { readonly kind: 'phone-login'; readonly outcome: PhoneLoginOutcome }
  /** Empty: nothing was entered in time. */
  | { readonly kind: 'digits'; readonly digits: Secret }
  | undefined;

export type Route = Generator<RoutingEffect, void, WorldAnswer>;

export function* routeCall(configuration: RoutingConfiguration, facts: CallFacts): Route {
  const { caller, dialled } = facts;
  yield trace('call-received', { number: dialled, caller: caller.number });
  const login = parsePhoneLogin(dialled, configuration.settings.phoneLoginCode);
  if (login !== undefined) {
    yield* changePhone(configuration, facts, login.extension);
    return;
  }
  if (caller.isUnassigned) {
    yield trace('phone-not-logged-in', { number: dialled });
    yield* refuse(403, 'Phone Not Logged In');
    return;
  }
  yield* routeNumber(configuration, dialled, []);
}

function* routeNumber(
  configuration: RoutingConfiguration,
  number: string,
  redirections: readonly Redirection[],
): Route {
  const owner = configuration.findNumber(number);
  if (owner?.kind === 'service') {
    yield trace('service-found', { number, service: owner.service });
    yield trace('service-answered', { service: owner.service });
    yield { kind: 'run-service', service: owner.service };
    return;
  }
  const user = owner?.kind === 'user' ? configuration.findUser(owner.userId) : undefined;
  if (owner === undefined || user === undefined) {
    yield trace('number-unknown', { number });
    yield* refuse(404, 'Not Found');
    return;
  }
  yield trace('user-found', { number, name: user.name });
  yield* ringUser(configuration, { userId: owner.userId, number, redirections }, user);
}

function* ringUser(
  configuration: RoutingConfiguration,
  ringed: Pick<RingEffect, 'userId' | 'number' | 'redirections'>,
  user: RoutedUser,
): Route {
  const { userId } = ringed;
  const { name } = user;
  const timeoutSec = configuration.settings.ringTimeoutSec;
  const devices = user.enabled ? yield { kind: 'count-devices', userId } : undefined;
  const contacts = devices?.kind === 'devices' ? devices.count : 0;
  if (contacts === 0) {
    yield trace('user-not-registered', { name });
    yield* refuse(480, 'Temporarily Unavailable');
    return;
  }
  yield trace('ringing', { name, contacts, timeoutSec });
  const result = yield { kind: 'ring-user', ...ringed, timeoutSec };
  switch (result?.kind) {
    case 'answered':
      yield trace('answered', { name, device: result.device });
      return;
    case 'busy':
      yield trace('busy', { name });
      yield* refuse(486, 'Busy Here');
      return;
    case 'no-answer':
      yield trace(result.isAlerted ? 'no-answer' : 'no-response', { name });
      yield* refuse(480, 'Temporarily Unavailable');
      return;
    case 'redirected': {
      const { numbers, status } = result;
      const { number, redirections } = ringed;
      yield* followRedirect(configuration, name, numbers, [
        ...redirections,
        { userId, number, status },
      ]);
      return;
    }
    case 'rejected':
      yield trace('rejected', { name, status: result.status });
      if (result.status === 480) {
        yield* refuse(480, 'Temporarily Unavailable');
      } else {
        yield* refuse(603, 'Decline');
      }
      return;
    case 'failed':
      yield trace('failed', { name, status: result.status });
      yield* refuseFailed(result.status);
      return;
    case 'not-registered':
    case 'devices':
    case 'phone-login':
    case 'digits':
    case undefined:
      yield trace('user-not-registered', { name });
      yield* refuse(480, 'Temporarily Unavailable');
      return;
  }
}

/** The caller never sees the redirection itself, nor that it led nowhere: 480. */
function* followRedirect(
  configuration: RoutingConfiguration,
  name: string,
  numbers: readonly string[],
  redirections: readonly Redirection[],
): Route {
  const target = chooseRedirectTarget(
    (number) => findReached(configuration, number),
    redirections,
    numbers,
  );
  switch (target.kind) {
    case 'found':
      yield trace('redirect-followed', { name, number: target.number });
      yield* routeNumber(configuration, target.number, redirections);
      return;
    case 'loop':
      yield trace('redirect-loop', { name, number: target.number });
      yield* refuse(480, 'Temporarily Unavailable');
      return;
    case 'unknown':
      yield trace('redirect-refused', { name, number: numbers[0] ?? '' });
      yield* refuse(480, 'Temporarily Unavailable');
      return;
  }
}

function findReached(
  configuration: RoutingConfiguration,
  number: string,
): { readonly userId: UserId | undefined } | undefined {
  const owner = configuration.findNumber(number);
  switch (owner?.kind) {
    case 'user':
      return { userId: owner.userId };
    case 'service':
      return { userId: undefined };
    case 'device':
    case undefined:
      return undefined;
  }
}

/** A phone's own trouble is no business of the caller: 480. */
function* refuseFailed(status: number): Route {
  switch (status) {
    case 488:
      yield* refuse(488, 'Not Acceptable Here');
      return;
    case 503:
      yield* refuse(503, 'Service Unavailable');
      return;
    default:
      yield* refuse(480, 'Temporarily Unavailable');
  }
}
