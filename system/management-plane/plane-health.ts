/** What the management plane tells of itself, for the list of parts: state, problems, figures. */
import type { PartState } from '../bus/contract.ts';
import type { ManagementPlaneBus } from '../bus/ends.ts';
import type { Clock, Timer } from '../foundation/clock.ts';
import { EventLoopDelay } from '../foundation/event-loop-delay.ts';

export interface PlaneHealthOptions {
  readonly bus: Pick<ManagementPlaneBus, 'emit' | 'droppedEvents'>;
  readonly clock: Clock;
  /** What an administrator should know of; none means running. */
  readonly problems: () => readonly string[];
  /** Further figures, by name with unit. */
  readonly figures: () => Readonly<Record<string, number>>;
}

const reportEveryMs = 10_000;
const bytesPerMegabyte = 1e6;

export class PlaneHealth {
  readonly #options: PlaneHealthOptions;
  readonly #delay = new EventLoopDelay();
  #state: Extract<PartState, 'starting' | 'running' | 'degraded' | 'failed'> = 'starting';
  #timer: Timer | undefined;

  constructor(options: PlaneHealthOptions) {
    this.#options = options;
  }

  get state(): 'starting' | 'running' | 'degraded' | 'failed' {
    return this.#state;
  }

  start(): void {
    this.#delay.start();
    this.#report();
  }

  /** The start failed: the reason is told, and the thread ends after it. */
  fail(detail: string): void {
    this.close();
    this.#state = 'failed';
    this.#options.bus.emit('management.health', { state: 'failed', detail, figures: {} });
  }

  close(): void {
    this.#timer?.cancel();
    this.#delay.stop();
  }

  #report(): void {
    const problems = this.#options.problems();
    this.#state = problems.length === 0 ? 'running' : 'degraded';
    this.#options.bus.emit('management.health', {
      state: this.#state,
      // A line for each: pages tell them in their language.
      detail: problems.join('\n'),
      figures: {
        eventLoopDelayP99Ms: this.#delay.p99Ms,
        heapUsedMB: Math.round(process.memoryUsage().heapUsed / bytesPerMegabyte),
        busEventsDropped: this.#options.bus.droppedEvents,
        ...this.#options.figures(),
      },
    });
    this.#delay.reset();
    this.#timer = this.#options.clock.schedule(reportEveryMs, () => {
      this.#report();
    });
  }
}
