/**
 * Phones that do anything at any time over a network that loses, repeats and reorders: whatever
 * happens, each call ends with one record and without a trace of it left.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CallPlaneHarness } from '../../../support/call-plane/call-plane-harness.ts';
import { disturbAtRandom } from '../../../support/call-plane/loopback-transport.ts';
import { phoneSdp } from '../../../support/call-plane/phone-sdp.ts';
import type { PhoneCall } from '../../../support/call-plane/phone-call.ts';
import type { ScriptedPhone } from '../../../support/call-plane/scripted-phone.ts';

const actions = [
  'call',
  'call-without-offer',
  'ring',
  'early',
  'answer',
  'answer-without-body',
  'busy',
  'decline',
  'redirect',
  'cancelled',
  'ack',
  'ack-with-answer',
  'cancel',
  'bye',
  'hold',
  'resume',
  'ask-for-offer',
  'update',
  'update-offer',
  'info',
  'answer-request',
  'refuse-request',
  'administrator',
] as const;
type Action = (typeof actions)[number];

interface Step {
  readonly action: Action;
  /** Which phone. */
  readonly who: number;
  readonly thenMs: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  action: fc.constantFrom(...actions),
  who: fc.nat({ max: 2 }),
  thenMs: fc.oneof(
    { weight: 8, arbitrary: fc.nat({ max: 4 }) },
    { weight: 1, arbitrary: fc.nat({ max: 2_000 }) },
    { weight: 1, arbitrary: fc.nat({ max: 100_000 }) },
  ),
});

class Party {
  readonly phone: ScriptedPhone;
  call: PhoneCall | undefined;
  #version = 1;

  constructor(phone: ScriptedPhone) {
    this.phone = phone;
  }

  /** What makes no sense now (no call, no dialog) is not done. */
  act(action: Action): void {
    const call = this.phone.incoming.at(-1) ?? this.call;
    try {
      this.#act(action, call);
    } catch (error) {
      if (!(error instanceof Error && /^(there is no|no [A-Z]+ came)/.test(error.message))) {
        throw error;
      }
    }
  }

  #act(action: Action, call: PhoneCall | undefined): void {
    const { phone } = this;
    this.#version += 1;
    const sdp = phoneSdp(phone.address, { version: this.#version });
    const held = phoneSdp(phone.address, { version: this.#version, direction: 'sendonly' });
    switch (action) {
      case 'call':
        this.call = phone.call(phone.number === '1001' ? '1002' : '1001', sdp);
        return;
      case 'call-without-offer':
        this.call = phone.call(phone.number === '1001' ? '1002' : '1001', undefined);
        return;
      case 'ring':
        call?.progress(180);
        return;
      case 'early':
        call?.progress(183, sdp);
        return;
      case 'answer':
        call?.answer(sdp);
        return;
      case 'answer-without-body':
        call?.answer(undefined);
        return;
      case 'busy':
        call?.reject(486);
        return;
      case 'decline':
        call?.reject(603);
        return;
      case 'redirect':
        call?.reject(302, [['Contact', '<sip:1001@192.0.2.1>, <sip:*43@192.0.2.1>']]);
        return;
      case 'cancelled':
        call?.respondTo(call.requireRequest('CANCEL'), 200);
        call?.reject(487);
        return;
      case 'ack':
        call?.ack();
        return;
      case 'ack-with-answer':
        call?.ack(sdp);
        return;
      case 'cancel':
        call?.cancel();
        return;
      case 'bye':
        call?.bye();
        return;
      case 'hold':
        call?.reinvite(held);
        return;
      case 'resume':
        call?.reinvite(sdp);
        return;
      case 'ask-for-offer':
        call?.reinvite(undefined);
        return;
      case 'update':
        call?.update(undefined);
        return;
      case 'update-offer':
        call?.update(held);
        return;
      case 'info':
        call?.request('INFO', 'Signal=1', [['Content-Type', 'application/dtmf-relay']]);
        return;
      case 'answer-request':
        this.#answerLast(call, 200, sdp);
        return;
      case 'refuse-request':
        this.#answerLast(call, 491, undefined);
        return;
      case 'administrator':
        return;
    }
  }

  #answerLast(call: PhoneCall | undefined, status: number, sdp: string | undefined): void {
    const request = call?.requests.findLast(({ method }) => method !== 'ACK');
    if (call !== undefined && request !== undefined) {
      call.respondTo(request, status, [['Contact', this.phone.contact]], sdp);
    }
  }
}

test('ends every call with one record and nothing left, whatever phones and network do', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 5, maxLength: 40 }),
      fc.constantFrom<'direct' | 'anchored'>('direct', 'anchored'),
      fc.constantFrom(0, 90),
      fc.boolean(),
      fc.boolean(),
      fc.integer(),
      (steps, mediaPolicy, sessionTimerSec, isAnswered, isDisturbed, seed) => {
        const pbx = new CallPlaneHarness({ silenceSec: 600 });
        pbx.settings.mediaPolicy = mediaPolicy;
        pbx.settings.sessionTimerSec = sessionTimerSec;
        const parties = [
          new Party(pbx.addPhone('1001', '192.0.2.11')),
          new Party(pbx.addPhone('1002', '192.0.2.12')),
          new Party(pbx.addPhone('1002', '192.0.2.13')),
        ];
        parties[0]?.act('call');
        pbx.run(5);
        if (isAnswered) {
          // Half of the runs begin with two phones that talk: most of what can go wrong is there.
          parties[1]?.act('answer');
          pbx.run(5);
          parties[0]?.act('ack');
          pbx.run(5);
        }
        if (isDisturbed) {
          pbx.network.disturb = disturbAtRandom(toRandom(seed), {
            loss: 0.1,
            duplication: 0.1,
            reordering: 0.2,
            longestDelayMs: 30,
          });
        }

        for (const { action, who, thenMs } of steps) {
          if (action === 'administrator') {
            const [active] = pbx.control.listCalls(1).calls;
            if (active !== undefined) {
              pbx.control.hangUp(active.callRef);
            }
          }
          parties[who]?.act(action);
          pbx.run(thenMs);
        }
        void pbx.control.hangUpAll();
        pbx.run(200_000);

        const refs = new Set(pbx.records.map(({ callRef }) => callRef));
        expect(refs.size).toBe(pbx.records.length);
        pbx.expectNothingLeft(pbx.records.length);
        for (const { legs } of pbx.records) {
          for (const leg of legs) {
            expect(leg.endedAtMs).toBeGreaterThanOrEqual(leg.startedAtMs);
          }
        }
      },
    ),
    { numRuns: 150 },
  );
});

/** A small generator (mulberry32): the network's moods come from the test's seed. */
function toRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
