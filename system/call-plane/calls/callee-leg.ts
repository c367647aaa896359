/** The leg of a phone that is rung: we are the UAC of its INVITE. */
import type { Headers } from '../sip/dialogs/dialog.ts';
import type { DialogServices } from '../sip/dialogs/dialog-services.ts';
import type { InviteUsage } from '../sip/dialogs/invite-usage.ts';
import { OutgoingInvite } from '../sip/dialogs/outgoing-invite.ts';
import type { OutgoingInviteOptions, OutgoingInviteUser } from '../sip/dialogs/outgoing-invite.ts';
import { Leg } from './leg.ts';
import type { LegOptions, LegUser } from './leg.ts';

export interface CalleeLegUser {
  calleeProgressed(leg: CalleeLeg, status: number, body: Buffer | undefined, tag: string): void;
  /** The first 2xx; `invite.acknowledge` is due. */
  calleeAnswered(leg: CalleeLeg, body: Buffer | undefined, tag: string): void;
  calleeFailed(leg: CalleeLeg, status: number): void;
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

  hangUp(headers: Headers): void {
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

  inviteFailed(status: number): void {
    this.sipStatus = status;
    this.protect(() => {
      this.#calleeUser.calleeFailed(this, status);
    });
  }
}
