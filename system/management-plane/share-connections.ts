/**
 * Bounds the connections of a server so that one address cannot take all of them, however slowly it
 * speaks: when it is half full, whoever holds a quarter gets no more. Before that a whole office behind
 * one address may come at once.
 */
import type { Server, Socket } from 'node:net';

export function shareConnections(server: Server, maximum: number): void {
  const bySource = new Map<string, number>();
  let all = 0;
  server.maxConnections = maximum;
  server.prependListener('connection', (socket: Socket) => {
    const source = socket.remoteAddress ?? '';
    const ofSource = (bySource.get(source) ?? 0) + 1;
    all += 1;
    bySource.set(source, ofSource);
    socket.once('close', () => {
      all -= 1;
      const left = (bySource.get(source) ?? 1) - 1;
      if (left === 0) {
        bySource.delete(source);
      } else {
        bySource.set(source, left);
      }
    });
    if (all > maximum / 2 && ofSource > maximum / 4) {
      socket.destroy();
    }
  });
}
