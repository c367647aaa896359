/** Finds the dialog that a request belongs to (RFC 3261 §12.2.2). */
import type { SipRequest } from '../messages/message.ts';
import type { ServerTransaction } from '../transactions/server-transaction.ts';
import { tagOf } from './dialog.ts';
import type { Dialog } from './dialog.ts';

/** Whoever uses a dialog and answers the requests inside it. */
export interface DialogUsage {
  readonly dialog: Dialog;
  /** A request that belongs to the dialog by its tags, from a sender that may use it. */
  handleRequest(request: SipRequest, transaction: ServerTransaction): void;
  handleAck(ack: SipRequest): void;
}

export class DialogLayer {
  readonly #usages = new Map<string, DialogUsage>();

  get size(): number {
    return this.#usages.size;
  }

  add(usage: DialogUsage): void {
    this.#usages.set(keyOf(usage.dialog.localTag, usage.dialog.remoteTag), usage);
  }

  remove(usage: DialogUsage): void {
    const key = keyOf(usage.dialog.localTag, usage.dialog.remoteTag);
    if (this.#usages.get(key) === usage) {
      this.#usages.delete(key);
    }
  }

  /** The usage of the dialog in which the peer sent `request`; undefined: answer 481. */
  find(request: SipRequest): DialogUsage | undefined {
    const usage = this.#usages.get(keyOf(tagOf(request.to), tagOf(request.from)));
    return usage?.dialog.callId === request.callId ? usage : undefined;
  }
}

/** Tags are tokens: no space can be in one. */
function keyOf(localTag: string, remoteTag: string): string {
  return `${localTag} ${remoteTag}`;
}
