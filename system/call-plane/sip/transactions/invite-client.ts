/**
 * The INVITE client transaction: RFC 3261 §17.1.1 figure 5 as replaced by RFC 6026 §8.4 figure 5.
 *
 *                   INVITE from user: send, start A and B
 *                                |
 *          timer A: send   +-----v-----+  timer B, transport failure: report
 *               +----------|  calling  |------------------------------------------+
 *               +--------->|           |                                          |
 *                          +-----------+                                          |
 *          1xx: pass        |   |   | 2xx: pass, start M                          |
 *               +-----------+   |   +-------------------+                         |
 *               |               | 3xx-6xx: send ACK,    |                         |
 *         +-----v------+        |   pass, start D       |                         |
 *    +--->| proceeding |--------+-----------------------+                         |
 *    +----|            |        |                       |                         |
 *  1xx:   +------------+  +-----v-----+           +-----v-----+                   |
 *  pass     |   |         | completed |<-+        | accepted  |<-+                |
 *           |   |         |           |--+        |           |--+                |
 *           |   |         +-----------+ 3xx-6xx:  +-----------+ 2xx: pass         |
 *           |   |               |        ACK            |                         |
 *  CANCEL --+   | timer B       | timer D               | timer M                 |
 *  sent:        | (after        |                 +-----v------+                  |
 *  start B      |  CANCEL)      +---------------->| terminated |<-----------------+
 *               +-------------------------------->|            |
 *                                                 +------------+
 */
import {
  absorbedIn,
  acknowledge,
  pass,
  releaseBytes,
  releaseUser,
  reportTimeout,
  reportTransportFailure,
  retransmit,
  send,
  startLifetime,
  startRetransmission,
  stopLifetime,
  stopRetransmission,
  type Machine,
  type Transition,
} from './transition.ts';

export type InviteClientState = 'calling' | 'proceeding' | 'completed' | 'accepted' | 'terminated';

export type InviteClientEvent =
  /** 1xx */
  | 'provisional'
  /** 2xx */
  | 'success'
  /** 300–699 */
  | 'failure'
  /** A CANCEL for this INVITE has left (§9.1). */
  | 'cancel-sent'
  | 'transport-failure'
  | 'timer-a'
  | 'timer-b'
  | 'timer-d'
  | 'timer-m';

type Step = Transition<InviteClientState>;

const start: Step = {
  next: 'calling',
  effects: [startRetransmission('a', 'first'), startLifetime('b'), send],
};
const toProceeding: Step = {
  next: 'proceeding',
  effects: [stopRetransmission, stopLifetime, pass],
};
const toAccepted: Step = {
  next: 'accepted',
  effects: [stopRetransmission, startLifetime('m'), releaseBytes, pass],
};
const toCompleted: Step = {
  next: 'completed',
  effects: [stopRetransmission, startLifetime('d'), acknowledge, pass, releaseUser],
};
const retransmitRequest: Step = {
  next: 'calling',
  effects: [retransmit, startRetransmission('a', 'doubled')],
};
const passProvisional: Step = { next: 'proceeding', effects: [pass] };
const awaitCancelled: Step = { next: 'proceeding', effects: [startLifetime('b')] };
const acknowledgeAgain: Step = { next: 'completed', effects: [retransmit] };
const passSuccess: Step = { next: 'accepted', effects: [pass] };
const timeOut: Step = { next: 'terminated', effects: [reportTimeout] };
const failTransport: Step = { next: 'terminated', effects: [reportTransportFailure] };
const end: Step = { next: 'terminated', effects: [] };

const absorbed = {
  calling: absorbedIn<InviteClientState>('calling'),
  proceeding: absorbedIn<InviteClientState>('proceeding'),
  completed: absorbedIn<InviteClientState>('completed'),
  accepted: absorbedIn<InviteClientState>('accepted'),
  terminated: absorbedIn<InviteClientState>('terminated'),
};

function stepCalling(event: InviteClientEvent): Step {
  switch (event) {
    case 'provisional':
      return toProceeding;
    case 'success':
      return toAccepted;
    case 'failure':
      return toCompleted;
    case 'timer-a':
      return retransmitRequest;
    case 'timer-b':
      return timeOut;
    case 'transport-failure':
      return failTransport;
    // §9.1: no CANCEL leaves before a provisional response, so `cancel-sent` cannot come.
    case 'cancel-sent':
    case 'timer-d':
    case 'timer-m':
      return absorbed.calling;
  }
}

function stepProceeding(event: InviteClientEvent): Step {
  switch (event) {
    case 'provisional':
      return passProvisional;
    case 'success':
      return toAccepted;
    case 'failure':
      return toCompleted;
    // §9.1: after 64*T1 without a final response the INVITE is considered cancelled.
    case 'cancel-sent':
      return awaitCancelled;
    case 'timer-b':
      return timeOut;
    // The peer has the INVITE, as it answered: a late failure report means nothing.
    case 'transport-failure':
    case 'timer-a':
    case 'timer-d':
    case 'timer-m':
      return absorbed.proceeding;
  }
}

function stepCompleted(event: InviteClientEvent): Step {
  switch (event) {
    case 'failure':
      return acknowledgeAgain;
    case 'timer-d':
      return end;
    // The user has its final response; that the ACK did not leave is the server's timer H.
    case 'transport-failure':
    case 'provisional':
    case 'success':
    case 'cancel-sent':
    case 'timer-a':
    case 'timer-b':
    case 'timer-m':
      return absorbed.completed;
  }
}

function stepAccepted(event: InviteClientEvent): Step {
  switch (event) {
    // RFC 6026 §8.4: retransmissions and the 2xx of other forks; the user acknowledges each.
    case 'success':
      return passSuccess;
    case 'timer-m':
      return end;
    case 'provisional':
    case 'failure':
    case 'cancel-sent':
    case 'transport-failure':
    case 'timer-a':
    case 'timer-b':
    case 'timer-d':
      return absorbed.accepted;
  }
}

export const inviteClient: Machine<InviteClientState, InviteClientEvent> = {
  start,
  step(state, event) {
    switch (state) {
      case 'calling':
        return stepCalling(event);
      case 'proceeding':
        return stepProceeding(event);
      case 'completed':
        return stepCompleted(event);
      case 'accepted':
        return stepAccepted(event);
      case 'terminated':
        return absorbed.terminated;
    }
  },
};
