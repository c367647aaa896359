import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { UserId } from '../../../system/foundation/ids.ts';
import { RouteRun, replayRoute } from '../../../system/routing/route-run.ts';
import type {
  CallFacts,
  RoutingConfiguration,
  WorldAnswer,
  WorldEffect,
} from '../../../system/routing/route-call.ts';

const bruno = 'u2' as UserId;

const configuration: RoutingConfiguration = {
  settings: { ringTimeoutSec: 30 },
  findNumber: (number) => {
    switch (number) {
      case '1002':
        return { kind: 'user', userId: bruno };
      case '1003':
        return { kind: 'user', userId: 'u3' as UserId };
      case '*43':
        return { kind: 'service', service: 'echo' };
      default:
        return undefined;
    }
  },
  findUser: (userId) =>
    userId === bruno
      ? { name: 'Bruno', extension: '1002', enabled: true }
      : { name: 'Carla', extension: '1003', enabled: false },
};

function facts(dialled: string): CallFacts {
  return { caller: { userId: 'u1' as UserId, number: '1001', name: 'Anna' }, dialled };
}

const twoDevices: WorldAnswer = { kind: 'devices', count: 2 };

test.each([
  ['1002', [twoDevices, { kind: 'answered', device: 'Phone' }], undefined, 'answered'],
  ['1002', [{ kind: 'devices', count: 0 }], 480, 'user-not-registered'],
  ['1002', [twoDevices, { kind: 'busy' }], 486, 'busy'],
  ['1002', [twoDevices, { kind: 'no-answer' }], 480, 'no-answer'],
  ['1002', [twoDevices, { kind: 'rejected', status: 603 }], 603, 'rejected'],
  ['1002', [twoDevices, { kind: 'rejected', status: 480 }], 480, 'rejected'],
  ['1002', [twoDevices, { kind: 'failed', status: 488 }], 488, 'failed'],
  ['1002', [twoDevices, { kind: 'failed', status: 503 }], 503, 'failed'],
  ['1002', [twoDevices, { kind: 'failed', status: 404 }], 480, 'failed'],
  ['1002', [twoDevices, { kind: 'not-registered' }], 480, 'user-not-registered'],
  ['1003', [], 480, 'user-not-registered'],
  ['4711', [], 404, 'number-unknown'],
] as const)('%s with %j', (dialled, answers, status, told) => {
  const { trace, effects } = replayRoute(configuration, facts(dialled), answers);

  const last = effects.at(-1);
  expect(last?.kind === 'refuse' ? last.status : undefined).toBe(status);
  expect(trace.map(({ code }) => code)).toContain(told);
  expect(trace.at(-1)?.code).toBe(status === undefined ? 'answered' : 'call-refused');
});

test('tells the story of a call in facts that can be put in words', () => {
  const { trace, effects } = replayRoute(configuration, facts('1002'), [
    twoDevices,
    { kind: 'answered', device: 'Snom 300' },
  ]);

  expect(effects).toEqual([
    { kind: 'count-devices', userId: bruno },
    { kind: 'ring-user', userId: bruno, timeoutSec: 30 },
  ]);
  expect(trace.map(({ code, facts: told }) => [code, told])).toEqual([
    ['call-received', { number: '1002', caller: '1001' }],
    ['user-found', { number: '1002', name: 'Bruno' }],
    ['ringing', { name: 'Bruno', contacts: 2, timeoutSec: 30 }],
    ['answered', { name: 'Bruno', device: 'Snom 300' }],
  ]);
});

test('runs a service', () => {
  expect(replayRoute(configuration, facts('*43'), []).effects).toEqual([
    { kind: 'run-service', service: 'echo' },
  ]);
});

test('replaying the recorded answers of a call gives the same trace and effects', () => {
  const answer: fc.Arbitrary<WorldAnswer> = fc.oneof(
    fc.constant(undefined),
    fc.record({ kind: fc.constant('devices' as const), count: fc.nat({ max: 3 }) }),
    fc.record({ kind: fc.constant('answered' as const), device: fc.string() }),
    fc.record({ kind: fc.constantFrom('busy' as const, 'no-answer' as const) }),
    fc.record({
      kind: fc.constantFrom('rejected' as const, 'failed' as const),
      status: fc.constantFrom(403, 480, 488, 500, 503, 603),
    }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom('1002', '1003', '4711', '*43'),
      fc.array(answer, { maxLength: 4 }),
      (dialled, answers) => {
        const run = new RouteRun(configuration, facts(dialled));
        const effects: WorldEffect[] = [];
        let effect = run.next(undefined, 0);
        for (const given of answers) {
          if (effect !== undefined) {
            effects.push(effect);
            effect = run.next(given, 0);
          }
        }
        if (effect !== undefined) {
          effects.push(effect);
        }

        expect(replayRoute(configuration, facts(dialled), run.answers)).toEqual({
          trace: run.trace,
          effects,
        });
      },
    ),
  );
});

test('an abandoned route asks for nothing more', () => {
  const run = new RouteRun(configuration, facts('1002'));
  run.next(undefined, 0);
  run.abandon();

  expect(run.next(twoDevices, 5)).toBeUndefined();
  run.note('caller-cancelled', {}, 7);
  expect(run.trace.at(-1)).toEqual({ atMs: 7, code: 'caller-cancelled', facts: {} });
});
