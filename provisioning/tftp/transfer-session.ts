/**
 * Runs one transfer: its socket, its timer, its data. The socket is connected to the client, so
 * that the kernel keeps packets of others away (RFC 1350 §4), and tells us when the client is gone.
 */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock, Timer } from '../../system/foundation/clock.ts';
import { lookUpLiteral } from '../../system/foundation/literal-lookup.ts';
import type { Content, TftpClient } from './file-source.ts';
import type { Negotiation } from './negotiation.ts';
import {
  createDataHeader,
  errorCode,
  parseClientPacket,
  serializeError,
  serializeOptionAcknowledgement,
} from './packet.ts';
import { Transfer, type TransferStep } from './transfer.ts';

/** `aborted`: the client said so or is not there. `timed-out`: it says nothing. */
export type TransferOutcome = 'complete' | 'aborted' | 'timed-out' | 'failed';

export interface TransferEnd {
  readonly outcome: TransferOutcome;
  /** What the client said, or what went wrong here; empty for a complete transfer. */
  readonly detail: string;
  /** Bytes that the client is known to have. */
  readonly sentBytes: number;
}

export interface TransferSessionOptions {
  readonly client: TftpClient;
  readonly content: Content;
  readonly negotiation: Negotiation;
  readonly clock: Clock;
  /** Exactly once. */
  readonly onEnd: (end: TransferEnd) => void;
}

export class TransferSession {
  readonly #options: TransferSessionOptions;
  readonly #transfer: Transfer;
  readonly #socket: Socket;
  #timer: Timer | undefined;
  #timerAtMs = 0;
  #deadlineMs = 0;
  /** Counts windows, so that data that comes late from the disk is not sent any more. */
  #window = 0;
  /** The chunks of the last window: the next one mostly lies in them too. */
  readonly #held = new Map<number, Buffer>();
  #hasEnded = false;

  constructor(options: TransferSessionOptions) {
    this.#options = options;
    const { content, negotiation, client } = options;
    this.#transfer = new Transfer({
      sizeBytes: content.sizeBytes,
      parameters: negotiation.parameters,
      hasOptions: negotiation.accepted.size > 0,
    });
    const type = isIPv6(client.address) ? 'udp6' : 'udp4';
    this.#socket = createSocket({ type, lookup: lookUpLiteral });
  }

  /** Whether the client has acknowledged anything yet: before that a repeated request is no news. */
  get hasProgress(): boolean {
    return this.#transfer.acknowledgedBlock > 0;
  }

  start(): void {
    const { client } = this.#options;
    this.#socket.on('error', (error) => this.#end('aborted', error.message));
    this.#socket.on('message', (datagram) => this.#receive(datagram));
    this.#socket.on('connect', () => {
      this.#perform(this.#transfer.start(this.#options.clock.nowMs()));
    });
    this.#socket.bind({ address: client.localAddress, port: 0, exclusive: true }, () => {
      if (!this.#hasEnded) {
        this.#socket.connect(client.port, client.address);
      }
    });
  }

  /** Ends it without a word to the client, who has begun anew or is told nothing at shutdown. */
  abort(detail: string): void {
    this.#end('aborted', detail);
  }

  #receive(datagram: Buffer): void {
    const packet = parseClientPacket(datagram);
    switch (packet.kind) {
      case 'acknowledge':
        this.#perform(this.#transfer.acknowledge(packet.block, this.#options.clock.nowMs()));
        return;
      case 'error':
        this.#end('aborted', packet.message === '' ? `error ${packet.code}` : packet.message);
        return;
      case 'read':
      case 'write':
      case 'illegal':
        this.#send(serializeError(errorCode.illegalOperation, 'Illegal TFTP operation'));
        this.#end('failed', 'The client sent an illegal packet');
        return;
    }
  }

  #perform(step: TransferStep): void {
    if (this.#hasEnded) {
      return;
    }
    switch (step.kind) {
      case 'ignore':
        return;
      case 'send-options':
        this.#send(serializeOptionAcknowledgement(this.#options.negotiation.accepted));
        this.#restartTimer();
        return;
      case 'send-blocks':
        this.#sendBlocks(step.first, step.last);
        return;
      case 'done':
        this.#end('complete', '');
        return;
      case 'give-up':
        this.#end('timed-out', 'The client does not answer');
        return;
    }
  }

  /** At once where the data is in memory, which it is but for the very first part of a file. */
  #sendBlocks(first: number, last: number): void {
    this.#window += 1;
    const window = this.#window;
    this.#restartTimer();
    const { content, negotiation } = this.#options;
    const { blockBytes } = negotiation.parameters;
    const start = (first - 1) * blockBytes;
    const end = Math.min(last * blockBytes, content.sizeBytes);
    const firstChunk = Math.floor(start / content.chunkBytes);
    const lastChunk = Math.floor(Math.max(start, end - 1) / content.chunkBytes);
    const chunks: (Buffer | Promise<Buffer>)[] = [];
    for (let index = firstChunk; index <= lastChunk && start < content.sizeBytes; index += 1) {
      chunks.push(this.#held.get(index) ?? content.chunk(index));
    }
    if (areInMemory(chunks)) {
      this.#sendFrom(chunks, firstChunk, first, last);
      return;
    }
    Promise.all(chunks.map((chunk) => Promise.resolve(chunk))).then(
      (read) => {
        if (!this.#hasEnded && window === this.#window) {
          this.#sendFrom(read, firstChunk, first, last);
        }
      },
      (error: unknown) => {
        this.#send(serializeError(errorCode.notDefined, 'Read error'));
        this.#end('failed', error instanceof Error ? error.message : 'Read error');
      },
    );
  }

  /** `chunks` lie one after the other in the file, from the one of index `firstChunk` on. */
  #sendFrom(chunks: readonly Buffer[], firstChunk: number, first: number, last: number): void {
    const { content, negotiation } = this.#options;
    const { blockBytes } = negotiation.parameters;
    this.#held.clear();
    chunks.forEach((chunk, index) => this.#held.set(firstChunk + index, chunk));
    for (let block = first; block <= last && !this.#hasEnded; block += 1) {
      const start = (block - 1) * blockBytes;
      const end = Math.min(start + blockBytes, content.sizeBytes);
      const parts = [createDataHeader(block)];
      let chunkStart = firstChunk * content.chunkBytes;
      for (const chunk of chunks) {
        if (chunkStart < end && chunkStart + chunk.length > start) {
          parts.push(chunk.subarray(Math.max(0, start - chunkStart), end - chunkStart));
        }
        chunkStart += chunk.length;
      }
      this.#socket.send(parts);
    }
  }

  #send(datagram: Buffer): void {
    if (!this.#hasEnded) {
      this.#socket.send(datagram);
    }
  }

  /** A timer that is early enough is left to run, and looks at the time when it fires. */
  #restartTimer(): void {
    this.#deadlineMs = this.#options.clock.nowMs() + this.#transfer.timeoutMs;
    if (this.#timer === undefined || this.#deadlineMs < this.#timerAtMs) {
      this.#timer?.cancel();
      this.#scheduleTimer(this.#transfer.timeoutMs);
    }
  }

  #scheduleTimer(delayMs: number): void {
    const { clock } = this.#options;
    this.#timerAtMs = clock.nowMs() + delayMs;
    this.#timer = clock.schedule(delayMs, () => this.#handleTimer());
  }

  #handleTimer(): void {
    this.#timer = undefined;
    const nowMs = this.#options.clock.nowMs();
    const restMs = this.#deadlineMs - nowMs;
    if (restMs > 0) {
      this.#scheduleTimer(restMs);
    } else {
      this.#perform(this.#transfer.handleTimeout(nowMs));
    }
  }

  #end(outcome: TransferOutcome, detail: string): void {
    if (this.#hasEnded) {
      return;
    }
    this.#hasEnded = true;
    this.#timer?.cancel();
    this.#socket.close();
    const { content, negotiation, onEnd } = this.#options;
    content.release();
    const bytes = this.#transfer.acknowledgedBlock * negotiation.parameters.blockBytes;
    onEnd({ outcome, detail, sentBytes: Math.min(bytes, content.sizeBytes) });
  }
}

function areInMemory(chunks: readonly (Buffer | Promise<Buffer>)[]): chunks is readonly Buffer[] {
  return chunks.every((chunk) => Buffer.isBuffer(chunk));
}
