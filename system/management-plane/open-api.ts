/** The web side made from what the management plane has opened; it listens with `start`. */
import { randomInt } from 'node:crypto';
import type { ManagementPlaneBus } from '../bus/ends.ts';
import { TypedEmitter } from '../foundation/typed-emitter.ts';
import type { PasswordHasher } from './accounts/password-hash.ts';
import type { Api, ApiOptions } from './api/api.ts';
import type { ApiServices } from './api/api-services.ts';
import type { ConfigurationStore } from './configuration-store/configuration-store.ts';
import type { Services } from './open-services.ts';
import type { Phonebooks } from './phonebooks/phonebooks.ts';
import type { Provisioning } from './provisioning/provisioning.ts';
import type { StartPhases } from './start-phases.ts';
import type { TlsCertificate } from './tls-certificate.ts';
import { UsersImport } from './users/users-import.ts';

export interface OpenApiOptions extends Pick<
  ApiOptions,
  'hints' | 'clock' | 'logger' | 'addresses' | 'httpsPort' | 'httpPort' | 'uiDirectory'
> {
  readonly bus: ManagementPlaneBus;
  readonly store: ConfigurationStore;
  readonly services: Services;
  readonly hasher: PasswordHasher;
  readonly provisioning: Provisioning;
  readonly phonebooks: Phonebooks;
  readonly version: string;
  readonly healthState: ApiServices['healthState'];
  readonly provideCertificate: () => Promise<TlsCertificate>;
  readonly phases: Pick<StartPhases, 'note'>;
}

/** Rejects when the certificate can neither be read nor made. */
export async function openApi(options: OpenApiOptions): Promise<Api> {
  const { bus, store, services, provisioning, phonebooks, hints, clock, logger } = options;
  // The web's modules are the larger part of all: loaded after the call plane has what it needs.
  const [{ Api }, { resources }] = await Promise.all([
    import('./api/api.ts'),
    import('./api/route-table.ts'),
  ]);
  options.phases.note('modules');
  const certificate = await options.provideCertificate();
  options.phases.note('certificate');
  const apiServices: ApiServices = {
    ...services,
    clock,
    version: options.version,
    store,
    callPlane: bus,
    provisioning: provisioning.services,
    usersImport: new UsersImport({
      store,
      hasher: options.hasher,
      clock,
      randomBelow: (end) => randomInt(end),
      phones: provisioning.services.importedPhones,
    }),
    phonebooks,
    healthState: options.healthState,
    sessionEnds: new TypedEmitter((error) => {
      logger.error('A listener of ended sessions failed', { error });
    }),
  };
  const api = new Api({
    resources,
    services: apiServices,
    authenticator: {
      identityOfSession: (token) => services.sessions.find(token),
      identityOfToken: (token) => services.tokens.find(token),
      isSessionAlive: (token) => services.sessions.isAlive(token),
    },
    hints,
    clock,
    logger,
    certificate,
    takeDeviceRequest: provisioning.takeRequest,
    addresses: options.addresses,
    httpsPort: options.httpsPort,
    httpPort: options.httpPort,
    uiDirectory: options.uiDirectory,
    requestsPerMin: () => store.settings.apiRequestsPerMin,
  });
  for (const type of ['calls.changed', 'parts.changed'] as const) {
    bus.on(type, () => {
      hints.publish({ type });
    });
  }
  return api;
}
