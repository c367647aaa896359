/** In a process of its own: the whole heap is looked through. */
import { queryObjects } from 'node:v8';
import { expect, test } from 'vitest';
import { CalleeLeg } from '../../../../system/call-plane/calls/legs/callee-leg.ts';
import { Call } from '../../../../system/call-plane/calls/call.ts';
import { CallerLeg } from '../../../../system/call-plane/calls/legs/caller-leg.ts';
import { JoinedLegs } from '../../../../system/call-plane/calls/joined-legs.ts';
import { MediaPath } from '../../../../system/call-plane/calls/media/media-path.ts';
import { Ringing } from '../../../../system/call-plane/calls/ringing/ringing.ts';
import { ServiceCall } from '../../../../system/call-plane/calls/services/service-call.ts';
import { Dialog } from '../../../../system/call-plane/sip/dialogs/dialog.ts';
import { InviteUsage } from '../../../../system/call-plane/sip/dialogs/invite-usage.ts';
import { QueuedTimer } from '../../../../system/call-plane/sip/transactions/timer-queue.ts';
import { TransactionRunner } from '../../../../system/call-plane/sip/transactions/transaction-runner.ts';
import { CallPlaneHarness } from '../../../support/call-plane/call-plane-harness.ts';
import type { PhoneCall } from '../../../support/call-plane/phone-call.ts';
import type { ScriptedPhone } from '../../../support/call-plane/scripted-phone.ts';
import { phoneSdp } from '../../../support/call-plane/phone-sdp.ts';

/** What a call is made of. */
const parts = {
  ...{ Call, CallerLeg, CalleeLeg, JoinedLegs, MediaPath, Ringing, ServiceCall },
  ...{ Dialog, InviteUsage, TransactionRunner, QueuedTimer },
};

interface Phones {
  readonly pbx: CallPlaneHarness;
  readonly anna: ScriptedPhone;
  readonly bruno: ScriptedPhone;
}

/** Those of which some are alive, after all garbage is collected. */
function partsAlive(): string[] {
  const counts = Object.entries(parts).map(([name, part]) => ({
    name,
    count: queryObjects(part, { format: 'count' }),
  }));
  return counts
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${String(count)} ${name}`);
}

function ring({ pbx, anna, bruno }: Phones): { call: PhoneCall; incoming: PhoneCall } {
  const call = anna.call('1002', phoneSdp(anna.address));
  pbx.run();
  const incoming = bruno.lastIncoming;
  incoming.progress(180);
  pbx.run();
  return { call, incoming };
}

function answer(phones: Phones): { call: PhoneCall; incoming: PhoneCall } {
  const { call, incoming } = ring(phones);
  incoming.answer(phoneSdp(phones.bruno.address));
  phones.pbx.run();
  call.ack();
  phones.pbx.run(50_000);
  return { call, incoming };
}

/** What the record of a call says, and the call. */
const kindsOfCall: readonly (readonly [outcome: string, make: (phones: Phones) => void])[] = [
  ['answered', (phones) => answer(phones).call.bye()],
  ['answered', (phones) => answer(phones).incoming.bye()],
  ['cancelled', (phones) => ring(phones).call.cancel()],
  ['busy', (phones) => ring(phones).incoming.reject(486)],
  [
    'no-answer',
    (phones) => {
      ring(phones);
      phones.pbx.run(phones.pbx.settings.ringTimeoutSec * 1000);
    },
  ],
  [
    'answered',
    ({ pbx, anna }) => {
      const call = anna.call('*43', phoneSdp(anna.address));
      pbx.run();
      call.ack();
      pbx.run(1000);
      call.bye();
    },
  ],
  [
    'failed',
    ({ anna }) => {
      anna.call('1999', phoneSdp(anna.address));
    },
  ],
];

test('nothing of a finished call stays in memory once its transactions are over (RFC 3261 §17)', () => {
  const pbx = new CallPlaneHarness({ silenceSec: 300 });
  const anna = pbx.addPhone('1001', '192.0.2.11');
  const bruno = pbx.addPhone('1002', '192.0.2.12');
  pbx.settings.sessionTimerSec = 90;
  for (const mediaPolicy of ['direct', 'anchored'] as const) {
    pbx.settings.mediaPolicy = mediaPolicy;
    for (const [outcome, make] of kindsOfCall) {
      bruno.register();
      pbx.run();
      make({ pbx, anna, bruno });
      pbx.run();
      expect(pbx.lastRecord.outcome).toBe(outcome);
    }
  }
  const { call } = answer({ pbx, anna, bruno });
  expect(queryObjects(Call, { format: 'count' })).toBe(1);
  call.bye();

  pbx.expectNothingLeft(2 * kindsOfCall.length + 1);
  expect(partsAlive()).toEqual([]);
});
