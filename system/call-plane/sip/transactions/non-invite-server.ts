/**
 * The non-INVITE server transaction: RFC 3261 §17.2.2, figure 8, with one addition: a user that
 * never answers is not waited for longer than the client waits (`abandon`, RFC 4320 §4.2).
 *
 *                request: pass, start `abandon`
 *                           |
 *                     +-----v-----+  `abandon`
 *   request: absorbed |  trying   |---------------------------+
 *                     +-----------+                           |
 *         1xx from user:  |   | 200-699 from user:            |
 *         send     +------+   | send, start J                 |
 *            +-----v------+   |                               |
 *  request,  | proceeding |---+---------+  `abandon`,         |
 *  1xx: send |            |             |  transport failure: |
 *            +------------+       +-----v-----+ report        |
 *                  |              | completed |               |
 *                  |              |           | request: send |
 *                  |              +-----------+               |
 *                  |                    | timer J, transport failure: report
 *                  |              +-----v------+              |
 *                  +------------->| terminated |<-------------+
 *                                 +------------+
 */
import {
  absorbedIn,
  pass,
  releaseUser,
  reportTransportFailure,
  retransmit,
  send,
  startLifetime,
  type Machine,
  type Transition,
} from './transition.ts';

export type NonInviteServerState = 'trying' | 'proceeding' | 'completed' | 'terminated';

export type NonInviteServerEvent =
  /** The request again. */
  | 'request'
  | 'respond-provisional'
  | 'respond-final'
  | 'transport-failure'
  | 'timer-j'
  | 'timer-abandon';

type Step = Transition<NonInviteServerState>;

const start: Step = { next: 'trying', effects: [startLifetime('abandon'), pass] };
const sendProvisional: Step = { next: 'proceeding', effects: [send] };
const repeatProvisional: Step = { next: 'proceeding', effects: [retransmit] };
const toCompleted: Step = {
  next: 'completed',
  effects: [startLifetime('j'), send, releaseUser],
};
const repeatFinal: Step = { next: 'completed', effects: [retransmit] };
const failTransport: Step = { next: 'terminated', effects: [reportTransportFailure] };
const end: Step = { next: 'terminated', effects: [] };

const absorbed = {
  trying: absorbedIn<NonInviteServerState>('trying'),
  proceeding: absorbedIn<NonInviteServerState>('proceeding'),
  completed: absorbedIn<NonInviteServerState>('completed'),
  terminated: absorbedIn<NonInviteServerState>('terminated'),
};

function stepTrying(event: NonInviteServerEvent): Step {
  switch (event) {
    case 'respond-provisional':
      return sendProvisional;
    case 'respond-final':
      return toCompleted;
    case 'timer-abandon':
      return end;
    // §17.2.2: retransmissions are discarded while there is nothing to answer with.
    case 'request':
    case 'transport-failure':
    case 'timer-j':
      return absorbed.trying;
  }
}

function stepProceeding(event: NonInviteServerEvent): Step {
  switch (event) {
    case 'request':
      return repeatProvisional;
    case 'respond-provisional':
      return sendProvisional;
    case 'respond-final':
      return toCompleted;
    case 'transport-failure':
      return failTransport;
    case 'timer-abandon':
      return end;
    case 'timer-j':
      return absorbed.proceeding;
  }
}

function stepCompleted(event: NonInviteServerEvent): Step {
  switch (event) {
    case 'request':
      return repeatFinal;
    case 'transport-failure':
      return failTransport;
    case 'timer-j':
      return end;
    // §17.2.2: any other final response passed by the user in this state is discarded.
    case 'respond-provisional':
    case 'respond-final':
    case 'timer-abandon':
      return absorbed.completed;
  }
}

export const nonInviteServer: Machine<NonInviteServerState, NonInviteServerEvent> = {
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
