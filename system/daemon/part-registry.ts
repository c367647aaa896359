/** The parts of the daemon and how they are: what the health page shows and what changes are told. */
import type { PartHealth, PartState } from '../bus/contract.ts';
import type { Clock, Timer } from '../foundation/clock.ts';
import type { LogBook } from '../foundation/log-book.ts';
import type { LogLevel } from '../foundation/logger.ts';

export interface PartDeclaration {
  /** A folder path with dots, which is also the name its log lines carry. */
  readonly name: string;
  /** Asked each time the health is read; cheap. */
  readonly figures?: (() => Readonly<Record<string, number>>) | undefined;
  /** Present when it can be restarted without touching calls. */
  readonly restart?: () => void;
  /** Called when its level changes, for parts that log in another thread. */
  readonly onLogLevel?: (level: LogLevel) => void;
}

/** How a part tells what became of it. */
export interface PartReporter {
  /** `detail` is for an administrator: what is wrong and what happens now. */
  report(state: PartState, detail?: string): void;
  countRestart(): void;
}

interface Part {
  readonly declaration: PartDeclaration;
  state: PartState;
  detail: string;
  restarts: number;
  since: number;
}

/** Changes are told together, at most this often. */
const tellAfterMs = 100;

export class PartRegistry {
  readonly #parts = new Map<string, Part>();
  readonly #clock: Clock;
  readonly #logBook: LogBook;
  readonly #onChange: () => void;
  #telling: Timer | undefined;

  constructor(options: { clock: Clock; logBook: LogBook; onChange: () => void }) {
    this.#clock = options.clock;
    this.#logBook = options.logBook;
    this.#onChange = options.onChange;
  }

  add(declaration: PartDeclaration): PartReporter {
    const part: Part = {
      declaration,
      state: 'starting',
      detail: '',
      restarts: 0,
      since: this.#clock.wallMs(),
    };
    this.#parts.set(declaration.name, part);
    return {
      report: (state, detail = '') => {
        if (part.state !== state || part.detail !== detail) {
          part.state = state;
          part.detail = detail;
          part.since = this.#clock.wallMs();
          this.#changed();
        }
      },
      countRestart: () => {
        part.restarts += 1;
        this.#changed();
      },
    };
  }

  list(): PartHealth[] {
    return [...this.#parts.values()].map((part) => ({
      name: part.declaration.name,
      state: part.state,
      detail: part.detail,
      restarts: part.restarts,
      since: part.since,
      logLevel: this.#logBook.levelOf(part.declaration.name),
      canRestart: part.declaration.restart !== undefined,
      figures: part.declaration.figures?.() ?? {},
    }));
  }

  setLogLevel(name: string, level: LogLevel): boolean {
    const part = this.#parts.get(name);
    if (part === undefined) {
      return false;
    }
    this.#logBook.setLevel(name, level);
    part.declaration.onLogLevel?.(level);
    this.#changed();
    return true;
  }

  restart(name: string): 'restarting' | 'not-restartable' | 'not-found' {
    const part = this.#parts.get(name);
    if (part === undefined) {
      return 'not-found';
    }
    if (part.declaration.restart === undefined) {
      return 'not-restartable';
    }
    part.declaration.restart();
    return 'restarting';
  }

  #changed(): void {
    this.#telling ??= this.#clock.schedule(tellAfterMs, () => {
      this.#telling = undefined;
      this.#onChange();
    });
  }
}
