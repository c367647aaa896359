/** From a registration to a leg: which phones are rung, and what their INVITE says. */
import type { LegRef, UserId } from '../../../foundation/ids.ts';
import type { RingEffect, RingResult } from '../../../routing/route-call.ts';
import { type Binding, toRequestUri } from '../../registrar/binding.ts';
import type { NameAddr } from '../../sip/messages/name-addr.ts';
import { noParameters } from '../../sip/messages/parameters.ts';
import { createSipUri, serializeUri, type SipUri } from '../../sip/messages/uri.ts';
import type { Flow } from '../../sip/transport.ts';
import type { CallOptions } from '../call-options.ts';
import { CalleeLeg, type CalleeLegUser } from '../legs/callee-leg.ts';
import { createLocalSession } from '../legs/create-local-session.ts';
import type { LegUser } from '../legs/leg.ts';
import { decideMediaMode } from '../media/media-mode.ts';
import { completedElsewhere } from '../reason.ts';
import { redirectHeaders } from './redirect-headers.ts';

/** One phone to ring. */
export interface RingTarget {
  readonly uri: SipUri;
  readonly flow: Flow;
  readonly binding: Binding;
}

export interface RingPlan {
  /** At least one. */
  readonly targets: readonly RingTarget[];
  readonly mediaMode: 'direct' | 'anchored';
}

/** Which phones of the user this call rings, and where its audio will run; or why none can ring. */
export function planRinging(
  call: CallOptions,
  userId: UserId,
): RingPlan | Extract<RingResult, { kind: 'not-registered' | 'busy' }> {
  const { flow, contact } = call.phone;
  const bindings = call.environment.registrar.contactsFor(userId);
  if (bindings.length === 0) {
    return { kind: 'not-registered' };
  }
  const targets = findTargets(bindings, flow);
  if (targets.length === 0) {
    // The only phone is the one that calls.
    return { kind: 'busy' };
  }
  const caller = { flow, contact, offer: call.offer };
  const callees = targets.map((target) => ({
    flow: target.flow,
    contact: target.uri,
    offer: undefined,
  }));
  const { mediaPolicy } = call.configuration.settings;
  return { targets, mediaMode: decideMediaMode(mediaPolicy, caller, callees) };
}

/** The phones of these registrations, without the one at the other end of `callerFlow`. */
function findTargets(bindings: readonly Binding[], callerFlow: Flow): readonly RingTarget[] {
  const targets: RingTarget[] = [];
  for (const binding of bindings) {
    const { flow } = binding;
    const isCaller =
      flow.protocol === callerFlow.protocol &&
      flow.remoteAddress === callerFlow.remoteAddress &&
      flow.remotePort === callerFlow.remotePort;
    if (!isCaller) {
      targets.push({ uri: toRequestUri(binding), flow, binding });
    }
  }
  return targets;
}

/**
 * The leg of one phone. Nothing of the caller's header fields is in its INVITE: who calls is said in
 * the configuration's words, so a hostile display name stays where it came from.
 */
export function createCalleeLeg(
  call: CallOptions,
  meant: Pick<RingEffect, 'number' | 'redirections'>,
  user: LegUser,
  calleeUser: CalleeLegUser,
  target: RingTarget,
  index: number,
): CalleeLeg {
  const { environment, configuration, caller, phone } = call;
  const { sipDomain, sessionTimerSec } = configuration.settings;
  const { uri, flow, binding } = target;
  return new CalleeLeg(
    {
      legRef: `${call.callRef}.${String(index + 2)}` as LegRef,
      role: 'callee',
      userId: binding.userId,
      address: addressOf(uri),
      flow,
      userAgent: binding.userAgent === '' ? undefined : binding.userAgent,
      session: createLocalSession(environment, flow),
      startedAtMs: environment.clock.wallMs(),
    },
    environment,
    {
      requestUri: uri,
      from: toNameAddr(caller.number, sipDomain, caller.name),
      to: toNameAddr(meant.number, sipDomain, ''),
      flow,
      account: binding.userId,
      maxForwards: phone.maxForwards - 1,
      sessionIntervalSec: sessionTimerSec,
      headers: redirectHeaders(meant.redirections, meant.number, sipDomain),
      otherForkHeaders: [completedElsewhere],
    },
    user,
    calleeUser,
  );
}

function addressOf({ user, host, port }: SipUri): string {
  return serializeUri(
    createSipUri({
      host,
      ...(user === undefined ? {} : { user }),
      ...(port === undefined ? {} : { port }),
    }),
  );
}

function toNameAddr(user: string, host: string, displayName: string): NameAddr {
  return { displayName, uri: createSipUri({ user, host }), parameters: noParameters };
}
