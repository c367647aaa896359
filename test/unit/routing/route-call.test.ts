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
  settings: { ringTimeoutSec: 30, phoneLoginCode: '99' },
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

function facts(dialled: string, changes: Partial<CallFacts['caller']> = {}): CallFacts {
  const caller = { userId: 'u1' as UserId, number: '1001', name: 'Anna' };
  return {
    caller: { ...caller, device: undefined, isUnassigned: false, ...changes },
    dialled,
    phonePin: undefined,
  };
}

const twoDevices: WorldAnswer = { kind: 'devices', count: 2 };

test.each([
  ['1002', [twoDevices, { kind: 'answered', device: 'Phone' }], undefined, 'answered'],
  ['1002', [{ kind: 'devices', count: 0 }], 480, 'user-not-registered'],
  ['1002', [twoDevices, { kind: 'busy' }], 486, 'busy'],
  ['1002', [twoDevices, { kind: 'no-answer', isAlerted: true }], 480, 'no-answer'],
  ['1002', [twoDevices, { kind: 'no-answer', isAlerted: false }], 480, 'no-response'],
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
    { kind: 'ring-user', userId: bruno, number: '1002', redirections: [], timeoutSec: 30 },
  ]);
  expect(trace.map(({ code, facts: told }) => [code, told])).toEqual([
    ['call-received', { number: '1002', caller: '1001' }],
    ['user-found', { number: '1002', name: 'Bruno' }],
    ['ringing', { name: 'Bruno', contacts: 2, timeoutSec: 30 }],
    ['answered', { name: 'Bruno', device: 'Snom 300' }],
  ]);
});

test('[SIP-034] a call that a phone sends on is routed as if its user had dialled the number', () => {
  const { trace, effects } = replayRoute(configuration, facts('1002'), [
    twoDevices,
    { kind: 'redirected', status: 302, numbers: ['4711', '*43'] },
  ]);

  expect(effects.at(-1)).toEqual({ kind: 'run-service', service: 'echo' });
  expect(trace.slice(3).map(({ code, facts: told }) => [code, told])).toEqual([
    ['redirect-followed', { name: 'Bruno', number: '*43' }],
    ['service-found', { number: '*43', service: 'echo' }],
    ['service-answered', { service: 'echo' }],
  ]);
});

test.each([
  ['to a number that nothing has', ['4711'], 'redirect-refused', '4711'],
  ['back to its own user', ['1002'], 'redirect-loop', '1002'],
])(
  '[SIP-034] a phone that sends a call %s leaves the user unavailable',
  (_, numbers, code, number) => {
    const { trace, effects } = replayRoute(configuration, facts('1002'), [
      twoDevices,
      { kind: 'redirected', status: 302, numbers },
    ]);

    expect(effects.at(-1)).toMatchObject({ kind: 'refuse', status: 480 });
    expect(trace.at(-2)).toMatchObject({ code, facts: { name: 'Bruno', number } });
  },
);

test('[SIP-034] a call is sent on five times at most, and never back to who has sent it on', () => {
  const chain: RoutingConfiguration = {
    settings: { ringTimeoutSec: 30, phoneLoginCode: '99' },
    findNumber: (number) => ({ kind: 'user', userId: `u${number}` as UserId }),
    findUser: (userId) => ({ name: userId, extension: userId, enabled: true }),
  };
  const rounds = (numbers: readonly string[]): readonly WorldEffect[] =>
    replayRoute(
      chain,
      facts('0'),
      numbers.flatMap((number): WorldAnswer[] => [
        { kind: 'devices', count: 1 },
        { kind: 'redirected', status: 302, numbers: [number] },
      ]),
    ).effects;

  const rung = rounds(['1', '2', '3', '4', '5', '6', '7']).filter(
    ({ kind }) => kind === 'ring-user',
  );
  expect(rung).toHaveLength(6);
  expect(rung.at(-1)).toMatchObject({
    number: '5',
    redirections: ['0', '1', '2', '3', '4'].map((number) => ({ number, status: 302 })),
  });
  expect(rounds(['1', '0']).at(-1)).toMatchObject({ kind: 'refuse', status: 480 });
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
    fc.constant({ kind: 'busy' as const }),
    fc.record({ kind: fc.constant('no-answer' as const), isAlerted: fc.boolean() }),
    fc.record({
      kind: fc.constant('redirected' as const),
      status: fc.constant(302),
      numbers: fc.array(fc.constantFrom('1002', '1003', '4711', '*43')),
    }),
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
