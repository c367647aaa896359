/**
 * The file descriptor of a Node socket, for options that Node cannot set itself (DSCP, interface).
 * Node has no public way to it; where it is not found, the caller does without the option.
 */
import type { Socket as UdpSocket } from 'node:dgram';
import type { Server, Socket as TcpSocket } from 'node:net';

/** Called with the descriptor of each socket when it opens; it may set options, not keep it. */
export type ConfigureSocket = (descriptor: number) => void;

/** Does nothing where no function is given, or the descriptor cannot be found. */
export function configureDescriptor(
  socket: UdpSocket | TcpSocket | Server,
  configure: ConfigureSocket | undefined,
): void {
  if (configure === undefined) {
    return;
  }
  // A UDP socket keeps its handle behind a symbol; reading its `_handle` would print a warning.
  const descriptor =
    toDescriptor(findUdpHandle(socket)) ?? toDescriptor(readProperty(socket, '_handle'));
  if (descriptor !== undefined) {
    configure(descriptor);
  }
}

function findUdpHandle(socket: object): unknown {
  const symbol = Object.getOwnPropertySymbols(socket).find(
    (candidate) => candidate.description === 'state symbol',
  );
  return symbol === undefined ? undefined : readProperty(readProperty(socket, symbol), 'handle');
}

function toDescriptor(handle: unknown): number | undefined {
  const descriptor = readProperty(handle, 'fd');
  return typeof descriptor === 'number' && descriptor >= 0 ? descriptor : undefined;
}

function readProperty(owner: unknown, name: string | symbol): unknown {
  return typeof owner === 'object' && owner !== null
    ? (owner as Record<string | symbol, unknown>)[name]
    : undefined;
}
