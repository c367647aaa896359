/** The leg of a phone that is rung: we are the UAC of its INVITE. */
import type { HeaderLines } from '../../sip/messages/header-fields.ts';
import type { SipResponse } from '../../sip/messages/message.ts';
import type { DialogServices } from '../../sip/dialogs/dialog-services.ts';
import type { InviteUsage } from '../../sip/dialogs/invite-usage.ts';
import {
  OutgoingInvite,
  type OutgoingInviteOptions,
  type OutgoingInviteUser,
} from '../../sip/dialogs/outgoing-invite.ts';
import { Leg, type LegOptions, type LegUser } from './leg.ts';
import { redirectedNumbers } from './redirect-contact.ts';

export interface CalleeLegUser {
  calleeProgressed(leg: CalleeLeg, status: number, body: Buffer | undefined, tag: string): void;
  /** The first 2xx; `invite.acknowledge` is due. */
  calleeAnswered(leg: CalleeLeg, body: Buffer | undefined, tag: string): void;
  /** `redirectedTo`: the numbers that a 3xx names, the preferred first. */
  calleeFailed(leg: CalleeLeg, status: number, redirectedTo: readonly string[]): void;
}

export class CalleeLeg extends Leg implements OutgoingInviteUser {
  readonly invite: OutgoingInvite;
  readonly #calleeUser: CalleeLegUser;

  constructor(
    options: Omit<LegOptions, 'sipCallId'>,
    services: DialogServices,
    invite: OutgoingInviteOptions,
    user: LegUser,
    calleeUser: CalleeLegUser,
  ) {
    const sipCallId = services.createTag();
    super({ ...options, sipCallId }, user);
    this.#calleeUser = calleeUser;
    this.invite = new OutgoingInvite(services, sipCallId, invite, this);
  }

  hangUp(headers: HeaderLines): void {
    this.invite.hangUp(headers);
  }

  inviteProgressed(status: number, body: Buffer | undefined, tag: string): void {
    this.protect(() => {
      this.#calleeUser.calleeProgressed(this, status, body, tag);
    });
  }

  inviteAnswered(usage: InviteUsage, body: Buffer | undefined, tag: string): void {
    this.usage = usage;
    this.sipStatus = 200;
    this.protect(() => {
      this.#calleeUser.calleeAnswered(this, body, tag);
    });
  }

  inviteFailed(status: number, response: SipResponse | undefined): void {
    this.sipStatus = status;
    this.protect(() => {
      const numbers = status < 400 && response !== undefined ? redirectedNumbers(response) : [];
      this.#calleeUser.calleeFailed(this, status, numbers);
    });
  }
}
