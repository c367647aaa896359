/**
 * The shell of one session: its control connection, one command after the other, and what a command
 * needs of the world. ABOR is heard while a transfer runs; everything else waits for its end.
 */
import type { Socket } from 'node:net';
import { toErrorMessage } from '../../system/foundation/app-error.ts';
import type { Timer } from '../../system/foundation/clock.ts';
import type { Logger } from '../../system/foundation/logger.ts';
import { CommandReader, type ReadLine } from './command-reader.ts';
import { DataTransfers, type DataTransfersOptions } from './data-transfers.ts';
import type { SessionEnd } from './ftp-event.ts';
import { quotePath, serializeReply, type FtpReply } from './reply.ts';
import { FtpSession, type FtpAction } from './session.ts';

export interface SessionLimits {
  /** Without a command; until the login it is a quarter of it. */
  readonly idleMs: number;
  /** Until a data connection comes about, and without a byte on it. */
  readonly stallMs: number;
  /** Before a wrong login is answered. */
  readonly failureDelayMs: number;
}

export interface ControlConnectionOptions extends Omit<DataTransfersOptions, 'stallMs' | 'reply'> {
  readonly socket: Socket;
  readonly authenticate: (name: string, password: string) => boolean;
  readonly limits: SessionLimits;
  readonly logger: Logger;
}

/** Commands that wait; beyond, the client is not read any more. */
const maximumWaiting = 64;
/** A client that reads no answers. */
const maximumUnreadBytes = 65_536;
/** How long a client may take to hear that the server stops. */
const stopMs = 200;

export class ControlConnection {
  readonly #options: ControlConnectionOptions;
  readonly #session: FtpSession;
  readonly #reader = new CommandReader();
  readonly #transfers: DataTransfers;
  readonly #waiting: ReadLine[] = [];
  #idle: Timer | undefined;
  #isBusy = false;
  #hasEnded = false;

  constructor(options: ControlConnectionOptions) {
    this.#options = options;
    this.#session = new FtpSession(options.client.address);
    this.#transfers = new DataTransfers({
      ...options,
      stallMs: options.limits.stallMs,
      reply: (reply) => {
        this.#reply(reply);
      },
    });
  }

  start(): void {
    const { socket } = this.#options;
    socket.setNoDelay(true);
    socket.on('error', () => this.#finish('gone'));
    socket.on('close', () => this.#finish('gone'));
    socket.on('data', (chunk) => this.#receive(chunk));
    this.#reply({ code: 220, text: 'Campanile' });
    this.#restartIdle();
  }

  /** Idempotent. */
  stop(): void {
    this.#reply({ code: 421, text: 'The server is stopping.' });
    this.#finish('stopped', stopMs);
  }

  #receive(chunk: Buffer): void {
    for (const line of this.#reader.push(chunk)) {
      if (line?.verb === 'ABOR') {
        this.#transfers.interrupt();
      }
      this.#waiting.push(line);
    }
    if (this.#waiting.length > maximumWaiting) {
      this.#options.socket.pause();
    }
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#isBusy) {
      return;
    }
    this.#isBusy = true;
    this.#idle?.cancel();
    while (this.#waiting.length > 0 && !this.#hasEnded) {
      const line = this.#waiting.shift();
      try {
        await this.#perform(this.#session.handle(line), line?.verb ?? '');
      } catch (error) {
        const { logger, client } = this.#options;
        logger.error('A command of FTP failed', {
          verb: line?.verb,
          source: client.address,
          error: toErrorMessage(error),
        });
        this.#transfers.drop();
        this.#reply({ code: 451, text: 'Server error.' });
      }
    }
    this.#isBusy = false;
    if (!this.#hasEnded) {
      this.#options.socket.resume();
      this.#restartIdle();
    }
  }

  async #perform(action: FtpAction, verb: string): Promise<void> {
    switch (action.kind) {
      case 'reply':
        this.#reply(action.reply);
        return;
      case 'end':
        this.#reply(action.reply);
        this.#finish(action.reply.code === 221 ? 'quit' : 'limit');
        return;
      case 'log-in':
        return this.#logIn(action.name, action.password);
      case 'listen':
        return this.#transfers.listen(action.form);
      case 'call-back':
        this.#transfers.callBack(action.target);
        return;
      case 'enter':
        return this.#perform(
          this.#session.entered(action.path, this.#options.store.isFolder(action.path)),
          verb,
        );
      case 'describe':
        return this.#transfers.describe(action);
      case 'send':
        return this.#transfers.send(action.path, action.offset);
      case 'list':
        return this.#transfers.list(action);
      case 'receive':
        return this.#transfers.receive(action.path, action.isAppended);
      case 'make-folder': {
        const text = `${quotePath(action.path)} created.`;
        this.#answer(this.#options.store.makeFolder(action.path), 257, text, verb, action.path);
        return;
      }
      case 'remove-folder':
        this.#answer(
          this.#options.store.removeFolder(action.path),
          250,
          'Gone.',
          verb,
          action.path,
        );
        return;
      case 'delete': {
        const { store, client } = this.#options;
        const isGone = await store.delete(action.path, client);
        this.#answer(isGone, 250, 'Gone.', verb, action.path);
        return;
      }
      case 'abort':
        this.#transfers.drop();
        this.#reply({ code: 226, text: 'Nothing is under way.' });
        return;
    }
  }

  async #logIn(name: string, password: string): Promise<void> {
    const { authenticate, limits, clock, onHappening } = this.#options;
    const isAllowed = authenticate(name, password);
    onHappening({ kind: isAllowed ? 'logged-in' : 'login-refused', name });
    if (!isAllowed && limits.failureDelayMs > 0) {
      await new Promise<void>((resolve) => {
        clock.schedule(limits.failureDelayMs, resolve);
      });
    }
    await this.#perform(this.#session.loggedIn(isAllowed), 'PASS');
  }

  #answer(isDone: boolean, code: number, text: string, command: string, path: string): void {
    if (!isDone) {
      this.#options.onHappening({ kind: 'refused', command, path });
    }
    this.#reply(isDone ? { code, text } : { code: 550, text: 'Not allowed.' });
  }

  #reply(reply: FtpReply): void {
    const { socket } = this.#options;
    if (this.#hasEnded || socket.destroyed) {
      return;
    }
    socket.write(serializeReply(reply));
    if (socket.writableLength > maximumUnreadBytes) {
      socket.destroy();
    }
  }

  #restartIdle(): void {
    const { clock, limits } = this.#options;
    this.#idle?.cancel();
    const delayMs = this.#session.isLoggedIn ? limits.idleMs : limits.idleMs / 4;
    this.#idle = clock.schedule(delayMs, () => {
      this.#reply({ code: 421, text: 'Nothing was said for too long.' });
      this.#finish('idle');
    });
  }

  #finish(reason: SessionEnd, lingerMs = this.#options.limits.stallMs): void {
    if (this.#hasEnded) {
      return;
    }
    this.#hasEnded = true;
    this.#idle?.cancel();
    this.#transfers.close();
    const { socket, clock, onHappening } = this.#options;
    // What was said last shall arrive, but a client that does not read it holds nothing.
    socket.end();
    clock.schedule(lingerMs, () => socket.destroy());
    onHappening({ kind: 'ended', reason, commands: this.#session.commandCount });
  }
}
