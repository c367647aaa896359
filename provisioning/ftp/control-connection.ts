/**
 * The shell of one session: its control connection, one command after the other, and what a command
 * needs of the world. ABOR is heard while a transfer runs; everything else waits for its end.
 */
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { toErrorMessage } from '../../system/foundation/app-error.ts';
import type { Clock, Timer } from '../../system/foundation/clock.ts';
import type { Logger } from '../../system/foundation/logger.ts';
import { CommandReader, type ReadLine } from './command-reader.ts';
import { describeExtendedPassive, describePassive } from './data-address.ts';
import {
  callBack,
  receiveData,
  sendData,
  type DataChannel,
  type DataOutcome,
  type DataResult,
} from './data-channel.ts';
import type { FtpClient, FtpFileStore } from './file-store.ts';
import type { FtpHappening, SessionEnd } from './ftp-event.ts';
import { describeFacts, formatTime, serializeListing } from './listing.ts';
import type { PassivePorts } from './passive-ports.ts';
import { quotePath, serializeReply, type FtpReply } from './reply.ts';
import { FtpSession, notFound, type FtpAction } from './session.ts';

export interface SessionLimits {
  /** Without a command; until the login it is a quarter of it. */
  readonly idleMs: number;
  /** Until a data connection comes about, and without a byte on it. */
  readonly stallMs: number;
  /** Before a wrong login is answered. */
  readonly failureDelayMs: number;
}

export interface ControlConnectionOptions {
  readonly socket: Socket;
  readonly client: FtpClient;
  readonly store: FtpFileStore;
  readonly passivePorts: PassivePorts;
  /** What PASV tells instead of the address that was reached. */
  readonly passiveAddress: () => string | undefined;
  readonly authenticate: (name: string, password: string) => boolean;
  /** Whether one more file may be taken into memory now. */
  readonly takeUploadPlace: () => (() => void) | undefined;
  readonly limits: SessionLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onHappening: (happening: FtpHappening) => void;
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
  readonly #waiting: ReadLine[] = [];
  #channel: DataChannel | undefined;
  #idle: Timer | undefined;
  #isBusy = false;
  #isTransferring = false;
  #hasEnded = false;

  constructor(options: ControlConnectionOptions) {
    this.#options = options;
    this.#session = new FtpSession(options.client.address);
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
      if (line?.verb === 'ABOR' && this.#isTransferring) {
        this.#channel?.close();
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
        this.#dropChannel();
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
        return this.#listen(action.form);
      case 'call-back': {
        const { client, limits } = this.#options;
        this.#dropChannel();
        this.#channel = callBack(action.target, client.localAddress, limits.stallMs);
        this.#reply({ code: 200, text: 'Done.' });
        return;
      }
      case 'enter':
        return this.#perform(
          this.#session.entered(action.path, this.#options.store.isFolder(action.path)),
          verb,
        );
      case 'describe':
        return this.#describe(action);
      case 'send':
        return this.#send(action.path, action.offset);
      case 'list':
        return this.#list(action);
      case 'receive':
        return this.#receiveFile(action.path, action.isAppended);
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
        this.#dropChannel();
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

  async #listen(form: 'PASV' | 'EPSV'): Promise<void> {
    const { client, passivePorts, passiveAddress, limits, onHappening } = this.#options;
    this.#dropChannel();
    const isIpv6 = client.localAddress.includes(':');
    if (form === 'PASV' && isIpv6) {
      this.#reply({ code: 425, text: 'Use EPSV over IPv6.' });
      return;
    }
    const channel = await passivePorts.open({
      localAddress: client.localAddress,
      clientAddress: client.address,
      timeoutMs: limits.stallMs,
      onStranger: (address) => onHappening({ kind: 'stranger', address }),
    });
    if (channel === undefined) {
      onHappening({ kind: 'no-port' });
      this.#reply({ code: 425, text: 'No port is free; try again.' });
    } else if (this.#hasEnded) {
      channel.close();
    } else {
      this.#channel = channel;
      const address = passiveAddress() ?? client.localAddress;
      this.#reply(
        form === 'PASV'
          ? { code: 227, text: describePassive({ address, port: channel.port }) }
          : { code: 229, text: describeExtendedPassive(channel.port) },
      );
    }
  }

  async #describe({ what, path }: Extract<FtpAction, { kind: 'describe' }>): Promise<void> {
    const { store, client, onHappening } = this.#options;
    const content = await store.find(path, client, true);
    if (content === undefined) {
      // Many clients ask for the size first, and leave it at that.
      onHappening({ kind: 'not-found', path });
      this.#reply(notFound);
      return;
    }
    const { sizeBytes, modifiedMs } = content;
    switch (what) {
      case 'SIZE':
        this.#reply({ code: 213, text: String(sizeBytes) });
        return;
      case 'MDTM':
        this.#reply({ code: 213, text: formatTime(modifiedMs) });
        return;
      case 'MLST': {
        const entry = { name: path, isFolder: false, sizeBytes, modifiedMs };
        this.#reply({ code: 250, text: 'Facts:', lines: [describeFacts(entry)] });
        return;
      }
    }
  }

  async #send(path: string, offset: number): Promise<void> {
    const { store, client, onHappening } = this.#options;
    if (!this.#hasChannel()) {
      return;
    }
    const content = await store.find(path, client, false);
    if (content === undefined) {
      this.#dropChannel();
      onHappening({ kind: 'not-found', path });
      this.#reply(notFound);
    } else if (offset > content.sizeBytes) {
      this.#dropChannel();
      this.#reply({ code: 554, text: 'The file is shorter than that.' });
    } else {
      await this.#transfer('sent', path, (socket) =>
        sendData(socket, content.read(offset), this.#options.limits.stallMs),
      );
    }
  }

  async #list({ form, path }: Extract<FtpAction, { kind: 'list' }>): Promise<void> {
    const { store, client, clock, limits } = this.#options;
    if (!this.#hasChannel()) {
      return;
    }
    const content = store.isFolder(path) ? undefined : await store.find(path, client, true);
    if (!store.isFolder(path) && (content === undefined || form === 'MLSD')) {
      this.#dropChannel();
      this.#reply(notFound);
      return;
    }
    const entries =
      content === undefined
        ? await store.list(path, client)
        : [{ ...content, name: path.slice(path.lastIndexOf('/') + 1), isFolder: false }];
    const text = serializeListing(form, entries, clock.wallMs());
    await this.#transfer('sent', undefined, (socket) =>
      sendData(socket, Readable.from([Buffer.from(text)]), limits.stallMs),
    );
  }

  async #receiveFile(path: string, isAppended: boolean): Promise<void> {
    const { store, client, takeUploadPlace, limits, onHappening } = this.#options;
    if (!this.#hasChannel()) {
      return;
    }
    const free = takeUploadPlace();
    try {
      const upload =
        free === undefined ? 'busy' : await store.prepareUpload(path, client, isAppended);
      if (upload === 'busy' || upload === 'refused') {
        this.#dropChannel();
        onHappening({ kind: 'refused', command: isAppended ? 'APPE' : 'STOR', path });
        this.#reply(
          upload === 'busy'
            ? { code: 450, text: 'Too many files at once; try again later.' }
            : { code: 553, text: 'Not allowed.' },
        );
        return;
      }
      await this.#transfer('received', path, async (socket) => {
        const received = await receiveData(socket, upload.maximumBytes, limits.stallMs);
        const isKept = received.content === undefined || (await upload.finish(received.content));
        return isKept ? received : { ...received, outcome: 'too-long' };
      });
    } finally {
      free?.();
    }
  }

  /** `path` is undefined for a listing, which is no news. */
  async #transfer(
    direction: 'sent' | 'received',
    path: string | undefined,
    run: (socket: Socket) => Promise<DataResult>,
  ): Promise<void> {
    const { clock, onHappening } = this.#options;
    const channel = this.#channel;
    this.#reply({ code: 150, text: 'Here it comes.' });
    this.#isTransferring = true;
    const startedAtMs = clock.nowMs();
    const socket = await channel?.open();
    const result: DataResult =
      socket === undefined ? { outcome: 'cut', sizeBytes: 0 } : await run(socket);
    this.#isTransferring = false;
    this.#dropChannel(result.outcome === 'complete');
    if (path !== undefined) {
      const durationMs = clock.nowMs() - startedAtMs;
      onHappening({ kind: 'transfer', direction, path, durationMs, ...result });
    }
    this.#reply(socket === undefined ? noConnection : replies[result.outcome]);
  }

  #hasChannel(): boolean {
    if (this.#channel === undefined) {
      this.#reply({ code: 425, text: 'PASV or EPSV comes first.' });
    }
    return this.#channel !== undefined;
  }

  /** What was sent whole is left to be read; the client closes. */
  #dropChannel(isLeftOpen = false): void {
    if (!isLeftOpen) {
      this.#channel?.close();
    }
    this.#channel = undefined;
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
    this.#dropChannel();
    const { socket, clock, onHappening } = this.#options;
    // What was said last shall arrive, but a client that does not read it holds nothing.
    socket.end();
    clock.schedule(lingerMs, () => socket.destroy());
    onHappening({ kind: 'ended', reason, commands: this.#session.commandCount });
  }
}

const noConnection: FtpReply = { code: 425, text: 'No data connection came about.' };

const replies: Readonly<Record<DataOutcome, FtpReply>> = {
  complete: { code: 226, text: 'Complete.' },
  stalled: { code: 426, text: 'Nothing moved for too long.' },
  cut: { code: 426, text: 'The data connection broke.' },
  'too-long': { code: 552, text: 'Too long.' },
  unreadable: { code: 451, text: 'The file could not be read.' },
};
