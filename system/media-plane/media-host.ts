/**
 * The media plane's supervisor in the main thread: owns the native packet thread and, from the first
 * service on (a thread costs 12 MB), keeps a media worker beside it. When the worker dies or hangs it
 * is replaced; relayed calls do not notice, because their packets never pass the worker.
 */
import { Worker } from 'node:worker_threads';

import type { Clock, Timer } from '../foundation/clock.ts';
import { toErrorMessage } from '../foundation/app-error.ts';
import type { Logger } from '../foundation/logger.ts';
import { MediaError, type MediaPlane } from './media.ts';
import type { MediaWorkerData, MediaWorkerMessage } from './media-worker-messages.ts';
import {
  type MediaPlaneFigures,
  NativeMediaPlane,
  type NativeMediaPlaneOptions,
} from './native-media-plane.ts';

export interface MediaPlaneHostOptions extends Omit<NativeMediaPlaneOptions, 'onServiceAttached'> {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called when `health()` has changed. */
  readonly onHealthChange?: () => void;
  /** What the worker runs; media-worker.ts when absent. Tests of the supervision give a bad one. */
  readonly workerModule?: URL;
}

export interface MediaPlaneHealth {
  /** `degraded`: calls are relayed, but services are silent until the worker is back. */
  readonly state: 'running' | 'degraded' | 'stopped';
  readonly detail: string;
  /** Of the worker, since the start. */
  readonly restarts: number;
  readonly figures: MediaPlaneFigures;
}

/** It works in place on shared memory and makes hardly any garbage. */
const youngGenerationMb = 2;
const firstRestartDelayMs = 50;
const longestRestartDelayMs = 5000;
/** A worker that ran so long has recovered: the next failure is a new one. */
const stableAfterMs = 60_000;
const watchIntervalMs = 1000;
/** Of the 50 ticks in a second; so many missed, twice in a row, is a worker that hangs. */
const hangingMissedTicks = 40;

const noFigures: MediaPlaneFigures = {
  portsUsed: 0,
  portsTotal: 0,
  servicePorts: 0,
  missedTicks: 0,
};

export class MediaPlaneHost {
  readonly #options: MediaPlaneHostOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #plane: NativeMediaPlane | undefined;
  #worker: Worker | undefined;
  #isWorkerWanted = false;
  /** The worker has said that it is ready: ticks missed from now on are its own fault. */
  #isServing = false;
  #state: MediaPlaneHealth['state'] = 'stopped';
  #detail = '';
  #restarts = 0;
  #restartDelayMs = firstRestartDelayMs;
  #runningSinceMs = 0;
  #restartTimer: Timer | undefined;
  #watchTimer: Timer | undefined;
  #missedTicksSeen = 0;
  #hangingChecks = 0;

  constructor(options: MediaPlaneHostOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** The plane, from `start()` to `close()`. Throws MediaError `unavailable` outside of that. */
  get plane(): MediaPlane {
    if (this.#plane === undefined) {
      throw new MediaError('unavailable', 'the media plane does not run');
    }
    return this.#plane;
  }

  /** Throws MediaError `unavailable`. */
  start(): void {
    this.#plane = new NativeMediaPlane({
      ...this.#options,
      onServiceAttached: () => {
        this.#wantWorker();
      },
    });
    this.#setState('running', '');
  }

  health(): MediaPlaneHealth {
    return {
      state: this.#state,
      detail: this.#detail,
      restarts: this.#restarts,
      figures: this.#plane?.figures() ?? noFigures,
    };
  }

  /** Replaces the media worker; services that run begin anew, relayed calls go on. */
  async restartWorker(): Promise<void> {
    if (this.#plane === undefined) {
      return;
    }
    this.#restartTimer?.cancel();
    await this.#stopWorker();
    this.#restarts += 1;
    if (this.#isWorkerWanted) {
      await this.#startWorker();
    }
  }

  /** Ends worker and packet thread and closes every port. Idempotent. */
  async close(): Promise<void> {
    const plane = this.#plane;
    this.#plane = undefined;
    this.#restartTimer?.cancel();
    this.#watchTimer?.cancel();
    await this.#stopWorker();
    plane?.close();
    this.#setState('stopped', '');
  }

  #wantWorker(): void {
    if (!this.#isWorkerWanted) {
      this.#isWorkerWanted = true;
      this.#watch();
      void this.#startWorker().catch((error: unknown) => {
        this.#detail = toErrorMessage(error);
        this.#scheduleRestart();
      });
    }
  }

  /** Resolves when the worker is ready or has failed, in which case a restart is scheduled. */
  async #startWorker(): Promise<void> {
    if (this.#plane === undefined) {
      return;
    }
    const workerData: MediaWorkerData = { plane: this.#plane.plane };
    const module = this.#options.workerModule ?? new URL('./media-worker.ts', import.meta.url);
    const worker = new Worker(module, {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    });
    this.#worker = worker;
    this.#isServing = false;
    await new Promise<void>((resolve) => {
      worker.on('message', (message: MediaWorkerMessage) => {
        this.#handleMessage(message);
        resolve();
      });
      worker.on('error', (error) => {
        this.#detail = toErrorMessage(error);
        this.#logger.error('media worker failed', { error: this.#detail });
      });
      worker.on('exit', () => {
        this.#handleExit(worker);
        resolve();
      });
    });
  }

  async #stopWorker(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #handleMessage(message: MediaWorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        this.#isServing = true;
        this.#runningSinceMs = this.#clock.nowMs();
        this.#hangingChecks = 0;
        this.#setState('running', '');
        break;
      case 'service-failed':
        this.#logger.error('media service failed', { error: message.error });
        break;
    }
  }

  #handleExit(worker: Worker): void {
    if (this.#worker !== worker) {
      return; // Stopped on purpose.
    }
    this.#worker = undefined;
    if (this.#clock.nowMs() - this.#runningSinceMs > stableAfterMs) {
      this.#restartDelayMs = firstRestartDelayMs;
    }
    this.#scheduleRestart();
  }

  #scheduleRestart(): void {
    this.#setState('degraded', `media worker ended: ${this.#detail}`);
    this.#logger.warn('media worker ended, starting another', { delayMs: this.#restartDelayMs });
    this.#restartTimer = this.#clock.schedule(this.#restartDelayMs, () => {
      this.#restarts += 1;
      this.#startWorker().catch((error: unknown) => {
        // Not even a thread could be made; the next attempt may find room for one.
        this.#detail = toErrorMessage(error);
        this.#scheduleRestart();
      });
    });
    this.#restartDelayMs = Math.min(2 * this.#restartDelayMs, longestRestartDelayMs);
  }

  /** A worker in an endless loop does not exit by itself; it shows in the ticks it misses. */
  #watch(): void {
    this.#watchTimer = this.#clock.schedule(watchIntervalMs, () => {
      const { missedTicks } = this.#plane?.figures() ?? noFigures;
      const isHanging = missedTicks - this.#missedTicksSeen >= hangingMissedTicks;
      this.#missedTicksSeen = missedTicks;
      this.#hangingChecks = isHanging && this.#isServing ? this.#hangingChecks + 1 : 0;
      if (this.#hangingChecks >= 2) {
        this.#hangingChecks = 0;
        this.#detail = 'it did not answer';
        void this.#worker?.terminate();
      }
      this.#watch();
    });
  }

  #setState(state: MediaPlaneHealth['state'], detail: string): void {
    this.#state = state;
    this.#detail = detail;
    this.#options.onHealthChange?.();
  }
}
