/**
 * The ports on which clients reach us for data: one connection each, from the address of the control
 * connection only, so that nobody takes what is meant for another (RFC 2577 §6).
 */
import { once } from 'node:events';
import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import type { Clock } from '../../system/foundation/clock.ts';
import type { DataChannel } from './data-channel.ts';

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface PassiveChannel extends DataChannel {
  readonly port: number;
}

export interface PassiveRequest {
  /** Ours, that the client reached. */
  readonly localAddress: string;
  readonly clientAddress: string;
  readonly timeoutMs: number;
  readonly onStranger: (address: string) => void;
}

export class PassivePorts {
  readonly #clock: Pick<Clock, 'schedule'>;
  readonly #range: () => PortRange;
  readonly #taken = new Set<number>();
  #last = 0;

  constructor(clock: Pick<Clock, 'schedule'>, range: () => PortRange) {
    this.#clock = clock;
    this.#range = range;
  }

  /** Undefined when none of them is free. */
  async open(request: PassiveRequest): Promise<PassiveChannel | undefined> {
    const { first, last } = this.#range();
    const count = last - first + 1;
    // One after the other, so that a port is not used again while a packet of before is on its way.
    for (let step = 1; step <= count; step += 1) {
      const port = first + ((((this.#last - first + step) % count) + count) % count);
      if (this.#taken.has(port)) {
        continue;
      }
      this.#taken.add(port);
      const server = await listen(port, request.localAddress);
      if (server !== undefined) {
        this.#last = port;
        return createChannel(server, port, request, this.#clock, () => {
          this.#taken.delete(port);
        });
      }
      this.#taken.delete(port);
    }
    return undefined;
  }
}

async function listen(port: number, host: string): Promise<Server | undefined> {
  const server = createServer({ pauseOnConnect: true });
  try {
    const listening = once(server, 'listening');
    server.listen({ host, port, exclusive: true, backlog: 8, ipv6Only: isIPv6(host) });
    await listening;
    return server;
  } catch {
    // Somebody else has it: the next one.
    server.close();
    return undefined;
  }
}

function createChannel(
  server: Server,
  port: number,
  { clientAddress, timeoutMs, onStranger }: PassiveRequest,
  clock: Pick<Clock, 'schedule'>,
  onClosed: () => void,
): PassiveChannel {
  const { promise, resolve } = Promise.withResolvers<Socket | undefined>();
  let socket: Socket | undefined;
  let isShut = false;
  const shut = (): void => {
    if (!isShut) {
      isShut = true;
      timer.cancel();
      // Ends the listening; a connection that came lives on.
      server.close();
      onClosed();
      resolve(socket);
    }
  };
  const timer = clock.schedule(timeoutMs, shut);
  server.on('error', shut);
  server.on('connection', (connected) => {
    connected.on('error', () => connected.destroy());
    if (socket !== undefined || connected.remoteAddress !== clientAddress) {
      onStranger(connected.remoteAddress ?? '');
      connected.destroy();
      return;
    }
    socket = connected;
    shut();
  });
  return {
    port,
    open: () => promise,
    close: () => {
      shut();
      socket?.destroy();
    },
  };
}
