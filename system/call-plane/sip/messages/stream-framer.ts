/**
 * Cuts the byte stream of one TCP connection into messages by Content-Length (RFC 3261 §18.3).
 * What cannot be the beginning of a message ends the connection: there is no way to find the next
 * message in a stream that was misread once.
 */
import { classOf, isBlank, parseDigits, tokenClass } from './character-class.ts';
import { messageLimits } from './message-limits.ts';
import type { SipRequest } from './message.ts';
import { parseMessage } from './parse-message.ts';
import { failParse, SipParseError } from './sip-parse-error.ts';

const headEnd = Buffer.from('\r\n\r\n');
const carriageReturn = 13;
const lineFeed = 10;

export class StreamFramer {
  readonly #onKeepAlive: () => void;
  /** Bytes of a message that is not complete; `#length` of them are in use. */
  #pending: Buffer | undefined;
  #length = 0;
  /** How far `#pending` has been searched for the end of the head. */
  #searched = 0;
  /** Length of the message at the start of `#pending`, once its head is complete. */
  #messageLength: number | undefined;

  /** `onKeepAlive`: the peer sent CRLF CRLF and waits for CRLF (RFC 5626 §4.4.1). */
  constructor(onKeepAlive: () => void) {
    this.#onKeepAlive = onKeepAlive;
  }

  /** Whether a message, or a keep-alive, has begun and not ended. */
  get hasIncomplete(): boolean {
    return this.#pending !== undefined;
  }

  /**
   * The messages that are complete with this chunk, in order. They may share memory with the chunk,
   * never with one another or with what is still to come.
   *
   * @throws SipParseError when the connection must be closed; its `request` can be answered before
   */
  push(chunk: Buffer): Buffer[] {
    const messages: Buffer[] = [];
    let data = this.#join(chunk);
    for (;;) {
      data = this.#skipKeepAlives(data);
      const message = this.#cutMessage(data);
      if (message === undefined) {
        break;
      }
      messages.push(message);
      data = data.subarray(message.length);
    }
    this.#keep(data);
    return messages;
  }

  /** The pending bytes with the chunk behind them; the chunk itself when nothing is pending. */
  #join(chunk: Buffer): Buffer {
    const pending = this.#pending;
    if (pending === undefined) {
      return chunk;
    }
    const length = this.#length + chunk.length;
    let joined = pending;
    if (length > pending.length) {
      joined = Buffer.allocUnsafe(Math.max(length, pending.length * 2));
      pending.copy(joined, 0, 0, this.#length);
    }
    chunk.copy(joined, this.#length);
    this.#pending = joined;
    this.#length = length;
    return joined.subarray(0, length);
  }

  /** Keeps what is left: in the buffer it is in already, or in one of its own. */
  #keep(data: Buffer): void {
    if (data.length === 0) {
      this.#pending = undefined;
      this.#length = 0;
      return;
    }
    const pending = this.#pending;
    const isInPlace = data.buffer === pending?.buffer && data.byteOffset === pending.byteOffset;
    if (!isInPlace) {
      const copy = Buffer.allocUnsafe(Math.max(data.length, this.#messageLength ?? 0, 1_024));
      data.copy(copy);
      this.#pending = copy;
      this.#length = data.length;
    }
  }

  /** Skips line ends between messages; two of them in a row are a keep-alive request. */
  #skipKeepAlives(data: Buffer): Buffer {
    let index = 0;
    while (data[index] === carriageReturn && data[index + 1] === lineFeed) {
      if (data[index + 2] === carriageReturn && data[index + 3] === lineFeed) {
        this.#onKeepAlive();
        index += 4;
      } else if (index + 2 < data.length && data[index + 2] !== carriageReturn) {
        index += 2;
      } else {
        break;
      }
    }
    return index === 0 ? data : data.subarray(index);
  }

  #cutMessage(data: Buffer): Buffer | undefined {
    const first = data[0];
    if (first === undefined || first === carriageReturn) {
      this.#checkLoneLineEnd(data);
      return undefined;
    }
    this.#messageLength ??= this.#measure(data, first);
    if (this.#messageLength === undefined || data.length < this.#messageLength) {
      return undefined;
    }
    const message = data.subarray(0, this.#messageLength);
    this.#messageLength = undefined;
    this.#searched = 0;
    return message;
  }

  /** Behind a line end that is not yet a keep-alive only its second half may follow. */
  #checkLoneLineEnd(data: Buffer): void {
    for (let index = 0; index < data.length; index++) {
      if (data[index] !== (index % 2 === 0 ? carriageReturn : lineFeed)) {
        failParse('framing', 'lone CR between messages', { offset: index });
      }
    }
  }

  /** The length of the message that starts `data`; undefined while its head is not complete. */
  #measure(data: Buffer, first: number): number | undefined {
    if ((classOf(first) & tokenClass) === 0) {
      failParse('framing', 'not the start of a SIP message', { offset: 0 });
    }
    const separator = data.indexOf(headEnd, this.#searched);
    if (separator < 0) {
      if (data.length > messageLimits.headBytes) {
        failParse('too-large', 'header fields too large', { status: 513 });
      }
      this.#searched = Math.max(0, data.length - 3);
      return undefined;
    }
    try {
      return measureMessage(data, separator);
    } catch (error) {
      if (error instanceof SipParseError) {
        error.request = findRequest(data.subarray(0, separator + headEnd.length));
      }
      throw error;
    }
  }
}

/** The length of the message whose head ends at `separator`. */
function measureMessage(data: Buffer, separator: number): number {
  const head = data.toString('latin1', 0, separator + 2);
  const startLine = head.slice(0, head.indexOf('\r\n'));
  if (!startLine.includes('SIP/')) {
    failParse('framing', 'not the start of a SIP message', { offset: 0 });
  }
  const length = separator + 4 + findContentLength(head);
  if (separator > messageLimits.headBytes || length > messageLimits.messageBytes) {
    failParse('too-large', 'message too large', { status: 513 });
  }
  return length;
}

/** The request with that head, of which a body could not be cut, as far as it is understood. */
function findRequest(head: Buffer): SipRequest | undefined {
  try {
    const message = parseMessage(head);
    return message.kind === 'request' ? message : undefined;
  } catch (error) {
    if (error instanceof SipParseError) {
      return error.request;
    }
    throw error;
  }
}

/**
 * The value of Content-Length, 0 where there is none: peers leave it out where there is no body.
 * Two of them would let the stream be read in two ways.
 */
function findContentLength(head: string): number {
  let found: number | undefined;
  for (let line = head.indexOf('\n') + 1; line > 0 && line < head.length;) {
    const next = head.indexOf('\n', line) + 1;
    const first = head.charCodeAt(line) | 32;
    if (first === 99 || first === 108) {
      const colon = head.indexOf(':', line);
      const name = head.slice(line, Math.max(line, colon)).trimEnd().toLowerCase();
      if (colon > 0 && colon < next && (name === 'content-length' || name === 'l')) {
        const length = parseContentLength(head, colon + 1);
        if (found !== undefined) {
          failParse('repeated-header-field', 'repeated header field Content-Length');
        }
        found = length;
      }
    }
    line = next;
  }
  return found ?? 0;
}

/** The number behind `start`, folded or not. */
function parseContentLength(head: string, start: number): number {
  let end = start;
  for (;;) {
    end = head.indexOf('\n', end) + 1;
    if (end <= 0 || end >= head.length || !isBlank(head.charCodeAt(end))) {
      break;
    }
  }
  const length = parseDigits(head.slice(start, end <= 0 ? head.length : end).trim());
  if (length === undefined) {
    failParse('content-length', 'Content-Length is not a number', { offset: start });
  }
  return length;
}
