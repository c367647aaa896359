/**
 * SIP over TCP, or over TLS: listeners, and one pool of the connections that peers opened and those we
 * opened (RFC 3261 §18, RFC 5923 without alias: any connection to the right address and port is used).
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { toErrorMessage } from '../../foundation/app-error.ts';
import type { Clock, Timer } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { Flow } from '../sip/transport.ts';
import { isIpv6, isWildcard, type ListenAddress } from './listen-address.ts';
import type { LocalAddressFinder } from './local-address.ts';
import { SipNetworkError, toListenError } from './sip-network-error.ts';
import { configureDescriptor, type ConfigureSocket } from '../../foundation/socket-descriptor.ts';
import { TcpConnection, type TcpConnectionOwner } from './tcp-connection.ts';
import type { TcpLimits } from './tcp-limits.ts';
import type { TlsSecurity } from './tls-security.ts';

/** How often connections are checked for their limits of time. */
const sweepMs = 5_000;
/** How long a connection may take to hand over its last bytes when everything is closed. */
const lastWordsMs = 500;

export interface SipTcpOptions {
  readonly listen: readonly ListenAddress[];
  /** Absent: plain TCP. */
  readonly security?: TlsSecurity;
  /** Unique among all pools. */
  readonly createConnectionId: () => number;
  readonly localAddresses: LocalAddressFinder;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: TcpLimits;
  readonly configureSocket: ConfigureSocket | undefined;
  readonly owner: TcpConnectionOwner;
  /** Asked once for each new connection of a peer. */
  isAdmitted(remoteAddress: string): boolean;
}

interface Listener {
  readonly listen: ListenAddress;
  readonly server: Server;
}

export class SipTcp implements TcpConnectionOwner {
  readonly #options: SipTcpOptions;
  readonly #listeners: Listener[] = [];
  readonly #connections = new Map<number, TcpConnection>();
  /** The latest connection to each address and port. */
  readonly #byPeer = new Map<string, TcpConnection>();
  /** Of connections, those whose handshake goes on included. */
  readonly #countByAddress = new Map<string, number>();
  /** Peers whose handshake of TLS goes on. */
  readonly #handshakes = new Set<string>();
  #sweep: Timer | undefined;

  constructor(options: SipTcpOptions) {
    this.#options = options;
  }

  get #protocol(): 'tcp' | 'tls' {
    return this.#options.security === undefined ? 'tcp' : 'tls';
  }

  /** Those whose handshake goes on included. */
  get connectionCount(): number {
    return this.#connections.size + this.#handshakes.size;
  }

  /** As bound: the ports are the real ones. */
  get boundAddresses(): ListenAddress[] {
    return this.#listeners.map(({ listen }) => listen);
  }

  /** @throws SipNetworkError */
  async open(): Promise<void> {
    for (const listen of this.#options.listen) {
      await this.#listen(listen);
    }
    if (this.#listeners.length > 0) {
      this.#scheduleSweep();
    }
  }

  /** Over an open connection when there is one; undefined when we do not listen in its family. */
  findFlow(remoteAddress: string, remotePort: number): Flow | undefined {
    return (
      this.findConnectionFlow(remoteAddress, remotePort) ??
      this.#describe(remoteAddress, remotePort)
    );
  }

  findConnectionFlow(remoteAddress: string, remotePort: number): Flow | undefined {
    const connection = this.#byPeer.get(toPeer(remoteAddress, remotePort));
    return connection?.isOpen === true ? connection.flow : undefined;
  }

  /** Over the flow's connection, another to the same address and port, or a new one. */
  send(message: Buffer, flow: Flow, onFailure?: (error: Error) => void): void {
    let connection = this.#findConnection(flow);
    if (connection === undefined) {
      try {
        connection = this.#dial(flow);
      } catch (error) {
        queueMicrotask(() => {
          onFailure?.(error instanceof Error ? error : new Error(toErrorMessage(error)));
        });
        return;
      }
    }
    connection.send(message, onFailure);
  }

  async close(): Promise<void> {
    this.#sweep?.cancel();
    this.#sweep = undefined;
    const closed = this.#listeners.map(async ({ server }) => {
      const isClosed = once(server, 'close');
      server.close();
      await isClosed;
    });
    this.#listeners.length = 0;
    for (const connection of this.#connections.values()) {
      connection.end();
    }
    const deadline = this.#options.clock.schedule(lastWordsMs, () => {
      for (const connection of this.#connections.values()) {
        connection.destroy();
      }
    });
    await Promise.all(closed);
    deadline.cancel();
    // Those that we opened ourselves are no server's: they may still be there.
    for (const connection of this.#connections.values()) {
      connection.destroy();
    }
  }

  handleMessageBytes(message: Buffer, connection: TcpConnection): void {
    this.#options.owner.handleMessageBytes(message, connection);
  }

  handleMisframed(error: unknown, connection: TcpConnection): void {
    this.#options.owner.handleMisframed(error, connection);
  }

  handleClosed(connection: TcpConnection): void {
    const { remoteAddress, remotePort } = connection.flow;
    this.#connections.delete(connection.id);
    const peer = toPeer(remoteAddress, remotePort);
    if (this.#byPeer.get(peer) === connection) {
      this.#byPeer.delete(peer);
    }
    this.#release(remoteAddress);
    this.#options.owner.handleClosed(connection);
  }

  async #listen(listen: ListenAddress): Promise<void> {
    const { logger, configureSocket } = this.#options;
    const server = createServer({ noDelay: true });
    try {
      server.listen({
        host: listen.address,
        port: listen.port,
        // IPv4 has listeners of its own: mapped addresses would have to be translated everywhere.
        ipv6Only: isIpv6(listen.address),
        exclusive: true,
      });
      await once(server, 'listening');
    } catch (error) {
      throw toListenError(error, listen);
    }
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : listen.port;
    this.#listeners.push({ listen: { ...listen, port }, server });
    // Accepted sockets take the options of the one that listens.
    configureDescriptor(server, configureSocket);
    server.on('error', (error) => {
      logger.warn('SIP TCP listener error', { error: toErrorMessage(error) });
    });
    const accept = this.#createAccept(port);
    server.on('connection', accept);
  }

  #createAccept(listenPort: number): (socket: Socket) => void {
    const adopt = (socket: Socket): void => {
      const { remoteAddress, remotePort, localAddress } = socket;
      if (remoteAddress === undefined || remotePort === undefined || localAddress === undefined) {
        turnAway(socket);
      } else {
        this.#endHandshake(remoteAddress, remotePort);
        this.#adopt(socket, localAddress, listenPort, remoteAddress, remotePort);
      }
    };
    const secure = this.#options.security?.openFront(adopt);
    return (socket) => {
      const { remoteAddress, remotePort } = socket;
      if (
        remoteAddress === undefined ||
        remotePort === undefined ||
        !this.#hasRoom(remoteAddress) ||
        !this.#options.isAdmitted(remoteAddress)
      ) {
        turnAway(socket);
      } else if (secure === undefined) {
        adopt(socket);
      } else {
        this.#handshakes.add(toPeer(remoteAddress, remotePort));
        this.#reserve(remoteAddress);
        socket.once('close', () => {
          this.#endHandshake(remoteAddress, remotePort);
        });
        secure(socket);
      }
    };
  }

  /** Until then it has a place like a connection. */
  #endHandshake(remoteAddress: string, remotePort: number): void {
    if (this.#handshakes.delete(toPeer(remoteAddress, remotePort))) {
      this.#release(remoteAddress);
    }
  }

  #reserve(remoteAddress: string): void {
    const count = this.#countByAddress.get(remoteAddress) ?? 0;
    this.#countByAddress.set(remoteAddress, count + 1);
  }

  #release(remoteAddress: string): void {
    const count = (this.#countByAddress.get(remoteAddress) ?? 1) - 1;
    if (count === 0) {
      this.#countByAddress.delete(remoteAddress);
    } else {
      this.#countByAddress.set(remoteAddress, count);
    }
  }

  /** @throws SipNetworkError when there is no room, no listener of this family, or no route */
  #dial(flow: Flow): TcpConnection {
    const { remoteAddress, remotePort } = flow;
    if (!this.#hasRoom(remoteAddress)) {
      throw new SipNetworkError('too-many-connections', 'too many connections');
    }
    const local = this.#describe(remoteAddress, remotePort);
    if (local === undefined) {
      const protocol = this.#protocol.toUpperCase();
      throw new SipNetworkError(
        'no-route',
        `no ${protocol} listener or no route for ${remoteAddress}`,
      );
    }
    const { clock, limits, configureSocket, security } = this.#options;
    const socket =
      security === undefined
        ? connect({ host: remoteAddress, port: remotePort })
        : security.connect(remoteAddress, remotePort);
    const timeout = clock.schedule(limits.connectTimeoutMs, () => {
      socket.destroy(new Error('connection timed out'));
    });
    socket.once('connect', () => {
      timeout.cancel();
      configureDescriptor(socket, configureSocket);
    });
    socket.once('close', () => {
      timeout.cancel();
    });
    return this.#adopt(socket, local.localAddress, local.localPort, remoteAddress, remotePort);
  }

  #adopt(
    socket: Socket,
    localAddress: string,
    localPort: number,
    remoteAddress: string,
    remotePort: number,
  ): TcpConnection {
    const connectionId = this.#options.createConnectionId();
    const connection = new TcpConnection(
      socket,
      {
        protocol: this.#protocol,
        localAddress,
        localPort,
        remoteAddress,
        remotePort,
        connectionId,
      },
      this,
      this.#options.limits,
      this.#options.clock,
    );
    this.#connections.set(connectionId, connection);
    this.#byPeer.set(toPeer(remoteAddress, remotePort), connection);
    this.#reserve(remoteAddress);
    return connection;
  }

  #hasRoom(remoteAddress: string): boolean {
    const { connections, connectionsPerAddress } = this.#options.limits;
    return (
      this.connectionCount < connections &&
      (this.#countByAddress.get(remoteAddress) ?? 0) < connectionsPerAddress
    );
  }

  #findConnection(flow: Flow): TcpConnection | undefined {
    const own =
      flow.connectionId === undefined ? undefined : this.#connections.get(flow.connectionId);
    if (own?.isOpen === true) {
      return own;
    }
    const other = this.#byPeer.get(toPeer(flow.remoteAddress, flow.remotePort));
    return other?.isOpen === true ? other : undefined;
  }

  /** The flow to a peer to which there is no connection yet: what its Via and Contact will name. */
  #describe(remoteAddress: string, remotePort: number): Flow | undefined {
    const family = this.#listeners.filter(
      ({ listen }) => isIpv6(listen.address) === isIpv6(remoteAddress),
    );
    const routed = this.#options.localAddresses.find(remoteAddress);
    const listener =
      family.find(({ listen }) => listen.address === routed) ??
      family.find(({ listen }) => isWildcard(listen.address)) ??
      family[0];
    if (listener === undefined || routed === undefined) {
      return undefined;
    }
    const { address, port } = listener.listen;
    return {
      protocol: this.#protocol,
      localAddress: isWildcard(address) ? routed : address,
      localPort: port,
      remoteAddress,
      remotePort,
    };
  }

  #scheduleSweep(): void {
    const { clock } = this.#options;
    this.#sweep = clock.schedule(sweepMs, () => {
      const nowMs = clock.nowMs();
      for (const connection of this.#connections.values()) {
        if (connection.isOverdue(nowMs)) {
          connection.destroy();
        }
      }
      this.#scheduleSweep();
    });
  }
}

/** Without listeners a reset that comes meanwhile would be an uncaught error. */
function turnAway(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.destroy();
}

function toPeer(address: string, port: number): string {
  return `${address}|${String(port)}`;
}
