/** Every redirection service: its facts and its connector. */
import type { Connector, ConnectorContext, ServiceDescription } from './connector.ts';
import { createGrandstreamGaps, grandstreamGaps } from './grandstream-gaps.ts';
import { createGrandstreamGdms, grandstreamGdms } from './grandstream-gdms.ts';
import { createPortal, portal } from './portal.ts';
import { createSnomSraps, snomSraps } from './snom-sraps.ts';
import { createYealinkRps, yealinkRps } from './yealink-rps.ts';
import { createYealinkYmcs, yealinkYmcs } from './yealink-ymcs.ts';

export interface RedirectionServiceDefinition {
  readonly description: ServiceDescription;
  readonly create: (context: ConnectorContext) => Connector;
}

export const redirectionServices = {
  'yealink-rps': { description: yealinkRps, create: createYealinkRps },
  'yealink-ymcs': { description: yealinkYmcs, create: createYealinkYmcs },
  'snom-sraps': { description: snomSraps, create: createSnomSraps },
  'grandstream-gaps': { description: grandstreamGaps, create: createGrandstreamGaps },
  'grandstream-gdms': { description: grandstreamGdms, create: createGrandstreamGdms },
  portal: { description: portal, create: createPortal },
} as const satisfies Readonly<Record<string, RedirectionServiceDefinition>>;
