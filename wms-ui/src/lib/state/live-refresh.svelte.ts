/**
 * Keeps a page fresh: fetches when a hint of the given kinds comes, after a reconnect, and every 30 s
 * in any case. Can be paused; a hidden tab does not fetch.
 */
import { connection } from './connection.svelte.ts';

interface LiveRefreshOptions {
  /** Kinds of hints that concern the page; prefixes such as `calls.` match all of them. */
  readonly hints: readonly string[];
  /** Told which hints led to it; undefined when everything is to be fetched. */
  readonly refresh: (hints: readonly string[] | undefined) => Promise<void>;
}

const intervalMs = 30_000;
/** Hints come in bursts: at most one fetch in this time. */
const spacingMs = 1_000;

export class LiveRefresh {
  #options: LiveRefreshOptions;
  #isPaused = $state(false);
  #updatedAtMs = $state(0);
  #pending: ReturnType<typeof setTimeout> | undefined;
  #lastMs = 0;
  #isAllDue = false;
  #hintsDue: readonly string[] = [];

  constructor(options: LiveRefreshOptions) {
    this.#options = options;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get updatedAtMs(): number {
    return this.#updatedAtMs;
  }

  /** Fetches at once and keeps doing so; the returned function ends it. */
  start(): () => void {
    void this.refresh();
    const interval = setInterval(() => {
      if (!this.#isPaused && !document.hidden) {
        void this.refresh();
      }
    }, intervalMs);
    const stopListening = connection.listen((type) => {
      if (type === 'reconnected') {
        this.#handleHint(undefined);
      } else if (this.#options.hints.some((hint) => type.startsWith(hint))) {
        this.#handleHint(type);
      }
    });
    const handleVisible = (): void => {
      if (!document.hidden) {
        this.#handleHint(undefined);
      }
    };
    document.addEventListener('visibilitychange', handleVisible);
    return () => {
      clearInterval(interval);
      clearTimeout(this.#pending);
      this.#pending = undefined;
      stopListening();
      document.removeEventListener('visibilitychange', handleVisible);
    };
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (!isPaused) {
      void this.refresh();
    }
  }

  async refresh(): Promise<void> {
    await this.#refresh(undefined);
  }

  async #refresh(hints: readonly string[] | undefined): Promise<void> {
    this.#lastMs = Date.now();
    await this.#options.refresh(hints);
    this.#updatedAtMs = Date.now();
  }

  /** An undefined hint means that any may have been missed. */
  #handleHint(hint: string | undefined): void {
    if (this.#isPaused || document.hidden) {
      return;
    }
    if (hint === undefined) {
      this.#isAllDue = true;
    } else {
      this.#hintsDue = [...this.#hintsDue.filter((other) => other !== hint), hint];
    }
    if (this.#pending !== undefined) {
      return;
    }
    const waitMs = Math.max(0, this.#lastMs + spacingMs - Date.now());
    this.#pending = setTimeout(() => {
      this.#pending = undefined;
      const hints = this.#isAllDue ? undefined : this.#hintsDue;
      this.#isAllDue = false;
      this.#hintsDue = [];
      void this.#refresh(hints);
    }, waitMs);
  }
}
