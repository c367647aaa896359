/**
 * From a SIP URI to the addresses to try, in order (RFC 3263 §4). Asks the resolver what
 * `locate-server.ts` decides; for a URI with an IP address, which is nearly every contact, it asks
 * nothing.
 */
import { isIP } from 'node:net';
import type { SipUri } from '../sip/messages/uri.ts';
import type { TransportProtocol } from '../sip/transport.ts';
import {
  orderServers,
  planLocation,
  selectServices,
  type ServerName,
  type ServiceName,
} from './locate-server.ts';
import type { Resolver } from './resolver.ts';

export interface ServerTarget {
  readonly protocol: TransportProtocol;
  /** An IP address; IPv6 without brackets. */
  readonly address: string;
  readonly port: number;
}

/** More addresses than this are never tried for one request. */
const maxTargets = 16;

/** The target of a URI that needs no resolver; undefined when it does, or when it cannot be reached. */
export function findLiteralTarget(uri: SipUri): ServerTarget | undefined {
  const plan = planLocation(uri);
  return plan.kind === 'host' && isIP(plan.server.host) !== 0
    ? { protocol: plan.server.protocol, address: plan.server.host, port: plan.server.port }
    : undefined;
}

export class ServerLocator {
  readonly #resolver: Resolver;
  readonly #random: () => number;

  /** `random` yields numbers from 0 up to 1. */
  constructor(resolver: Resolver, random: () => number) {
    this.#resolver = resolver;
    this.#random = random;
  }

  /** Empty when the host is unknown, refuses the service, or needs a transport we do not speak. */
  async locate(uri: SipUri): Promise<readonly ServerTarget[]> {
    const plan = planLocation(uri);
    switch (plan.kind) {
      case 'unsupported':
        return [];
      case 'host':
        return this.#resolveHosts([plan.server]);
      case 'services':
        return this.#resolveServices(plan.services, plan.fallback);
      case 'naptr': {
        const selected = selectServices(await this.#resolver.resolveNaptr(plan.domain));
        return this.#resolveServices(selected.length > 0 ? selected : plan.services, plan.fallback);
      }
    }
  }

  async #resolveServices(
    services: readonly ServiceName[],
    fallback: ServerName,
  ): Promise<readonly ServerTarget[]> {
    const answers = await Promise.all(
      services.map(async ({ protocol, name }) => ({
        protocol,
        records: await this.#resolver.resolveSrv(name),
      })),
    );
    if (answers.every(({ records }) => records.length === 0)) {
      return this.#resolveHosts([fallback]);
    }
    return this.#resolveHosts(
      answers.flatMap(({ protocol, records }) => orderServers(records, protocol, this.#random)),
    );
  }

  async #resolveHosts(servers: readonly ServerName[]): Promise<readonly ServerTarget[]> {
    const targets = await Promise.all(
      servers.map(async ({ protocol, host, port }) => {
        const addresses = isIP(host) === 0 ? await this.#resolver.resolveAddresses(host) : [host];
        return addresses.map((address): ServerTarget => ({ protocol, address, port }));
      }),
    );
    return targets.flat().slice(0, maxTargets);
  }
}
