/** The leg of whoever calls: we are the UAS of its INVITE. */
import type { LegRef } from '../../../foundation/ids.ts';
import type { HeaderLines } from '../../sip/messages/header-fields.ts';
import type { DialogServices } from '../../sip/dialogs/dialog-services.ts';
import {
  IncomingInvite,
  type IncomingInviteOptions,
  type IncomingInviteUser,
} from '../../sip/dialogs/incoming-invite.ts';
import type { CallerInvite, CallOptions } from '../call-options.ts';
import { Leg, type LegOptions, type LegUser } from './leg.ts';
import { createLocalSession } from './create-local-session.ts';

export interface CallerLegUser extends LegUser {
  /** CANCEL before the answer; the caller has its 487. */
  callerCancelled(): void;
  /** The ACK is there, with an answer if the offer was ours. */
  callerAcknowledged(answer: Buffer | undefined): void;
}

export class CallerLeg extends Leg implements IncomingInviteUser {
  readonly invite: IncomingInvite;
  readonly #user: CallerLegUser;

  constructor(
    options: LegOptions,
    services: DialogServices,
    invite: IncomingInviteOptions,
    user: CallerLegUser,
  ) {
    super(options, user);
    this.#user = user;
    this.invite = new IncomingInvite(services, invite, this);
  }

  /** 200. `isOtherAnswer`: see `IncomingInvite.accept`. */
  accept(body: Buffer, isOtherAnswer: boolean, atMs: number): void {
    this.sipStatus = 200;
    this.answeredAtMs = atMs;
    this.usage = this.invite.accept(body, isOtherAnswer);
  }

  reject(status: number, reason: string | undefined, headers: HeaderLines): void {
    this.sipStatus = status;
    this.invite.reject(status, reason, headers);
  }

  hangUp(headers: HeaderLines): void {
    this.usage?.hangUp(headers);
  }

  inviteCancelled(): void {
    this.sipStatus = 487;
    this.protect(() => {
      this.#user.callerCancelled();
    });
  }

  inviteAcknowledged(answer: Buffer | undefined): void {
    this.protect(() => {
      this.#user.callerAcknowledged(answer);
    });
  }
}

export function createCallerLeg(
  call: CallOptions,
  invite: CallerInvite,
  startedAtMs: number,
  user: CallerLegUser,
): CallerLeg {
  const { environment, configuration, phone, caller } = call;
  const { sipDomain, sessionTimerSec } = configuration.settings;
  return new CallerLeg(
    {
      legRef: `${call.callRef}.1` as LegRef,
      role: 'caller',
      userId: caller.userId,
      address: `sip:${caller.number}@${sipDomain}`,
      flow: phone.flow,
      sipCallId: phone.sipCallId,
      userAgent: phone.userAgent,
      session: createLocalSession(environment, phone.flow),
      startedAtMs,
    },
    environment,
    { ...invite, account: caller.userId, sessionIntervalSec: sessionTimerSec },
    user,
  );
}
