/** Parts of the daemon as they leave. */
import type { PartHealth } from '../../../../bus/contract.ts';
import { presentInstant } from '../../wire/instant.ts';
import type { Part } from './schema.ts';

export function presentPart(part: PartHealth): Part {
  return {
    name: part.name,
    state: part.state,
    detail: part.detail,
    restarts: part.restarts,
    since: presentInstant(part.since),
    logLevel: part.logLevel,
    canRestart: part.canRestart,
    figures: { ...part.figures },
  };
}
