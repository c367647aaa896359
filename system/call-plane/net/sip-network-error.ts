/** What can go wrong when SIP sockets are opened, or have to be for a message. */
import { AppError, toErrorMessage } from '../../foundation/app-error.ts';
import type { ListenAddress } from './listen-address.ts';

export type SipNetworkErrorCode =
  | 'address-in-use'
  | 'address-unavailable'
  | 'not-permitted'
  | 'cannot-listen'
  | 'no-route'
  | 'too-many-connections';

export class SipNetworkError extends AppError<SipNetworkErrorCode> {}

/** Names the address that could not be listened on; the cause is the system's error. */
export function toListenError(thrown: unknown, listen: ListenAddress): SipNetworkError {
  const { protocol, address, port } = listen;
  const [code, text] = explain(thrown);
  return new SipNetworkError(code, `${protocol} ${address} port ${String(port)}: ${text}`, {
    details: { ...listen },
    cause: thrown,
  });
}

function explain(thrown: unknown): readonly [SipNetworkErrorCode, string] {
  const code = (thrown as NodeJS.ErrnoException).code ?? '';
  switch (code) {
    case 'EADDRINUSE':
      return ['address-in-use', 'in use by another program'];
    case 'EADDRNOTAVAIL':
      return ['address-unavailable', 'not an address of this machine'];
    case 'EACCES':
    case 'EPERM':
      return ['not-permitted', 'not permitted'];
    default:
      return ['cannot-listen', toErrorMessage(thrown)];
  }
}
