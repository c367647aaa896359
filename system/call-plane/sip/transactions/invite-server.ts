/**
 * The INVITE server transaction: RFC 3261 §17.2.1 figure 7 as replaced by RFC 6026 §8.7 figure 7,
 * with the 2xx retransmission of the UAS core (RFC 3261 §13.3.1.4) inside: `accepted` is RFC 6026's
 * Accepted while the ACK is missing, `acknowledged` the same once the dialog has seen it.
 *
 *                        INVITE: pass, start the 200 ms to a 100
 *                                |
 *    INVITE: last 1xx   +--------v---------+  200 ms without a word: 100
 *            +----------|    proceeding    |----------+
 *            +--------->|                  |<---------+  1xx from user: send
 *                       +------------------+
 *     300-699 from user:  |             |  2xx from user:
 *     send, start G, H    |             |  send, start L and the 2xx retransmission
 *                  +------v----+   +----v-----+
 *   INVITE,        | completed |   | accepted |---+ timer `success`: send;
 *   timer G: send  |           |   |          |<--+ ACK: pass; INVITE: absorbed
 *                  +-----------+   +----------+
 *            ACK:    |     |         |      | acknowledged by the user
 *            start I |     | timer H |      |
 *          +---------v-+   |: report |    +-v------------+
 *          | confirmed |   |         |    | acknowledged |
 *          +-----------+   |         |    +--------------+
 *                  |       |         | timer L:  | timer L
 *          timer I |       |         | report    |
 *                +-v-------v---------v-----------v-+
 *                |           terminated            |
 *                +---------------------------------+
 */
import {
  absorbedIn,
  pass,
  releaseBytes,
  releaseUser,
  reportMissingAck,
  reportTransportFailure,
  retransmit,
  send,
  sendTrying,
  startLifetime,
  startRetransmission,
  stopLifetime,
  stopRetransmission,
  type Machine,
  type Transition,
} from './transition.ts';

export type InviteServerState =
  | 'proceeding'
  | 'completed'
  | 'confirmed'
  | 'accepted'
  | 'acknowledged'
  | 'terminated';

export type InviteServerEvent =
  /** The INVITE again. */
  | 'request'
  /** An ACK that matches this transaction (§17.2.3). */
  | 'ack'
  | 'respond-provisional'
  | 'respond-success'
  | 'respond-failure'
  /** The dialog has the ACK to its 2xx. */
  | 'acknowledged'
  | 'transport-failure'
  | 'timer-trying'
  | 'timer-success'
  | 'timer-g'
  | 'timer-h'
  | 'timer-i'
  | 'timer-l';

type Step = Transition<InviteServerState>;

const start: Step = { next: 'proceeding', effects: [startLifetime('trying'), pass] };
const repeatProvisional: Step = { next: 'proceeding', effects: [retransmit] };
const answerTrying: Step = { next: 'proceeding', effects: [sendTrying] };
const sendProvisional: Step = { next: 'proceeding', effects: [stopLifetime, send] };
const toAccepted: Step = {
  next: 'accepted',
  effects: [startRetransmission('success', 'first'), startLifetime('l'), send],
};
const toCompleted: Step = {
  next: 'completed',
  effects: [startRetransmission('g', 'first'), startLifetime('h'), send],
};
const repeatFailure: Step = { next: 'completed', effects: [retransmit] };
const retransmitFailure: Step = {
  next: 'completed',
  effects: [retransmit, startRetransmission('g', 'doubled')],
};
const toConfirmed: Step = {
  next: 'confirmed',
  effects: [stopRetransmission, startLifetime('i'), releaseBytes, releaseUser],
};
const retransmitSuccess: Step = {
  next: 'accepted',
  effects: [retransmit, startRetransmission('success', 'doubled')],
};
const passAck: Step = { next: 'accepted', effects: [pass] };
const toAcknowledged: Step = {
  next: 'acknowledged',
  effects: [stopRetransmission, releaseBytes, releaseUser],
};
const endWithoutAck: Step = { next: 'terminated', effects: [reportMissingAck] };
const end: Step = { next: 'terminated', effects: [] };

const reportFailureIn = {
  proceeding: { next: 'proceeding', effects: [reportTransportFailure] },
  completed: { next: 'completed', effects: [reportTransportFailure] },
  accepted: { next: 'accepted', effects: [reportTransportFailure] },
} as const satisfies Record<string, Step>;

const absorbed = {
  proceeding: absorbedIn<InviteServerState>('proceeding'),
  completed: absorbedIn<InviteServerState>('completed'),
  confirmed: absorbedIn<InviteServerState>('confirmed'),
  accepted: absorbedIn<InviteServerState>('accepted'),
  acknowledged: absorbedIn<InviteServerState>('acknowledged'),
  terminated: absorbedIn<InviteServerState>('terminated'),
};

function stepProceeding(event: InviteServerEvent): Step {
  switch (event) {
    case 'request':
      return repeatProvisional;
    case 'respond-provisional':
      return sendProvisional;
    case 'respond-success':
      return toAccepted;
    case 'respond-failure':
      return toCompleted;
    case 'timer-trying':
      return answerTrying;
    case 'transport-failure':
      return reportFailureIn.proceeding;
    // An ACK before any final response belongs to nothing.
    case 'ack':
    case 'acknowledged':
    case 'timer-success':
    case 'timer-g':
    case 'timer-h':
    case 'timer-i':
    case 'timer-l':
      return absorbed.proceeding;
  }
}

function stepCompleted(event: InviteServerEvent): Step {
  switch (event) {
    case 'request':
      return repeatFailure;
    case 'ack':
      return toConfirmed;
    case 'timer-g':
      return retransmitFailure;
    case 'timer-h':
      return endWithoutAck;
    case 'transport-failure':
      return reportFailureIn.completed;
    // §17.2.1: any other final response passed by the user in this state is discarded.
    case 'respond-provisional':
    case 'respond-success':
    case 'respond-failure':
    case 'acknowledged':
    case 'timer-trying':
    case 'timer-success':
    case 'timer-i':
    case 'timer-l':
      return absorbed.completed;
  }
}

function stepConfirmed(event: InviteServerEvent): Step {
  switch (event) {
    case 'timer-i':
      return end;
    // The state exists to absorb ACKs that arrive late, and INVITEs that they overtook.
    case 'ack':
    case 'request':
    case 'respond-provisional':
    case 'respond-success':
    case 'respond-failure':
    case 'acknowledged':
    case 'transport-failure':
    case 'timer-trying':
    case 'timer-success':
    case 'timer-g':
    case 'timer-h':
    case 'timer-l':
      return absorbed.confirmed;
  }
}

function stepAccepted(event: InviteServerEvent): Step {
  switch (event) {
    // Seen only from peers that reuse the INVITE's branch: an ACK to a 2xx has its own (§17.1.1.3).
    case 'ack':
      return passAck;
    case 'acknowledged':
      return toAcknowledged;
    case 'timer-success':
      return retransmitSuccess;
    case 'timer-l':
      return endWithoutAck;
    case 'transport-failure':
      return reportFailureIn.accepted;
    // RFC 6026 §7.1: retransmissions of the INVITE are absorbed, the 2xx has its own pace.
    case 'request':
    case 'respond-provisional':
    case 'respond-success':
    case 'respond-failure':
    case 'timer-trying':
    case 'timer-g':
    case 'timer-h':
    case 'timer-i':
      return absorbed.accepted;
  }
}

function stepAcknowledged(event: InviteServerEvent): Step {
  switch (event) {
    case 'timer-l':
      return end;
    case 'request':
    case 'ack':
    case 'respond-provisional':
    case 'respond-success':
    case 'respond-failure':
    case 'acknowledged':
    case 'transport-failure':
    case 'timer-trying':
    case 'timer-success':
    case 'timer-g':
    case 'timer-h':
    case 'timer-i':
      return absorbed.acknowledged;
  }
}

export const inviteServer: Machine<InviteServerState, InviteServerEvent> = {
  start,
  step(state, event) {
    switch (state) {
      case 'proceeding':
        return stepProceeding(event);
      case 'completed':
        return stepCompleted(event);
      case 'confirmed':
        return stepConfirmed(event);
      case 'accepted':
        return stepAccepted(event);
      case 'acknowledged':
        return stepAcknowledged(event);
      case 'terminated':
        return absorbed.terminated;
    }
  },
};
