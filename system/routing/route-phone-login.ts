/**
 * The dialplan of phone login: the code with extension and PIN logs in at once, the code alone logs
 * the phone's user out. At a phone of nobody, or without PIN, the caller is asked for what is missing,
 * three times at most. What he types is in no trace, but an extension that
 * somebody has.
 */
import type { DigitRules } from './digit-entry.ts';
import type {
  CallFacts,
  PhoneLoginOutcome,
  Route,
  RoutingConfiguration,
  RoutingEffect,
  WorldAnswer,
} from './route-call.ts';
import { refuse, trace } from './route-steps.ts';
import { Secret } from '../foundation/secret.ts';

const maximumAttempts = 3;
/** A question takes half a minute at most, and there are six. */
const digitRules: DigitRules = {
  firstMs: 15_000,
  betweenMs: 4_000,
  longestMs: 30_000,
  maximumDigits: 20,
};
/** How long it is told what became of it, until the call is ended: notes and words. */
const doneMs = 2_200;
const refusedMs = 3_200;

type Part<Result> = Generator<RoutingEffect, Result, WorldAnswer>;

/** `extension`: what was dialled behind the code, empty for the code alone. */
export function* changePhone(
  configuration: Pick<RoutingConfiguration, 'findNumber'>,
  { caller, phonePin }: CallFacts,
  extension: string,
): Route {
  const { device } = caller;
  if (device === undefined) {
    yield trace('phone-not-managed', {});
    yield* refuse(403, 'Not A Managed Phone');
    return;
  }
  if (extension === '' && !caller.isUnassigned) {
    yield trace('phone-logout', { device });
    const answer = yield { kind: 'log-out-phone', device };
    yield* tellOutcome(outcomeOf(answer), 'refused-tone', false);
    return;
  }
  if (phonePin === undefined) {
    yield* askForLogin(configuration, device, extension);
    return;
  }
  const outcome = yield* logIn(configuration, device, extension, phonePin);
  yield* tellOutcome(outcome, 'login-refused', false);
}

/** `dialled`: the extension when it is known already. */
function* askForLogin(
  configuration: Pick<RoutingConfiguration, 'findNumber'>,
  device: string,
  dialled: string,
): Route {
  let known = dialled;
  for (let attempt = 1; attempt <= maximumAttempts; attempt += 1) {
    yield trace('phone-login-asks', { attempt });
    const extension =
      known === '' ? yield* ask(attempt === 1 ? 'ask-extension' : 'ask-extension-again') : known;
    const pin = extension === '' ? '' : yield* ask('ask-pin');
    if (pin === '') {
      yield trace('phone-login-silent', {});
      yield { kind: 'run-service', service: 'refused-tone', forMs: refusedMs };
      return;
    }
    known = '';
    const outcome = yield* logIn(configuration, device, extension, new Secret(pin));
    if (outcome !== 'refused') {
      yield* tellOutcome(outcome, 'login-refused', true);
      return;
    }
    yield trace('phone-login-refused', {});
  }
  yield trace('phone-login-too-many', { attempts: maximumAttempts });
  yield { kind: 'run-service', service: 'login-refused', forMs: refusedMs };
}

function* ask(prompt: 'ask-extension' | 'ask-extension-again' | 'ask-pin'): Part<string> {
  const answer = yield { kind: 'ask-digits', prompt, rules: digitRules };
  return answer?.kind === 'digits' ? answer.digits.reveal() : '';
}

function* logIn(
  configuration: Pick<RoutingConfiguration, 'findNumber'>,
  device: string,
  extension: string,
  pin: Secret,
): Part<PhoneLoginOutcome> {
  // Who mistypes may have typed his PIN there: only what is an extension is told.
  const isKnown = configuration.findNumber(extension)?.kind === 'user';
  yield isKnown
    ? trace('phone-login', { device, extension })
    : trace('phone-login-unknown', { device });
  return outcomeOf(yield { kind: 'log-in-phone', device, extension, pin });
}

/** `isAnswered`: the caller hears us already and cannot be refused any more. */
function* tellOutcome(
  outcome: PhoneLoginOutcome,
  refusal: 'refused-tone' | 'login-refused',
  isAnswered: boolean,
): Route {
  switch (outcome) {
    case 'done':
      yield trace('phone-login-done', {});
      yield { kind: 'run-service', service: 'done-tone', forMs: doneMs };
      return;
    case 'refused':
      yield trace('phone-login-refused', {});
      yield { kind: 'run-service', service: refusal, forMs: refusedMs };
      return;
    case 'failed':
      yield trace('phone-login-failed', {});
      if (isAnswered) {
        yield { kind: 'run-service', service: 'refused-tone', forMs: refusedMs };
      } else {
        yield* refuse(503, 'Service Unavailable');
      }
      return;
  }
}

function outcomeOf(answer: WorldAnswer): PhoneLoginOutcome {
  return answer?.kind === 'phone-login' ? answer.outcome : 'failed';
}
