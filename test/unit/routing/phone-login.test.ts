import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Secret } from '../../../system/foundation/secret.ts';
import type { UserId } from '../../../system/foundation/ids.ts';
import { parsePhoneLogin } from '../../../system/routing/phone-login.ts';
import { replayRoute } from '../../../system/routing/route-run.ts';
import type {
  CallFacts,
  PhoneLoginOutcome,
  RoutingConfiguration,
  WorldAnswer,
} from '../../../system/routing/route-call.ts';

const configuration: RoutingConfiguration = {
  settings: { ringTimeoutSec: 30, phoneLoginCode: '99' },
  findNumber: (number) =>
    number === '*43'
      ? { kind: 'service', service: 'echo' }
      : number === pin.reveal()
        ? undefined
        : { kind: 'user', userId: 'u2' as UserId },
  findUser: () => ({ name: 'Bruno', extension: '1002', enabled: true }),
};

const mac = '001565aabb01';
const pin = new Secret('471147');

function facts(
  dialled: string,
  caller: Partial<CallFacts['caller']>,
  phonePin?: Secret,
): CallFacts {
  const base = { userId: 'u1' as UserId, number: '1001', name: 'Anna' };
  return {
    caller: { ...base, device: mac, isUnassigned: false, ...caller },
    dialled,
    phonePin,
  };
}

test.each([
  ['99', { extension: '', pin: undefined, shown: '99' }],
  ['99*201*4711', { extension: '201', pin: '4711', shown: '99*201' }],
  ['99201*4711', { extension: '201', pin: '4711', shown: '99*201' }],
  ['99*201*4711#', { extension: '201', pin: '4711', shown: '99*201' }],
  ['99*201', { extension: '201', pin: undefined, shown: '99*201' }],
  ['99201', undefined],
  ['9', undefined],
  ['99*', undefined],
  ['99*anna*4711', undefined],
  ['199*201*4711', undefined],
])('[DEV-026] %s is read as %o', (dialled, expected) => {
  expect(parsePhoneLogin(dialled, '99')).toEqual(expected);
});

test('whatever is dialled, the PIN is not in what is shown', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-9]{1,8}$/),
      fc.stringMatching(/^7[0-9]{5,11}$/),
      (ext, digits) => {
        const login = parsePhoneLogin(`99*${ext}*${digits}`, '99');
        expect(login).toMatchObject({ extension: ext, pin: digits });
        expect(login?.shown).toBe(`99*${ext}`);
      },
    ),
  );
});

test.each([
  ['done', 'done-tone', 'phone-login-done'],
  ['refused', 'login-refused', 'phone-login-refused'],
] as const)('[DEV-026] a login that is %s is answered with the %s', (outcome, service, code) => {
  const unassigned = { isUnassigned: true, userId: `device.${mac}` as UserId };
  const { effects, trace } = replayRoute(configuration, facts('99*201', unassigned, pin), [
    { kind: 'phone-login', outcome },
  ]);

  expect(effects[0]).toEqual({ kind: 'log-in-phone', device: mac, extension: '201', pin });
  expect(effects[1]).toMatchObject({
    kind: 'run-service',
    service,
    forMs: expect.any(Number) as unknown,
  });
  expect(trace.map((step) => step.code)).toEqual(['call-received', 'phone-login', code]);
  expect(JSON.stringify(trace)).not.toContain(pin.reveal());
});

test.each<[string, Partial<CallFacts['caller']>, Secret | undefined, number]>([
  ['99*201', { device: undefined }, pin, 403],
  ['99', { device: undefined }, undefined, 403],
])('%s of %o is refused at once', (dialled, caller, given, status) => {
  const { effects } = replayRoute(configuration, facts(dialled, caller, given), []);
  expect(effects).toEqual([expect.objectContaining({ kind: 'refuse', status })]);
});

test.each<PhoneLoginOutcome>(['done', 'failed'])(
  '[CALL-055] the code alone logs out: %s',
  (outcome) => {
    const { effects } = replayRoute(configuration, facts('99', {}), [
      { kind: 'phone-login', outcome },
    ]);
    expect(effects[0]).toEqual({ kind: 'log-out-phone', device: mac });
    expect(effects[1]).toMatchObject(
      outcome === 'done'
        ? { kind: 'run-service', service: 'done-tone' }
        : { kind: 'refuse', status: 503 },
    );
  },
);

test.each(['1002', '*43', '112'])(
  '[DEV-026] a phone of nobody can call %s as little as anything else',
  (dialled) => {
    const { effects, trace } = replayRoute(
      configuration,
      facts(dialled, { isUnassigned: true }),
      [],
    );
    expect(effects).toEqual([{ kind: 'refuse', status: 403, reason: 'Phone Not Logged In' }]);
    expect(trace.map(({ code }) => code)).toContain('phone-not-logged-in');
  },
);

/** What each effect of the dialogue at a phone of nobody is, given what is typed and what comes of it. */
function talk(dialled: string, typed: readonly string[], outcomes: readonly PhoneLoginOutcome[]) {
  const answers: WorldAnswer[] = [];
  const [digits, results] = [[...typed], [...outcomes]];
  for (;;) {
    const replay = replayRoute(configuration, facts(dialled, { isUnassigned: true }), answers);
    const last = replay.effects.at(-1);
    const [entered, outcome] = [digits[0], results[0]];
    if (last?.kind === 'ask-digits' && entered !== undefined) {
      digits.shift();
      answers.push({ kind: 'digits', digits: new Secret(entered) });
    } else if (last?.kind === 'log-in-phone' && outcome !== undefined) {
      results.shift();
      answers.push({ kind: 'phone-login', outcome });
    } else {
      const steps = replay.effects.map((effect) => {
        switch (effect.kind) {
          case 'ask-digits':
            return effect.prompt;
          case 'log-in-phone':
            return `${effect.extension}/${effect.pin.reveal()}`;
          case 'run-service':
            return `${effect.service}${effect.forMs === undefined ? ' for ever' : ''}`;
          case 'count-devices':
          case 'log-out-phone':
          case 'refuse':
          case 'ring-user':
            return effect.kind;
        }
      });
      const story = replay.trace.map(({ code }) => code).filter((code) => code !== 'call-received');
      expect(JSON.stringify(replay)).not.toMatch(/4711|0815/);
      return { steps: steps.join(', '), story: story.join(', ') };
    }
  }
}

test.each([
  [
    'the right PIN',
    '99',
    ['201', '4711'],
    ['done'],
    'ask-extension, ask-pin, 201/4711, done-tone',
    'phone-login-asks, phone-login, phone-login-done',
  ],
  [
    'a wrong PIN and then the right one',
    '99',
    ['201', '0815', '201', '4711'],
    ['refused', 'done'],
    'ask-extension, ask-pin, 201/0815, ask-extension-again, ask-pin, 201/4711, done-tone',
    'phone-login-asks, phone-login, phone-login-refused, phone-login-asks, phone-login, phone-login-done',
  ],
  [
    'an extension that was dialled, which is asked for after a failure',
    '99*201',
    ['0815', '202', '4711'],
    ['refused', 'done'],
    'ask-pin, 201/0815, ask-extension-again, ask-pin, 202/4711, done-tone',
    'phone-login-asks, phone-login, phone-login-refused, phone-login-asks, phone-login, phone-login-done',
  ],
  [
    'three wrong PINs',
    '99',
    ['201', '0815', '201', '0815', '201', '0815', '201', '4711'],
    ['refused', 'refused', 'refused', 'done'],
    'ask-extension, ask-pin, 201/0815, ask-extension-again, ask-pin, 201/0815, ask-extension-again, ask-pin, 201/0815, login-refused',
    'phone-login-asks, phone-login, phone-login-refused, phone-login-asks, phone-login, phone-login-refused, phone-login-asks, phone-login, phone-login-refused, phone-login-too-many',
  ],
  [
    'no digits',
    '99',
    [''],
    [],
    'ask-extension, refused-tone',
    'phone-login-asks, phone-login-silent',
  ],
  [
    'no PIN',
    '99',
    ['201', ''],
    [],
    'ask-extension, ask-pin, refused-tone',
    'phone-login-asks, phone-login-silent',
  ],
  [
    'nobody who can be asked',
    '99',
    ['201', '4711'],
    ['failed'],
    'ask-extension, ask-pin, 201/4711, refused-tone',
    'phone-login-asks, phone-login, phone-login-failed',
  ],
] as const)(
  '[DEV-026] [CALL-055] [DECT-001] who dials the code at a phone of nobody is asked: %s',
  (_what, dialled, typed, outcomes, steps, story) => {
    expect(talk(dialled, typed, outcomes)).toEqual({ steps, story });
  },
);

test('a PIN that is typed for an extension is in no trace', () => {
  const { effects, trace } = replayRoute(configuration, facts('99', { isUnassigned: true }), [
    { kind: 'digits', digits: pin },
    { kind: 'digits', digits: pin },
  ]);
  expect(effects.at(-1)).toMatchObject({ kind: 'log-in-phone', extension: pin.reveal() });
  expect(trace.map(({ code }) => code)).toContain('phone-login-unknown');
  expect(JSON.stringify(trace)).not.toContain(pin.reveal());
});
