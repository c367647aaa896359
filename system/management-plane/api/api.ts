/** The web side of the management plane as one thing: routes, websocket, sockets, user interface. */
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import { ApiServer, type ApiServerOptions } from './server/api-server.ts';
import type { ApiServices } from './api-services.ts';
import { createApp } from './create-app.ts';
import { EventSocket } from './events/event-socket.ts';
import type { HintHub } from './events/hint-hub.ts';
import type { Authenticator } from './request/identity.ts';
import type { Resource } from './route-table.ts';
import { createSourceFilter } from '../source-filter.ts';
import type { TlsCertificate } from '../tls-certificate.ts';

export interface ApiOptions {
  readonly resources: readonly Resource[];
  /** What the handlers use. */
  readonly services: ApiServices;
  readonly authenticator: Authenticator;
  readonly hints: HintHub;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly certificate: TlsCertificate;
  readonly takeDeviceRequest: ApiServerOptions['takeDeviceRequest'];
  readonly addresses: readonly string[];
  /** 0 lets the system choose. */
  readonly httpsPort: number;
  readonly httpPort: number;
  /** The built user interface. */
  readonly uiDirectory: string;
  /** Requests per minute of one source; 0 means no limit. */
  readonly requestsPerMin: () => number;
}

export class Api {
  readonly #server: ApiServer;
  readonly #events: EventSocket;

  constructor(options: ApiOptions) {
    const { authenticator, services, hints, logger } = options;
    const app = createApp(options);
    this.#events = new EventSocket({ authenticator, hub: hints, logger });
    services.sessionEnds.on('ended', (sessionToken) => {
      this.#events.endSession(sessionToken);
    });
    const callback = app.callback();
    this.#server = new ApiServer({
      addresses: options.addresses,
      httpsPort: options.httpsPort,
      httpPort: options.httpPort,
      certificate: options.certificate,
      handle: (request, response) => {
        // koa answers errors itself; the promise never rejects.
        void callback(request, response);
      },
      isDenied: createSourceFilter(services.store),
      takeDeviceRequest: options.takeDeviceRequest,
      upgrade: this.#events.upgrade,
      healthState: services.healthState,
    });
  }

  /** Rejects with ApiServerError. Resolves with the ports that are in use. */
  async start(): Promise<{ readonly httpsPort: number; readonly httpPort: number }> {
    await this.#server.start();
    return { httpsPort: this.#server.httpsPort, httpPort: this.#server.httpPort };
  }

  get eventConnections(): number {
    return this.#events.connectionCount;
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.#events.close();
    await this.#server.close();
  }
}
