/**
 * The datagrams of one socket that leave together, after the messages that have come were handled: one
 * system call for all of them, and whoever receives several is woken once. Under load that is an eighth
 * of what a registration costs. A message waits for a few others at most.
 */
import { getSystemErrorName } from 'node:util';
import type { DatagramSender } from '../../foundation/datagram-sender.ts';

/** With so many waiting they are sent, whatever is still to be read. */
const mostWaiting = 16;

export type OnFailure = (error: Error) => void;

export class DatagramQueue {
  readonly #sender: DatagramSender;
  readonly #descriptor: number;
  #messages: Buffer[] = [];
  #destinations: Buffer[] = [];
  #onFailure: (OnFailure | undefined)[] = [];
  #isTurnAwaited = false;
  readonly #endTurn = (): void => {
    this.#isTurnAwaited = false;
    this.flush();
  };

  /** `descriptor`: of a UDP socket; the queue must not be used once that is closed. */
  constructor(sender: DatagramSender, descriptor: number) {
    this.#sender = sender;
    this.#descriptor = descriptor;
  }

  /**
   * `destination`: from `toSocketAddress`. `onFailure` is never called before this returns. What the
   * system has no room for is lost without a word, as in any network: SIP repeats what matters.
   */
  push(message: Buffer, destination: Buffer, onFailure: OnFailure | undefined): void {
    this.#messages.push(message);
    this.#destinations.push(destination);
    this.#onFailure.push(onFailure);
    if (this.#messages.length >= mostWaiting) {
      this.flush();
    } else if (!this.#isTurnAwaited) {
      this.#isTurnAwaited = true;
      setImmediate(this.#endTurn);
    }
  }

  /** Sends what waits. */
  flush(): void {
    const messages = this.#messages;
    const destinations = this.#destinations;
    const onFailure = this.#onFailure;
    if (messages.length === 0) {
      return;
    }
    this.#messages = [];
    this.#destinations = [];
    this.#onFailure = [];
    for (let first = 0; first < messages.length;) {
      const result = this.#sender.sendDatagrams(this.#descriptor, messages, destinations, first);
      if (result > 0) {
        first += result;
      } else {
        reportFailure(result, onFailure[first]);
        first += 1;
      }
    }
  }
}

function reportFailure(errorNumber: number, onFailure: OnFailure | undefined): void {
  if (onFailure === undefined) {
    return;
  }
  const name = getSystemErrorName(errorNumber);
  if (name !== 'EAGAIN') {
    queueMicrotask(() => {
      onFailure(new Error(`${name}: the datagram could not be sent`));
    });
  }
}
