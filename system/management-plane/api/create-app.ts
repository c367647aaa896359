/** The koa application: the order of the steps of a request, readable in one place. */
import Koa from 'koa';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { ApiServices } from './api-services.ts';
import { routeByResource } from './create-router.ts';
import type { Authenticator } from './request/identity.ts';
import type { ApiState } from './middleware/api-state.ts';
import { compression } from './middleware/compression.ts';
import { conditionalGet } from './middleware/conditional-get.ts';
import { problemDetails } from './middleware/problem-details.ts';
import { rateLimit } from './middleware/rate-limit.ts';
import { requestLog } from './middleware/request-log.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import type { Resource } from './route-table.ts';
import { staticFiles } from './server/static-files.ts';

export interface AppOptions {
  readonly resources: readonly Resource[];
  readonly services: ApiServices;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Requests per minute of one source; 0 means no limit. */
  readonly requestsPerMin: () => number;
  /** The built user interface. */
  readonly uiDirectory: string;
}

export type ApiApp = Koa<ApiState>;

export function createApp(options: AppOptions): ApiApp {
  const { clock, logger } = options;
  const app: ApiApp = new Koa();
  app.on('error', (error: unknown) => {
    // A client that goes away while it is answered is no error of ours.
    logger.debug('An answer was not delivered', { error });
  });
  app.use(requestLog(clock, logger));
  app.use(securityHeaders());
  app.use(compression());
  app.use(problemDetails(logger));
  app.use(rateLimit(clock, options.requestsPerMin));
  app.use(conditionalGet());
  app.use(staticFiles(options.uiDirectory));
  app.use(routeByResource(options.resources, options));
  return app;
}
