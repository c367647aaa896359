/** An import in three steps: choose a file or paste text, look at what would happen, do it. */
import { describeError } from '../api/describe-error.ts';
import type { Issue } from '../api/problem.ts';

export interface ImportRow {
  /** Of the file, from 1. */
  readonly line: number;
  readonly action: 'create' | 'update' | 'error' | 'unchanged';
  readonly title: string;
}

/** What an import would do. */
export interface ImportPreview {
  /** Missing when there is nothing to import, or not as it is. */
  readonly importId?: string | undefined;
  readonly created: number;
  readonly updated: number;
  readonly unchanged?: number;
  /** How many wrong rows an import leaves out; missing where one wrong row stops all of it. */
  readonly leftOut?: number;
  /** Not all of a long file. */
  readonly rows: readonly ImportRow[];
  /** Their paths begin with the line: `12.mac`. */
  readonly issues: readonly Issue[];
}

/** How far an import is that takes time. */
export interface ImportProgress {
  readonly done: number;
  readonly total: number;
}

interface ImportSteps {
  readonly look: (text: string) => Promise<ImportPreview>;
  /** Tells the user what was done. */
  readonly bringIn: (importId: string) => Promise<void>;
  /** Undefined while nothing is told; missing where an import takes no time. */
  readonly watch?: (importId: string) => Promise<ImportProgress | undefined>;
  /** Stops one that runs; `bringIn` then rejects. */
  readonly cancel?: (importId: string) => Promise<void>;
}

/** So often an import that runs is asked how far it is. */
const watchEveryMs = 500;
/** Before so much time nobody can say how long it takes. */
const estimateAfterMs = 1_500;

export class ImportState {
  #steps: ImportSteps;
  #preview = $state.raw<ImportPreview | undefined>();
  #fileName = $state('');
  #problem = $state('');
  #isBusy = $state(false);
  #progress = $state.raw<ImportProgress | undefined>();
  #remainingSec = $state<number | undefined>();
  text = $state('');

  constructor(steps: ImportSteps) {
    this.#steps = steps;
  }

  /** Undefined while a file is being chosen. */
  get preview(): ImportPreview | undefined {
    return this.#preview;
  }

  /** Empty for text that was typed. */
  get fileName(): string {
    return this.#fileName;
  }

  /** What went wrong with the last step, in words; empty when nothing did. */
  get problem(): string {
    return this.#problem;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Undefined while no import runs that takes time. */
  get progress(): ImportProgress | undefined {
    return this.#progress;
  }

  /** Undefined while nobody can say. */
  get remainingSec(): number | undefined {
    return this.#remainingSec;
  }

  get canStop(): boolean {
    return this.#progress !== undefined && this.#steps.cancel !== undefined;
  }

  async takeFile(text: string, name: string): Promise<void> {
    this.text = text;
    this.#fileName = name;
    await this.look();
  }

  async look(): Promise<void> {
    await this.#run(async () => {
      this.#preview = await this.#steps.look(this.text);
    });
  }

  async bringIn(): Promise<void> {
    const importId = this.#preview?.importId;
    if (importId !== undefined) {
      await this.#run(async () => {
        const stopWatching = this.#watch(importId);
        try {
          await this.#steps.bringIn(importId);
        } finally {
          stopWatching();
        }
      });
    }
  }

  async stop(): Promise<void> {
    const importId = this.#preview?.importId;
    if (importId !== undefined) {
      await this.#steps.cancel?.(importId);
    }
  }

  #watch(importId: string): () => void {
    const { watch } = this.#steps;
    let startedMs: number | undefined;
    let isAsking = false;
    const look = async (): Promise<void> => {
      if (isAsking) {
        return;
      }
      isAsking = true;
      try {
        const told = await watch?.(importId);
        if (told !== undefined && told.total > 0 && isWatching) {
          startedMs ??= Date.now();
          this.#progress = told;
          const passedMs = Date.now() - startedMs;
          const rest = told.total - told.done;
          this.#remainingSec =
            passedMs < estimateAfterMs || told.done === 0
              ? undefined
              : Math.ceil((passedMs * rest) / told.done / 1000);
        }
      } catch {
        // The import itself tells what is wrong with it.
      } finally {
        isAsking = false;
      }
    };
    let isWatching = true;
    const timer = watch === undefined ? undefined : setInterval(() => void look(), watchEveryMs);
    return () => {
      isWatching = false;
      clearInterval(timer);
      this.#progress = undefined;
      this.#remainingSec = undefined;
    };
  }

  goBack(): void {
    this.#preview = undefined;
  }

  async #run(step: () => Promise<void>): Promise<void> {
    this.#isBusy = true;
    this.#problem = '';
    try {
      await step();
    } catch (error) {
      this.#problem = describeError(error);
    } finally {
      this.#isBusy = false;
    }
  }
}
