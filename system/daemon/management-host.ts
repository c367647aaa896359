/**
 * Runs the management plane in its worker thread and starts it again when it ends unasked. Calls do
 * not notice: nothing on a call's path waits for this thread.
 */
import { MessageChannel, Worker } from 'node:worker_threads';
import type { BootSettings } from '../boot-settings/boot-settings.ts';
import { type CallPlaneBus, createCallPlaneBus } from '../bus/ends.ts';
import type { ManagementWorkerData } from '../bus/management-worker-data.ts';
import type { Clock, Timer } from '../foundation/clock.ts';
import { toErrorMessage } from '../foundation/app-error.ts';
import type { Logger } from '../foundation/logger.ts';
import type { PartReporter } from './part-registry.ts';
import { planRestart, untroubled } from './restart-policy.ts';

export interface ManagementHostOptions {
  readonly settings: BootSettings;
  readonly bootId: string;
  readonly version: string;
  readonly logDescriptor: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly part: PartReporter;
  /** Called for every new worker, before it runs: declares handlers and listeners on its bus. */
  readonly onConnected: (bus: CallPlaneBus) => void;
  readonly onDisconnected: () => void;
  /**
   * The very first worker ended before it was ready: a port that is taken, a database that cannot be
   * opened. It is tried again all the same, but the person who started the daemon wants to know.
   */
  readonly onFirstStartFailed: (failure: string) => void;
}

const workerFile = new URL('../management-plane/worker.ts', import.meta.url);
/**
 * Its garbage may wait for no more than this: the thread is seldom busy, and room it once used for a
 * long list would stay resident for ever.
 */
const youngGenerationMb = 3;
/** How long an ordered stop may take before the thread is ended. */
const stopTimeoutMs = 5_000;

export class ManagementHost {
  readonly #options: ManagementHostOptions;
  #worker: Worker | undefined;
  #bus: CallPlaneBus | undefined;
  #policy = untroubled;
  #startedAtMs = 0;
  #restarts = 0;
  #restarting: Timer | undefined;
  #isAskedFor = false;
  #isClosing = false;

  constructor(options: ManagementHostOptions) {
    this.#options = options;
  }

  start(): void {
    const { settings, bootId, version, logDescriptor, clock, logger, part } = this.#options;
    this.#restarting = undefined;
    this.#startedAtMs = clock.nowMs();
    part.report('starting');
    const { port1, port2 } = new MessageChannel();
    const bus = createCallPlaneBus({ port: port1, clock, logger });
    this.#bus = bus;
    this.#options.onConnected(bus);
    const workerData: ManagementWorkerData = {
      busPort: port2,
      settings,
      bootId,
      version,
      logDescriptor,
      restarts: this.#restarts,
    };
    const worker = new Worker(workerFile, {
      workerData,
      transferList: [port2],
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    });
    this.#worker = worker;
    let failure = '';
    worker.on('error', (error) => {
      failure = toErrorMessage(error);
      logger.error('The management plane failed', { error });
    });
    worker.on('exit', () => {
      bus.close();
      if (this.#worker === worker) {
        this.#worker = undefined;
        this.#bus = undefined;
        this.#options.onDisconnected();
        this.#handleEnd(failure);
      }
    });
  }

  /** Ends the thread at once, as a crash would, but somebody asked for it: it comes back at once. */
  restart(): void {
    this.#isAskedFor = this.#worker !== undefined;
    void this.#worker?.terminate();
  }

  /** Ordered: what was acknowledged is on disk already, open requests are finished. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#restarting?.cancel();
    const worker = this.#worker;
    if (worker === undefined) {
      return;
    }
    try {
      await this.#bus?.request('stop', {}, stopTimeoutMs);
    } catch (error) {
      this.#options.logger.warn('The management plane did not stop in order', { error });
    }
    await worker.terminate();
    this.#options.part.report('stopped');
  }

  #handleEnd(failure: string): void {
    const { clock, logger, part } = this.#options;
    if (this.#isClosing) {
      return;
    }
    const isAskedFor = this.#isAskedFor;
    this.#isAskedFor = false;
    const ranForMs = clock.nowMs() - this.#startedAtMs;
    const { policy, delayMs } = isAskedFor
      ? { policy: untroubled, delayMs: 0 }
      : planRestart(this.#policy, ranForMs);
    this.#policy = policy;
    if (this.#restarts === 0) {
      this.#options.onFirstStartFailed(failure);
    }
    this.#restarts += 1;
    part.countRestart();
    if (isAskedFor) {
      part.report('starting', 'It is being restarted.');
      logger.info('The management plane is restarted on request; calls go on');
    } else {
      part.report('failed', failure === '' ? 'It ended without a reason.' : failure);
      logger.warn('The management plane ended; calls go on; it is started again', { delayMs });
    }
    this.#restarting = clock.schedule(delayMs, () => {
      this.start();
    });
  }
}
