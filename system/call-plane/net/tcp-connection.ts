/** One TCP connection that carries SIP: framing in, bounded output out. */
import type { Socket } from 'node:net';
import type { Clock } from '../../foundation/clock.ts';
import type { Flow } from '../sip/transport.ts';
import { SipParseError } from '../sip/messages/sip-parse-error.ts';
import { StreamFramer } from '../sip/messages/stream-framer.ts';
import type { TcpLimits } from './tcp-limits.ts';

/** RFC 5626 §4.4.1: the answer to CRLF CRLF. */
const pong = Buffer.from('\r\n');

/** Who owns the connection. Its methods must not throw. */
export interface TcpConnectionOwner {
  /** One whole message. */
  handleMessageBytes(message: Buffer, connection: TcpConnection): void;
  /**
   * What came cannot be cut into messages (SipParseError, whose `request` can be answered), or not by
   * us; the connection closes behind the answer.
   */
  handleMisframed(error: unknown, connection: TcpConnection): void;
  /** Once, when nothing can be sent or received any more. */
  handleClosed(connection: TcpConnection): void;
}

export class TcpConnection {
  readonly id: number;
  /** With our listening port, to which the peer connects back. */
  readonly flow: Flow;
  readonly #socket: Socket;
  readonly #owner: TcpConnectionOwner;
  readonly #limits: TcpLimits;
  readonly #framer: StreamFramer;
  readonly #clock: Clock;
  #lastInputMs: number;
  /** Since when a whole message has been due; undefined when none is. */
  #messageDueSinceMs: number | undefined;
  #isPongDue = false;
  /** Nothing that comes is read any more. */
  #isMisframed = false;

  constructor(
    socket: Socket,
    flow: Flow & { readonly connectionId: number },
    owner: TcpConnectionOwner,
    limits: TcpLimits,
    clock: Clock,
  ) {
    this.id = flow.connectionId;
    this.flow = flow;
    this.#socket = socket;
    this.#owner = owner;
    this.#limits = limits;
    this.#clock = clock;
    this.#lastInputMs = clock.nowMs();
    this.#messageDueSinceMs = this.#lastInputMs;
    this.#framer = new StreamFramer(() => {
      this.#isPongDue = true;
    });
    socket.setNoDelay(true);
    // Finds peers that vanished without a word; a registration may keep its flow silent for hours.
    socket.setKeepAlive(true, 60_000);
    socket.on('data', (chunk) => {
      this.#handleData(chunk);
    });
    socket.on('error', () => {
      // `close` follows, and whoever waits for a message to leave learns of the error there.
    });
    socket.on('close', () => {
      owner.handleClosed(this);
    });
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** `onFailure`: later, when the bytes certainly did not leave. */
  send(message: Buffer, onFailure?: (error: Error) => void): void {
    if (onFailure === undefined) {
      this.#socket.write(message);
    } else {
      this.#socket.write(message, (error) => {
        if (error !== undefined && error !== null) {
          onFailure(error);
        }
      });
    }
    if (this.#socket.writableLength > this.#limits.unreadOutputBytes) {
      this.destroy();
    }
  }

  /** Whether it has been silent, or slow with a message, beyond the limits. */
  isOverdue(nowMs: number): boolean {
    return (
      nowMs - this.#lastInputMs > this.#limits.idleTimeoutMs ||
      (this.#messageDueSinceMs !== undefined &&
        nowMs - this.#messageDueSinceMs > this.#limits.messageTimeoutMs)
    );
  }

  /** Closes when what was sent has been taken. */
  end(): void {
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #handleData(chunk: Buffer): void {
    if (this.#isMisframed) {
      return;
    }
    this.#lastInputMs = this.#clock.nowMs();
    let messages: Buffer[];
    try {
      messages = this.#framer.push(chunk);
    } catch (error) {
      this.#isMisframed = true;
      this.#messageDueSinceMs ??= this.#lastInputMs;
      this.#owner.handleMisframed(error, this);
      if (error instanceof SipParseError && error.request !== undefined) {
        // Half closed: a reset, which unread input would cause, takes the answer from the peer.
        this.#socket.end();
      } else {
        this.destroy();
      }
      return;
    }
    if (this.#isPongDue) {
      // One for any number of pings in a chunk: more would let a few bytes cause many writes.
      this.#isPongDue = false;
      this.send(pong);
    }
    if (messages.length > 0) {
      this.#messageDueSinceMs = undefined;
    }
    for (const message of messages) {
      if (this.#socket.destroyed) {
        return;
      }
      this.#owner.handleMessageBytes(message, this);
    }
    if (this.#framer.hasIncomplete) {
      this.#messageDueSinceMs ??= this.#lastInputMs;
    }
  }
}
