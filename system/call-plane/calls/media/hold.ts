/**
 * Hold and resume as seen in descriptions (RFC 3264 §8.4): a phone that no longer wants to receive
 * holds the other. Nothing is held on purpose here: offers pass from leg to leg, and this takes over
 * what each phone last said into its leg and its media endpoint.
 */
import { type AudioTarget, audioTargetOf } from '../../sdp/anchor.ts';
import { directionOf, receives, sends } from '../../sdp/direction.ts';
import type { SessionDescription } from '../../sdp/session-description.ts';
import type { Leg } from '../legs/leg.ts';
import { reachableTarget } from './media-target.ts';

/** `description`: what the leg's phone said, in an offer that was answered or in an answer. */
export function settleLeg(leg: Leg, description: SessionDescription, audioIndex: number): void {
  const media = description.media[audioIndex];
  if (media === undefined) {
    return;
  }
  const direction = media.port === 0 ? 'inactive' : directionOf(description, media);
  leg.isHolding = media.port !== 0 && !receives(direction);
  if (leg.endpoint !== undefined) {
    const { remoteAddress } = leg.options.flow;
    const target = audioTargetOf(description, audioIndex, remoteAddress);
    if (target !== undefined) {
      settleTarget(leg, reachableTarget(target, remoteAddress));
    }
    leg.endpoint.setDirection({ sends: receives(direction), receives: sends(direction) });
  }
}

/** Naming a place again would open the learning window again: only a new one is told. */
function settleTarget(leg: Leg, target: AudioTarget): void {
  const before = leg.target;
  if (
    before?.address !== target.address ||
    before.rtpPort !== target.rtpPort ||
    before.rtcpPort !== target.rtcpPort
  ) {
    leg.setTarget(target);
  }
}
