/** Who and what takes part in a call, for people. */
import type { CallConfiguration } from './call-environment.ts';
import type { CallPartyView } from './call-view.ts';
import type { Leg } from './legs/leg.ts';

/** A phone: what it calls itself, or where it is. */
export function nameOfPhone({ options }: Leg): string {
  return options.userAgent ?? options.flow.remoteAddress;
}

/** Whom the caller means; known before a phone is rung, so a record names who could not be reached. */
export function findDialledParty(configuration: CallConfiguration, dialled: string): CallPartyView {
  const owner = configuration.findNumber(dialled);
  const userId = owner?.kind === 'user' ? owner.userId : undefined;
  const name = userId === undefined ? undefined : configuration.findUser(userId)?.name;
  return { userId, number: dialled, name: name ?? '' };
}
