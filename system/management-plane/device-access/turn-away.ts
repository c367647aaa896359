/** The address filter at a door that speaks HTTPS. */
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TurnsAway } from '../../foundation/address-filter.ts';

/** Ends connections before the handshake. */
export function turnAwayAtConnection(server: Server, turnsAway: TurnsAway): void {
  server.prependListener('connection', (socket: Socket) => {
    endIfTurnedAway(socket, turnsAway);
  });
}

/** Looks again with each request: the filter may have changed since the connection was made. */
export function withoutTurnedAway(turnsAway: TurnsAway, handle: RequestListener): RequestListener {
  return (request: IncomingMessage, response) => {
    if (!endIfTurnedAway(request.socket, turnsAway)) {
      handle(request, response);
    }
  };
}

function endIfTurnedAway(socket: Socket, turnsAway: TurnsAway): boolean {
  const isOut = turnsAway(socket.remoteAddress ?? '');
  if (isOut) {
    socket.destroy();
  }
  return isOut;
}
