/** BYE (RFC 3261 §15.1): the end of the session, whatever its answer is. */
import type { Dialog } from '../dialog.ts';
import type { HeaderLines } from '../../messages/header-fields.ts';
import type { DialogServices } from '../dialog-services.ts';

/** Sends a BYE. Answered, refused or lost, the session is over for us (§15.1.1). */
export function sendBye(
  dialog: Dialog,
  { transactions, dialogs }: Pick<DialogServices, 'transactions' | 'dialogs'>,
  headers: HeaderLines,
): void {
  dialog.state = 'terminated';
  const ended = dialogs.beginEnding(dialog);
  transactions.request(dialog.createRequest('BYE', headers), dialog.flow, {
    response: ({ status }) => {
      if (status >= 200) {
        ended();
      }
    },
    timeout: ended,
    transportFailure: ended,
  });
}
