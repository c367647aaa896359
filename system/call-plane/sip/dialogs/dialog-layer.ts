/** Finds the dialog that a request belongs to (RFC 3261 §12.2.2). */
import type { SipRequest } from '../messages/message.ts';
import type { ServerTransaction } from '../transactions/server-transaction.ts';
import { type Dialog, tagOf } from './dialog.ts';

/** Whoever uses a dialog and answers the requests inside it. */
export interface DialogUsage {
  readonly dialog: Dialog;
  /** A request that belongs to the dialog by its tags, from a sender that may use it. */
  handleRequest(request: SipRequest, transaction: ServerTransaction): void;
  handleAck(ack: SipRequest): void;
}

export class DialogLayer {
  readonly #usages = new Map<string, DialogUsage>();
  /** Call-IDs of dialogs whose BYE from us is not answered yet. */
  readonly #ending = new Map<string, string>();

  get size(): number {
    return this.#usages.size + this.#ending.size;
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

  /**
   * We have sent a BYE; one of the peer may be on its way (the mortal state of RFC 5407 §2). Whoever
   * calls this calls what it returns when the BYE is answered, or never will be.
   */
  beginEnding({ localTag, remoteTag, callId }: Dialog): () => void {
    const key = keyOf(localTag, remoteTag);
    this.#ending.set(key, callId);
    return () => {
      this.#ending.delete(key);
    };
  }

  /** Whether `request` is the peer's BYE for a dialog that we are ending, too: answer 200. */
  isCrossingBye(request: SipRequest): boolean {
    return (
      request.method === 'BYE' &&
      this.#ending.get(keyOf(tagOf(request.to), tagOf(request.from))) === request.callId
    );
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
