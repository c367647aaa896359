/**
 * Where log lines go: JSON lines on standard output, written by pino outside the event loop. Every
 * part has its own level that can be changed while it runs; children follow their part.
 */
import { type Logger as PinoLogger, pino } from 'pino';
import { type LogFields, type Logger, type LogLevel, logLevels } from './logger.ts';

/** The loggers of all parts of one thread. */
export interface LogBook {
  /** The same part always gets the same logger; `part` is a folder path with dots. */
  logger(part: string): Logger;
  levelOf(part: string): LogLevel;
  /** Also holds for parts that ask for their logger later, when `part` is `*`. */
  setLevel(part: string, level: LogLevel): void;
  /** Writes what is still buffered: before the process ends. */
  flush(): void;
}

export interface LogBookOptions {
  readonly level: LogLevel;
  /** File descriptor; 1 is standard output. */
  readonly descriptor?: number;
}

/** The level shared by a part's logger and all of its children. */
interface PartLevel {
  level: LogLevel;
  /** Index in `logLevels`. */
  rank: number;
}

class PartLogger implements Logger {
  readonly #pino: PinoLogger;
  readonly #part: PartLevel;

  constructor(output: PinoLogger, part: PartLevel) {
    this.#pino = output;
    this.#part = part;
  }

  error(message: string, fields: LogFields = {}): void {
    this.#pino.error(withError(fields), message);
  }

  warn(message: string, fields: LogFields = {}): void {
    if (this.#part.rank >= 1) {
      this.#pino.warn(withError(fields), message);
    }
  }

  info(message: string, fields: LogFields = {}): void {
    if (this.#part.rank >= 2) {
      this.#pino.info(withError(fields), message);
    }
  }

  debug(message: string, fields: LogFields = {}): void {
    if (this.#part.rank >= 3) {
      this.#pino.debug(withError(fields), message);
    }
  }

  isDebugEnabled(): boolean {
    return this.#part.rank >= 3;
  }

  child(fields: LogFields): Logger {
    return new PartLogger(this.#pino.child(fields), this.#part);
  }
}

/** pino prints an error's stack only under the key `err`; ours is called `error` everywhere. */
function withError(fields: LogFields): LogFields {
  const { error, ...rest } = fields;
  return error instanceof Error ? { ...rest, err: error } : fields;
}

export function createLogBook(options: LogBookOptions): LogBook {
  const destination = pino.destination({ fd: options.descriptor ?? 1, sync: false });
  const root = pino(
    {
      level: 'debug',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  const parts = new Map<string, { readonly level: PartLevel; readonly logger: Logger }>();
  let initialLevel = options.level;

  function part(name: string): { readonly level: PartLevel; readonly logger: Logger } {
    let entry = parts.get(name);
    if (entry === undefined) {
      const level: PartLevel = { level: initialLevel, rank: logLevels.indexOf(initialLevel) };
      entry = { level, logger: new PartLogger(root.child({ part: name }), level) };
      parts.set(name, entry);
    }
    return entry;
  }

  function assign(target: PartLevel, level: LogLevel): void {
    target.level = level;
    target.rank = logLevels.indexOf(level);
  }

  return {
    logger: (name) => part(name).logger,
    levelOf: (name) => part(name).level.level,
    setLevel: (name, level) => {
      if (name === '*') {
        initialLevel = level;
        for (const entry of parts.values()) {
          assign(entry.level, level);
        }
      } else {
        assign(part(name).level, level);
      }
    },
    flush: () => {
      try {
        destination.flushSync();
      } catch {
        // Standard output is gone (a closed pipe): there is nowhere left to say so.
      }
    },
  };
}
