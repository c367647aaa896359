/** The ACK to a 2xx (RFC 3261 §13.2.2.4): a request of its own, sent again for each 2xx again. */
import type { Dialog } from '../dialog.ts';
import type { DialogServices } from '../dialog-services.ts';
import { sdpContentType } from '../own-headers.ts';

/** `inviteSequence`: of the INVITE it acknowledges. `answer`: when the 2xx brought the offer. */
export function sendAck(
  host: { readonly dialog: Dialog; readonly services: Pick<DialogServices, 'transactions'> },
  inviteSequence: number,
  answer: Buffer | undefined,
): void {
  const { dialog, services } = host;
  const ack = dialog.createAck(
    inviteSequence,
    answer === undefined ? [] : [sdpContentType],
    answer,
  );
  services.transactions.sendAck(ack, dialog.flow);
}
