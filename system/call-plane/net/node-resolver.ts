/**
 * The resolver over `node:dns`: NAPTR and SRV from the name servers, addresses as the system
 * resolves them (`/etc/hosts` included). Nothing is kept: the system's resolver caches.
 */
import { promises as dns } from 'node:dns';
import type { NaptrRecord, Resolver, SrvRecord } from './resolver.ts';

/** A call waits for these: two tries of two seconds are as much as a caller bears. */
const queryTimeoutMs = 2_000;
const queryTries = 2;

export class NodeResolver implements Resolver {
  readonly #resolver: dns.Resolver;

  /** `servers`: addresses of name servers, with ports where they are not 53; else the system's. */
  constructor(servers?: readonly string[]) {
    this.#resolver = new dns.Resolver({ timeout: queryTimeoutMs, tries: queryTries });
    if (servers !== undefined) {
      this.#resolver.setServers(servers);
    }
  }

  resolveNaptr(domain: string): Promise<readonly NaptrRecord[]> {
    return orNone(this.#resolver.resolveNaptr(domain));
  }

  resolveSrv(name: string): Promise<readonly SrvRecord[]> {
    return orNone(this.#resolver.resolveSrv(name));
  }

  async resolveAddresses(host: string): Promise<readonly string[]> {
    const answers = await orNone(dns.lookup(host, { all: true, order: 'ipv4first' }));
    return answers.map(({ address }) => address);
  }
}

/** No such name, no such record, no answer: to the caller all are the same. */
async function orNone<Answer>(answers: Promise<Answer[]>): Promise<readonly Answer[]> {
  try {
    return await answers;
  } catch {
    return [];
  }
}
