/**
 * The dialplan engine: (snapshot, call facts, answers of the world) → next effect + trace. It is a
 * generator that yields one effect and is resumed with the world's answer, so the same code runs a
 * live call, a simulation and the replay of a past call. It does no I/O and reads no clock.
 */
import type { UserId } from '../foundation/ids.ts';
import type { MediaService } from '../media-plane/media.ts';
import type { TraceCode } from './trace.ts';

/** What routing may know of the configuration: implemented by the snapshot. */
export interface RoutingConfiguration {
  readonly settings: { readonly ringTimeoutSec: number };
  findNumber(number: string): NumberOwner | undefined;
  findUser(userId: UserId): { readonly name: string; readonly extension: string } | undefined;
}

export type NumberOwner =
  | { readonly kind: 'user'; readonly userId: UserId }
  | { readonly kind: 'service'; readonly service: MediaService };

export interface CallFacts {
  readonly caller: { readonly userId: UserId; readonly number: string; readonly name: string };
  /** As dialled, already unescaped. */
  readonly dialled: string;
}

/** What the engine asks for. A `trace` effect is answered with `undefined` at once. */
export type RoutingEffect =
  | {
      readonly kind: 'trace';
      readonly code: TraceCode;
      readonly facts: Readonly<Record<string, string | number>>;
    }
  | { readonly kind: 'ring-user'; readonly userId: UserId; readonly timeoutSec: number }
  | { readonly kind: 'run-service'; readonly service: MediaService }
  | { readonly kind: 'refuse'; readonly status: number; readonly reason: string };

/** How ringing ended. After `answered` the engine ends: the call is a conversation. */
export type RingResult =
  | { readonly kind: 'answered'; readonly device: string }
  | { readonly kind: 'not-registered' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'rejected'; readonly status: number }
  | { readonly kind: 'failed'; readonly status: number };

export type WorldAnswer = RingResult | undefined;

export type Route = Generator<RoutingEffect, void, WorldAnswer>;
