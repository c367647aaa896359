/** BYE (RFC 3261 §15.1): the end of the session, whatever its answer is. */
import type { ClientHandlers } from '../../transactions/client-transaction.ts';
import type { Dialog, Headers } from '../dialog.ts';
import type { DialogServices } from '../dialog-services.ts';

/** Sends a BYE. Answered, refused or lost, the session is over for us (§15.1.1). */
export function sendBye(
  dialog: Dialog,
  services: Pick<DialogServices, 'transactions'>,
  headers: Headers,
): void {
  dialog.state = 'terminated';
  services.transactions.request(dialog.createRequest('BYE', headers), dialog.flow, ignoredOutcome);
}

const ignoredOutcome: ClientHandlers = {
  response: () => undefined,
  timeout: () => undefined,
  transportFailure: () => undefined,
};
