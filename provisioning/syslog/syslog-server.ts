/**
 * Receives syslog over UDP (RFC 5426). Anybody can send and nothing is acknowledged, so what one source
 * and all together may cost is bounded before anything is read; what is beyond is counted and dropped.
 */
import type { RemoteInfo, Socket } from 'node:dgram';
import { once } from 'node:events';
import type { TurnsAway } from '../../system/foundation/address-filter.ts';
import { toErrorMessage } from '../../system/foundation/app-error.ts';
import { bindUdpSocket } from '../../system/foundation/bind-udp-socket.ts';
import type { Clock } from '../../system/foundation/clock.ts';
import type { Logger } from '../../system/foundation/logger.ts';
import { RateLimit, type RateLimits } from '../../system/foundation/rate-limit.ts';
import { SyslogError } from './syslog-error.ts';
import { parseSyslogMessage, type SyslogMessage } from './syslog-message.ts';

export interface SyslogReceivers {
  /** `source`: the sender's address. */
  readonly onMessage: (source: string, message: SyslogMessage) => void;
  /** A message came too fast after others. */
  readonly onDropped: (source: string) => void;
}

export interface SyslogServerOptions extends SyslogReceivers {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly logger: Logger;
  readonly limits?: RateLimits;
  /** Whom nothing is read; nobody when missing. */
  readonly turnsAway?: TurnsAway;
}

/** A phone that logs everything writes some hundred lines while it starts, and a dozen a call. */
const defaultLimits: RateLimits = {
  all: { burst: 20_000, perSecond: 2_000 },
  perKey: { burst: 2_000, perSecond: 50 },
  maximumKeys: 4_096,
};
const receiveBufferBytes = 1_024 * 1_024;

export class SyslogServer {
  readonly #options: SyslogServerOptions;
  readonly #limit: RateLimit;
  readonly #sockets: Socket[] = [];

  constructor(options: SyslogServerOptions) {
    this.#options = options;
    this.#limit = new RateLimit(options.limits ?? defaultLimits, options.clock.nowMs());
  }

  /** Resolves with the port. Rejects with SyslogError; addresses that listen go on. */
  async listen(address: string, port: number): Promise<number> {
    const { logger } = this.#options;
    let socket: Socket;
    try {
      socket = await bindUdpSocket(address, port, receiveBufferBytes);
    } catch (error) {
      const isForbidden = error instanceof Error && 'code' in error && error.code === 'EACCES';
      throw new SyslogError(
        isForbidden ? 'not-permitted' : 'socket',
        `UDP port ${String(port)} of ${address} cannot be opened: ${toErrorMessage(error)}`,
        { cause: error, details: { address, port } },
      );
    }
    socket.on('error', (error) => {
      logger.warn('A syslog socket failed', { address, error: error.message });
    });
    socket.on('message', (datagram, source) => {
      this.#receive(datagram, source);
    });
    this.#sockets.push(socket);
    return socket.address().port;
  }

  /** Idempotent. */
  async close(): Promise<void> {
    for (const socket of this.#sockets.splice(0)) {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    }
  }

  #receive(datagram: Buffer, { address }: RemoteInfo): void {
    const { clock, onMessage, onDropped, turnsAway } = this.#options;
    if (turnsAway?.(address) === true) {
      return;
    }
    if (this.#limit.admit(address, clock.nowMs())) {
      onMessage(address, parseSyslogMessage(datagram));
    } else {
      onDropped(address);
    }
  }
}
