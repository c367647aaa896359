/**
 * Keeps a page fresh: fetches when a hint of the given kinds comes, after a reconnect, and every 30 s
 * in any case. Can be paused; a hidden tab does not fetch.
 */
import { connection } from './connection.svelte.ts';

interface LiveRefreshOptions {
  /** Kinds of hints that concern the page; prefixes such as `calls.` match all of them. */
  readonly hints: readonly string[];
  readonly refresh: () => Promise<void>;
}

const intervalMs = 30_000;
/** Hints come in bursts: at most one fetch in this time. */
const spacingMs = 400;

export class LiveRefresh {
  #options: LiveRefreshOptions;
  #isPaused = $state(false);
  #updatedAtMs = $state(0);
  #pending: ReturnType<typeof setTimeout> | undefined;
  #lastMs = 0;

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
      if (type === 'reconnected' || this.#options.hints.some((hint) => type.startsWith(hint))) {
        this.#handleHint();
      }
    });
    const handleVisible = (): void => {
      if (!document.hidden) {
        this.#handleHint();
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
    this.#lastMs = Date.now();
    await this.#options.refresh();
    this.#updatedAtMs = Date.now();
  }

  #handleHint(): void {
    if (this.#isPaused || document.hidden || this.#pending !== undefined) {
      return;
    }
    const waitMs = Math.max(0, this.#lastMs + spacingMs - Date.now());
    this.#pending = setTimeout(() => {
      this.#pending = undefined;
      void this.refresh();
    }, waitMs);
  }
}
