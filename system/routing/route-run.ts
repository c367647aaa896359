/**
 * Runs a route step by step: collects its trace with times and the world's answers, and hands the
 * effects that are not trace to whoever performs them. `replayRoute` runs the same route again from
 * recorded answers: what the explanation and the simulation of a call are made of.
 */
import {
  type CallFacts,
  type Route,
  routeCall,
  type RoutingConfiguration,
  type WorldAnswer,
  type WorldEffect,
} from './route-call.ts';
import type { TraceCode, TraceStep } from './trace.ts';

export class RouteRun {
  readonly #route: Route;
  readonly #trace: TraceStep[] = [];
  readonly #answers: WorldAnswer[] = [];
  #isStarted = false;
  #isOver = false;

  constructor(configuration: RoutingConfiguration, facts: CallFacts) {
    this.#route = routeCall(configuration, facts);
  }

  get trace(): readonly TraceStep[] {
    return this.#trace;
  }

  /** What the world answered so far, in the order of the effects that were not trace. */
  get answers(): readonly WorldAnswer[] {
    return this.#answers;
  }

  /** False once the route has ended or was abandoned. */
  get isRunning(): boolean {
    return !this.#isOver;
  }

  /**
   * Resumes with the answer to the last effect (with `undefined` at first) and runs up to the next
   * effect that the world has to perform; undefined when the route is over.
   */
  next(answer: WorldAnswer, atMs: number): WorldEffect | undefined {
    if (this.#isOver) {
      return undefined;
    }
    if (this.#isStarted) {
      this.#answers.push(answer);
    }
    this.#isStarted = true;
    let step = this.#route.next(answer);
    while (step.done !== true) {
      if (step.value.kind !== 'trace') {
        return step.value;
      }
      this.#trace.push({ atMs, code: step.value.code, facts: step.value.facts });
      step = this.#route.next(undefined);
    }
    this.#isOver = true;
    return undefined;
  }

  /** The world ended the call: the route is not asked again. */
  abandon(): void {
    this.#isOver = true;
  }

  /** Adds a step that no route decides: the caller gave up, somebody hung up. */
  note(code: TraceCode, facts: Readonly<Record<string, string | number>>, atMs: number): void {
    this.#trace.push({ atMs, code, facts });
  }
}

/** The trace and the effects of a route that gets these answers; ends early when they run out. */
export function replayRoute(
  configuration: RoutingConfiguration,
  facts: CallFacts,
  answers: readonly WorldAnswer[],
): { readonly trace: readonly TraceStep[]; readonly effects: readonly WorldEffect[] } {
  const run = new RouteRun(configuration, facts);
  const effects: WorldEffect[] = [];
  let effect = run.next(undefined, 0);
  for (const answer of answers) {
    if (effect === undefined) {
      break;
    }
    effects.push(effect);
    effect = run.next(answer, 0);
  }
  if (effect !== undefined) {
    effects.push(effect);
  }
  return { trace: run.trace, effects };
}
