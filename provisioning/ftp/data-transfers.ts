/**
 * What needs the second connection of a session, and what is asked of files: sizes, downloads, listings,
 * uploads. One at a time; the owner sees to that.
 */
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { Clock } from '../../system/foundation/clock.ts';
import { describeExtendedPassive, describePassive, type DataAddress } from './data-address.ts';
import {
  callBack,
  receiveData,
  sendData,
  type DataChannel,
  type DataOutcome,
  type DataResult,
} from './data-channel.ts';
import type { FtpClient, FtpFileStore } from './file-store.ts';
import type { FtpHappening } from './ftp-event.ts';
import { describeFacts, formatTime, serializeListing } from './listing.ts';
import type { PassivePorts } from './passive-ports.ts';
import type { FtpReply } from './reply.ts';
import { notFound, type FtpAction } from './session.ts';

export interface DataTransfersOptions {
  readonly client: FtpClient;
  readonly store: FtpFileStore;
  readonly passivePorts: PassivePorts;
  /** What PASV tells instead of the address that was reached. */
  readonly passiveAddress: () => string | undefined;
  /** Whether one more file may be taken into memory now; the answer is called when it is not there any more. */
  readonly takeUploadPlace: () => (() => void) | undefined;
  /** Until a data connection comes about, and without a byte on it. */
  readonly stallMs: number;
  readonly clock: Clock;
  readonly reply: (reply: FtpReply) => void;
  readonly onHappening: (happening: FtpHappening) => void;
}

/** Who takes longer holds what others need, drop by drop. */
const longestMs = { sent: 3_600_000, received: 300_000 } as const;

export class DataTransfers {
  readonly #options: DataTransfersOptions;
  #channel: DataChannel | undefined;
  #isRunning = false;
  #isClosed = false;

  constructor(options: DataTransfersOptions) {
    this.#options = options;
  }

  /** Of a transfer that runs; its reply says so. */
  interrupt(): void {
    if (this.#isRunning) {
      this.#channel?.close();
    }
  }

  /** The session has ended. */
  close(): void {
    this.#isClosed = true;
    this.drop();
  }

  callBack(target: DataAddress): void {
    const { client, stallMs, reply } = this.#options;
    this.drop();
    this.#channel = callBack(target, client.localAddress, stallMs);
    reply({ code: 200, text: 'Done.' });
  }

  async listen(form: 'PASV' | 'EPSV'): Promise<void> {
    const { client, passivePorts, passiveAddress, stallMs, onHappening } = this.#options;
    this.drop();
    const isIpv6 = client.localAddress.includes(':');
    if (form === 'PASV' && isIpv6) {
      this.#options.reply({ code: 425, text: 'Use EPSV over IPv6.' });
      return;
    }
    const channel = await passivePorts.open({
      localAddress: client.localAddress,
      clientAddress: client.address,
      timeoutMs: stallMs,
      onStranger: (address) => onHappening({ kind: 'stranger', address }),
    });
    if (channel === undefined) {
      onHappening({ kind: 'no-port' });
      this.#options.reply({ code: 425, text: 'No port is free; try again.' });
    } else if (this.#isClosed) {
      channel.close();
    } else {
      this.#channel = channel;
      const address = passiveAddress() ?? client.localAddress;
      this.#options.reply(
        form === 'PASV'
          ? { code: 227, text: describePassive({ address, port: channel.port }) }
          : { code: 229, text: describeExtendedPassive(channel.port) },
      );
    }
  }

  async describe({ what, path }: Extract<FtpAction, { kind: 'describe' }>): Promise<void> {
    const { store, client, onHappening } = this.#options;
    const content = await store.find(path, client, true);
    if (content === undefined) {
      // Many clients ask for the size first, and leave it at that.
      onHappening({ kind: 'not-found', path });
      this.#options.reply(notFound);
      return;
    }
    const { sizeBytes, modifiedMs } = content;
    switch (what) {
      case 'SIZE':
        this.#options.reply({ code: 213, text: String(sizeBytes) });
        return;
      case 'MDTM':
        this.#options.reply({ code: 213, text: formatTime(modifiedMs) });
        return;
      case 'MLST': {
        const entry = { name: path, isFolder: false, sizeBytes, modifiedMs };
        this.#options.reply({ code: 250, text: 'Facts:', lines: [describeFacts(entry)] });
        return;
      }
    }
  }

  async send(path: string, offset: number): Promise<void> {
    const { store, client, onHappening } = this.#options;
    if (!this.#hasChannel()) {
      return;
    }
    const content = await store.find(path, client, false);
    if (content === undefined) {
      this.drop();
      onHappening({ kind: 'not-found', path });
      this.#options.reply(notFound);
    } else if (offset > content.sizeBytes) {
      this.drop();
      this.#options.reply({ code: 554, text: 'The file is shorter than that.' });
    } else {
      await this.#transfer('sent', path, (socket) =>
        sendData(socket, content.read(offset), this.#options.stallMs),
      );
    }
  }

  async list({ form, path }: Extract<FtpAction, { kind: 'list' }>): Promise<void> {
    const { store, client, clock, stallMs } = this.#options;
    if (!this.#hasChannel()) {
      return;
    }
    const content = store.isFolder(path) ? undefined : await store.find(path, client, true);
    if (!store.isFolder(path) && (content === undefined || form === 'MLSD')) {
      this.drop();
      this.#options.reply(notFound);
      return;
    }
    const entries =
      content === undefined
        ? await store.list(path, client)
        : [{ ...content, name: path.slice(path.lastIndexOf('/') + 1), isFolder: false }];
    const text = serializeListing(form, entries, clock.wallMs());
    await this.#transfer('sent', undefined, (socket) =>
      sendData(socket, Readable.from([Buffer.from(text)]), stallMs),
    );
  }

  async receive(path: string, isAppended: boolean): Promise<void> {
    const { store, client, takeUploadPlace, stallMs, onHappening } = this.#options;
    if (!this.#hasChannel()) {
      return;
    }
    const free = takeUploadPlace();
    try {
      const upload =
        free === undefined ? 'busy' : await store.prepareUpload(path, client, isAppended);
      if (upload === 'busy' || upload === 'refused') {
        this.drop();
        onHappening({ kind: 'refused', command: isAppended ? 'APPE' : 'STOR', path });
        this.#options.reply(
          upload === 'busy'
            ? { code: 450, text: 'Too many files at once; try again later.' }
            : { code: 553, text: 'Not allowed.' },
        );
        return;
      }
      await this.#transfer('received', path, async (socket) => {
        const received = await receiveData(socket, upload.maximumBytes, stallMs);
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
    this.#options.reply({ code: 150, text: 'Here it comes.' });
    this.#isRunning = true;
    const startedAtMs = clock.nowMs();
    const limit = clock.schedule(longestMs[direction], () => channel?.close());
    const socket = await channel?.open();
    const { outcome, sizeBytes }: DataResult =
      socket === undefined ? { outcome: 'cut', sizeBytes: 0 } : await run(socket);
    limit.cancel();
    this.#isRunning = false;
    this.drop(outcome === 'complete');
    if (path !== undefined) {
      const durationMs = clock.nowMs() - startedAtMs;
      onHappening({ kind: 'transfer', direction, path, durationMs, outcome, sizeBytes });
    }
    this.#options.reply(socket === undefined ? noConnection : replies[outcome]);
  }

  #hasChannel(): boolean {
    if (this.#channel === undefined) {
      this.#options.reply({ code: 425, text: 'PASV or EPSV comes first.' });
    }
    return this.#channel !== undefined;
  }

  /** The data connection is given up. What was sent whole is left to be read; the client closes. */
  drop(isLeftOpen = false): void {
    if (!isLeftOpen) {
      this.#channel?.close();
    }
    this.#channel = undefined;
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
