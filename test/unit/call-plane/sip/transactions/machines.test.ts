import { describe, expect, it } from 'vitest';
import {
  inviteClient,
  type InviteClientEvent,
  type InviteClientState,
} from '../../../../../system/call-plane/sip/transactions/invite-client.ts';
import {
  inviteServer,
  type InviteServerEvent,
  type InviteServerState,
} from '../../../../../system/call-plane/sip/transactions/invite-server.ts';
import {
  nonInviteClient,
  type NonInviteClientEvent,
  type NonInviteClientState,
} from '../../../../../system/call-plane/sip/transactions/non-invite-client.ts';
import {
  nonInviteServer,
  type NonInviteServerEvent,
  type NonInviteServerState,
} from '../../../../../system/call-plane/sip/transactions/non-invite-server.ts';
import type {
  Effect,
  Machine,
} from '../../../../../system/call-plane/sip/transactions/transition.ts';

function describeEffect(effect: Effect): string {
  if (effect.kind === 'start-retransmission') {
    return `start ${effect.timer} (${effect.pace})`;
  }
  return effect.kind === 'start-lifetime'
    ? `start ${effect.timer}`
    : effect.kind.replaceAll('-', ' ');
}

type Row<State extends string, Event extends string> = readonly [
  event: Event,
  state: State,
  next: State,
  effects: string,
];

/**
 * A row says what happens "upon a 1xx in 'calling'". Whatever no row names is absorbed: the table
 * is the whole machine.
 */
function describeMachine<State extends string, Event extends string>(
  name: string,
  machine: Machine<State, Event>,
  start: readonly [next: State, effects: string],
  states: Readonly<Record<State, null>>,
  events: Readonly<Record<Event, null>>,
  rows: readonly Row<State, Event>[],
): void {
  describe(name, () => {
    it(`starts in '${start[0]}': ${start[1]}`, () => {
      expect(machine.start.next).toBe(start[0]);
      expect(machine.start.effects.map(describeEffect).join(', ')).toBe(start[1]);
    });

    it.each(rows)("upon %s in '%s' goes to '%s': %s", (event, state, next, effects) => {
      const transition = machine.step(state, event);
      expect(transition.next).toBe(next);
      expect(transition.effects.map(describeEffect).join(', ')).toBe(effects);
    });

    it('absorbs every other event in every state', () => {
      for (const state of Object.keys(states) as State[]) {
        for (const event of Object.keys(events) as Event[]) {
          if (!rows.some((row) => row[0] === event && row[1] === state)) {
            expect(machine.step(state, event), `${event} in ${state}`).toEqual({
              next: state,
              effects: [],
            });
          }
        }
      }
    });

    it('lets nothing but a release follow an effect that enters the transaction user', () => {
      const entering = /^(pass|report)/;
      const transitions = rows.map(([event, state]) => machine.step(state, event));
      for (const { effects } of [machine.start, ...transitions]) {
        const kinds = effects.map((effect) => effect.kind);
        const entry = kinds.findIndex((kind) => entering.test(kind));
        const after = entry < 0 ? [] : kinds.slice(entry + 1);
        expect(after.filter((kind) => !kind.startsWith('release'))).toEqual([]);
      }
    });
  });
}

describeMachine<InviteClientState, InviteClientEvent>(
  'INVITE client transaction (RFC 6026 figure 5)',
  inviteClient,
  ['calling', 'start a (first), start b, send'],
  { calling: null, proceeding: null, completed: null, accepted: null, terminated: null },
  {
    provisional: null,
    success: null,
    failure: null,
    'cancel-sent': null,
    'transport-failure': null,
    'timer-a': null,
    'timer-b': null,
    'timer-d': null,
    'timer-m': null,
  },
  [
    ['provisional', 'calling', 'proceeding', 'stop retransmission, stop lifetime, pass'],
    ['success', 'calling', 'accepted', 'stop retransmission, start m, release bytes, pass'],
    [
      'failure',
      'calling',
      'completed',
      'stop retransmission, start d, acknowledge, pass, release user',
    ],
    ['timer-a', 'calling', 'calling', 'retransmit, start a (doubled)'],
    ['timer-b', 'calling', 'terminated', 'report timeout'],
    ['transport-failure', 'calling', 'terminated', 'report transport failure'],
    ['provisional', 'proceeding', 'proceeding', 'pass'],
    ['success', 'proceeding', 'accepted', 'stop retransmission, start m, release bytes, pass'],
    [
      'failure',
      'proceeding',
      'completed',
      'stop retransmission, start d, acknowledge, pass, release user',
    ],
    ['cancel-sent', 'proceeding', 'proceeding', 'start b'],
    ['timer-b', 'proceeding', 'terminated', 'report timeout'],
    ['failure', 'completed', 'completed', 'retransmit'],
    ['timer-d', 'completed', 'terminated', ''],
    ['success', 'accepted', 'accepted', 'pass'],
    ['timer-m', 'accepted', 'terminated', ''],
  ],
);

describeMachine<InviteServerState, InviteServerEvent>(
  'INVITE server transaction (RFC 6026 figure 7, RFC 3261 §13.3.1.4)',
  inviteServer,
  ['proceeding', 'start trying, pass'],
  {
    proceeding: null,
    completed: null,
    confirmed: null,
    accepted: null,
    acknowledged: null,
    terminated: null,
  },
  {
    request: null,
    ack: null,
    'respond-provisional': null,
    'respond-success': null,
    'respond-failure': null,
    acknowledged: null,
    'transport-failure': null,
    'timer-trying': null,
    'timer-success': null,
    'timer-g': null,
    'timer-h': null,
    'timer-i': null,
    'timer-l': null,
  },
  [
    ['request', 'proceeding', 'proceeding', 'retransmit'],
    ['respond-provisional', 'proceeding', 'proceeding', 'stop lifetime, send'],
    ['respond-success', 'proceeding', 'accepted', 'start success (first), start l, send'],
    ['respond-failure', 'proceeding', 'completed', 'start g (first), start h, send'],
    ['timer-trying', 'proceeding', 'proceeding', 'send trying'],
    ['transport-failure', 'proceeding', 'proceeding', 'report transport failure'],
    ['request', 'completed', 'completed', 'retransmit'],
    ['ack', 'completed', 'confirmed', 'stop retransmission, start i, release bytes, release user'],
    ['timer-g', 'completed', 'completed', 'retransmit, start g (doubled)'],
    ['timer-h', 'completed', 'terminated', 'report missing ack'],
    ['transport-failure', 'completed', 'completed', 'report transport failure'],
    ['timer-i', 'confirmed', 'terminated', ''],
    ['ack', 'accepted', 'accepted', 'pass'],
    [
      'acknowledged',
      'accepted',
      'acknowledged',
      'stop retransmission, release bytes, release user',
    ],
    ['timer-success', 'accepted', 'accepted', 'retransmit, start success (doubled)'],
    ['timer-l', 'accepted', 'terminated', 'report missing ack'],
    ['transport-failure', 'accepted', 'accepted', 'report transport failure'],
    ['timer-l', 'acknowledged', 'terminated', ''],
  ],
);

describeMachine<NonInviteClientState, NonInviteClientEvent>(
  'non-INVITE client transaction (RFC 3261 figure 6)',
  nonInviteClient,
  ['trying', 'start e (first), start f, send'],
  { trying: null, proceeding: null, completed: null, terminated: null },
  {
    provisional: null,
    final: null,
    'transport-failure': null,
    'timer-e': null,
    'timer-f': null,
    'timer-k': null,
  },
  [
    ['provisional', 'trying', 'proceeding', 'pass'],
    [
      'final',
      'trying',
      'completed',
      'stop retransmission, start k, release bytes, pass, release user',
    ],
    ['timer-e', 'trying', 'trying', 'retransmit, start e (doubled)'],
    ['timer-f', 'trying', 'terminated', 'report timeout'],
    ['transport-failure', 'trying', 'terminated', 'report transport failure'],
    ['provisional', 'proceeding', 'proceeding', 'pass'],
    [
      'final',
      'proceeding',
      'completed',
      'stop retransmission, start k, release bytes, pass, release user',
    ],
    ['timer-e', 'proceeding', 'proceeding', 'retransmit, start e (longest)'],
    ['timer-f', 'proceeding', 'terminated', 'report timeout'],
    ['transport-failure', 'proceeding', 'terminated', 'report transport failure'],
    ['timer-k', 'completed', 'terminated', ''],
  ],
);

describeMachine<NonInviteServerState, NonInviteServerEvent>(
  'non-INVITE server transaction (RFC 3261 figure 8)',
  nonInviteServer,
  ['trying', 'start abandon, pass'],
  { trying: null, proceeding: null, completed: null, terminated: null },
  {
    request: null,
    'respond-provisional': null,
    'respond-final': null,
    'transport-failure': null,
    'timer-j': null,
    'timer-abandon': null,
  },
  [
    ['respond-provisional', 'trying', 'proceeding', 'send'],
    ['respond-final', 'trying', 'completed', 'start j, send, release user'],
    ['timer-abandon', 'trying', 'terminated', ''],
    ['request', 'proceeding', 'proceeding', 'retransmit'],
    ['respond-provisional', 'proceeding', 'proceeding', 'send'],
    ['respond-final', 'proceeding', 'completed', 'start j, send, release user'],
    ['transport-failure', 'proceeding', 'terminated', 'report transport failure'],
    ['timer-abandon', 'proceeding', 'terminated', ''],
    ['request', 'completed', 'completed', 'retransmit'],
    ['transport-failure', 'completed', 'terminated', 'report transport failure'],
    ['timer-j', 'completed', 'terminated', ''],
  ],
);
