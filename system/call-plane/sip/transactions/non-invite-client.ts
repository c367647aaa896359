/**
 * The non-INVITE client transaction: RFC 3261 §17.1.2, figure 6.
 *
 *              request from user: send, start E and F
 *                           |
 *   timer E: send,    +-----v-----+  timer F, transport failure: report
 *   E = min(2E, T2)   |  trying   |-------------------------------+
 *            +--------|           |                               |
 *            +------->+-----------+                               |
 *              1xx: pass  |   | 2xx-6xx: pass, start K            |
 *                  +------+   +---------------+                   |
 *            +-----v------+                   |                   |
 *  timer E:  | proceeding |-------------------+                   |
 *  send,     |            |  2xx-6xx: pass,   |                   |
 *  E = T2    +------------+  start K    +-----v-----+             |
 *                  |                    | completed |             |
 *                  |                    +-----------+             |
 *   timer F,       |                          | timer K           |
 *   transport      |                    +-----v------+            |
 *   failure: report+------------------->| terminated |<-----------+
 *                                       +------------+
 */
import {
  absorbedIn,
  pass,
  releaseBytes,
  releaseUser,
  reportTimeout,
  reportTransportFailure,
  retransmit,
  send,
  startLifetime,
  startRetransmission,
  stopRetransmission,
  type Machine,
  type Transition,
} from './transition.ts';

export type NonInviteClientState = 'trying' | 'proceeding' | 'completed' | 'terminated';

export type NonInviteClientEvent =
  /** 1xx */
  | 'provisional'
  /** 200–699 */
  | 'final'
  | 'transport-failure'
  | 'timer-e'
  | 'timer-f'
  | 'timer-k';

type Step = Transition<NonInviteClientState>;

const start: Step = {
  next: 'trying',
  effects: [startRetransmission('e', 'first'), startLifetime('f'), send],
};
const retransmitDoubling: Step = {
  next: 'trying',
  effects: [retransmit, startRetransmission('e', 'doubled')],
};
// Timer E of `trying` runs on; it takes the pace of T2 when it next fires (§17.1.2.2).
const passProvisional: Step = { next: 'proceeding', effects: [pass] };
const retransmitSlowly: Step = {
  next: 'proceeding',
  effects: [retransmit, startRetransmission('e', 'longest')],
};
const toCompleted: Step = {
  next: 'completed',
  effects: [stopRetransmission, startLifetime('k'), releaseBytes, pass, releaseUser],
};
const timeOut: Step = { next: 'terminated', effects: [reportTimeout] };
const failTransport: Step = { next: 'terminated', effects: [reportTransportFailure] };
const end: Step = { next: 'terminated', effects: [] };

const absorbed = {
  trying: absorbedIn<NonInviteClientState>('trying'),
  proceeding: absorbedIn<NonInviteClientState>('proceeding'),
  completed: absorbedIn<NonInviteClientState>('completed'),
  terminated: absorbedIn<NonInviteClientState>('terminated'),
};

function stepTrying(event: NonInviteClientEvent): Step {
  switch (event) {
    case 'provisional':
      return passProvisional;
    case 'final':
      return toCompleted;
    case 'timer-e':
      return retransmitDoubling;
    case 'timer-f':
      return timeOut;
    case 'transport-failure':
      return failTransport;
    case 'timer-k':
      return absorbed.trying;
  }
}

function stepProceeding(event: NonInviteClientEvent): Step {
  switch (event) {
    case 'provisional':
      return passProvisional;
    case 'final':
      return toCompleted;
    case 'timer-e':
      return retransmitSlowly;
    case 'timer-f':
      return timeOut;
    case 'transport-failure':
      return failTransport;
    case 'timer-k':
      return absorbed.proceeding;
  }
}

function stepCompleted(event: NonInviteClientEvent): Step {
  switch (event) {
    case 'timer-k':
      return end;
    // The state exists to absorb retransmitted responses (§17.1.2.2).
    case 'provisional':
    case 'final':
    case 'transport-failure':
    case 'timer-e':
    case 'timer-f':
      return absorbed.completed;
  }
}

export const nonInviteClient: Machine<NonInviteClientState, NonInviteClientEvent> = {
  start,
  step(state, event) {
    switch (state) {
      case 'trying':
        return stepTrying(event);
      case 'proceeding':
        return stepProceeding(event);
      case 'completed':
        return stepCompleted(event);
      case 'terminated':
        return absorbed.terminated;
    }
  },
};
