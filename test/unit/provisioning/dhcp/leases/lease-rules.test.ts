/** What must hold whatever clients do and in whichever order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { MessageType } from '../../../../../provisioning/dhcp/message/message-type.ts';
import type { DhcpSettings } from '../../../../../provisioning/dhcp/settings.ts';
import { DhcpConversation } from '../../../../support/provisioning/dhcp-conversation.ts';

const leaseSec = 3_600;
const settings: DhcpSettings = {
  interfaces: [
    { name: 'lan1', address: '10.0.0.1', isEnabled: true, provisioningUrl: 'http://10.0.0.1/' },
  ],
  subnets: [
    {
      subnet: '10.0.0.0/24',
      ranges: [{ first: '10.0.0.8', last: '10.0.0.12' }],
      excluded: ['10.0.0.9'],
      reservations: [{ mac: '00005e005300', address: '10.0.0.10' }],
      leaseSec,
    },
  ],
};

interface Step {
  readonly type: MessageType;
  readonly client: number;
  /** Last byte of every address in the message. */
  readonly host: number;
  readonly fields: 'requested' | 'ciaddr' | 'selecting' | 'other-server';
  readonly waitSec: number;
}

const steps = fc.array(
  fc.record<Step>({
    type: fc.constantFrom('discover', 'request', 'request', 'decline', 'release', 'inform'),
    client: fc.integer({ min: 0, max: 5 }),
    host: fc.integer({ min: 6, max: 14 }),
    fields: fc.constantFrom('requested', 'ciaddr', 'selecting', 'other-server'),
    waitSec: fc.oneof(fc.constant(1), fc.constant(40), fc.constant(700), fc.constant(3_700)),
  }),
  { maxLength: 60 },
);

function toFields({ fields, host, client }: Step): Record<string, string> {
  const address = `10.0.0.${String(host)}`;
  const mac = `00005e00530${String(client)}`;
  switch (fields) {
    case 'requested':
      return { mac, requested: address };
    case 'ciaddr':
      return { mac, ciaddr: address };
    case 'selecting':
      return { mac, requested: address, server: '10.0.0.1' };
    case 'other-server':
      return { mac, requested: address, server: '10.0.0.2' };
  }
}

describe('the lease rules', () => {
  it('[NET-004] never give an address to two clients, nor one that is excluded, reserved or outside', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const talk = new DhcpConversation(settings);
        const holders = new Map<string, { readonly client: number; readonly untilMs: number }>();
        for (const step of sequence) {
          talk.pass(step.waitSec);
          const answer = talk.send(step.type, toFields(step));
          const address = `10.0.0.${String(step.host)}`;
          const holder = holders.get(address);
          const gaveBack =
            (step.type === 'release' && step.fields === 'ciaddr') ||
            (step.type === 'decline' && step.fields !== 'ciaddr' && step.fields !== 'other-server');
          if (gaveBack && holder?.client === step.client) {
            holders.delete(address);
          }
          const given = answer?.yiaddr ?? '0.0.0.0';
          if (given === '0.0.0.0') {
            continue;
          }
          const before = holders.get(given);
          const isHeldByOther =
            before !== undefined && before.client !== step.client && before.untilMs > talk.nowMs;
          expect(isHeldByOther, `${given} belongs to another`).toBe(false);
          expect(['10.0.0.8', '10.0.0.10', '10.0.0.11', '10.0.0.12']).toContain(given);
          expect(given === '10.0.0.10').toBe(step.client === 0);
          if (answer?.type === 'acknowledge') {
            for (const [held, { client }] of holders) {
              if (client === step.client) {
                holders.delete(held);
              }
            }
            const untilMs = talk.nowMs + leaseSec * 1_000;
            holders.set(given, { client: step.client, untilMs });
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('hand out the same leases after they were stored and read again', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const talk = new DhcpConversation(settings);
        const stored = new Map<number, ReturnType<typeof talk.responder.leases.leases>[number]>();
        for (const step of sequence) {
          talk.pass(step.waitSec);
          for (const lease of talk.ask(step.type, toFields(step))?.changed ?? []) {
            stored.delete(lease.address);
            stored.set(lease.address, lease);
          }
        }
        const next = new DhcpConversation(settings);
        next.responder.leases.restore([...stored.values()], talk.nowMs);

        const live = (leases: ReturnType<typeof talk.responder.leases.leases>): unknown[] =>
          leases
            .filter(({ state, expiresAtMs }) => state === 'bound' && expiresAtMs > talk.nowMs)
            .sort((a, b) => a.address - b.address);
        expect(live(next.responder.leases.leases())).toEqual(live(talk.responder.leases.leases()));
      }),
      { numRuns: 200 },
    );
  });
});
