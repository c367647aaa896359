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

interface ImportSteps {
  readonly look: (text: string) => Promise<ImportPreview>;
  /** Tells the user what was done. */
  readonly bringIn: (importId: string) => Promise<void>;
}

export class ImportState {
  #steps: ImportSteps;
  #preview = $state.raw<ImportPreview | undefined>();
  #fileName = $state('');
  #problem = $state('');
  #isBusy = $state(false);
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
      await this.#run(async () => this.#steps.bringIn(importId));
    }
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
