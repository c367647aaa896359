/**
 * Answers to an INVITE that nobody waits for any more: the 2xx of a second phone behind a forking
 * proxy, one that crossed the CANCEL, or the first one again after the call is over. Each is
 * acknowledged, and hung up unless that has happened already (RFC 3261 §13.2.2.4, RFC 6026 §8.4).
 * Everything that takes is in the response: nothing of the call is kept for it.
 */
import type { SipResponse } from '../messages/message.ts';
import type { ClientHandlers } from '../transactions/client-transaction.ts';
import type { Flow } from '../transport.ts';
import { createUacDialog, tagOf } from './dialog.ts';
import type { HeaderLines } from '../messages/header-fields.ts';
import type { DialogServices } from './dialog-services.ts';
import { sendAck } from './in-dialog/ack.ts';
import { sendBye } from './in-dialog/bye.ts';

/** A proxy that forks to more phones than this is none. */
export const maxForks = 16;

export class LateAnswers implements ClientHandlers {
  readonly #services: Pick<DialogServices, 'transactions' | 'dialogs'>;
  readonly #flow: Flow;
  readonly #headers: HeaderLines;
  readonly #endedTags: string[];

  /** `headers`: of the BYE, a Reason. `endedTag`: of a dialog that has had its BYE. */
  constructor(
    services: Pick<DialogServices, 'transactions' | 'dialogs'>,
    flow: Flow,
    headers: HeaderLines,
    endedTag?: string,
  ) {
    this.#services = services;
    this.#flow = flow;
    this.#headers = headers;
    this.#endedTags = endedTag === undefined ? [] : [endedTag];
  }

  response(response: SipResponse): void {
    const { status, callId, cseq, from, to } = response;
    if (status < 200 || status >= 300) {
      return;
    }
    const tag = tagOf(to);
    const isEnded = this.#endedTags.includes(tag);
    if (!isEnded && this.#endedTags.length >= maxForks) {
      return;
    }
    const request = { callId, cseq, from, requestUri: to.uri };
    const dialog = createUacDialog(request, response, this.#flow, undefined);
    sendAck({ dialog, services: this.#services }, cseq.sequence, undefined);
    if (!isEnded) {
      this.#endedTags.push(tag);
      sendBye(dialog, this.#services, this.#headers);
    }
  }

  timeout(): void {
    // Nobody waits for an answer.
  }

  transportFailure(): void {
    // Nobody waits for an answer.
  }
}
