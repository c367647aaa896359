/**
 * RFC 3263 §4 as pure decisions: which question to ask the DNS for a SIP URI, and what its answers
 * mean. `server-locator.ts` asks them.
 */
import { isIP } from 'node:net';
import type { SipUri } from '../sip/messages/uri.ts';
import type { TransportProtocol } from '../sip/transport.ts';
import type { NaptrRecord, SrvRecord } from './resolver.ts';

/** Where to send, before host names have become addresses. */
export interface ServerName {
  readonly protocol: TransportProtocol;
  readonly host: string;
  readonly port: number;
}

/** One SRV query and the transport that its answers speak. */
export interface ServiceName {
  readonly protocol: TransportProtocol;
  readonly name: string;
}

export type LocationPlan =
  /** Nothing to ask but, where `host` is a name, its addresses. */
  | { readonly kind: 'host'; readonly server: ServerName }
  /** Ask for SRV records; when there are none at all, use `fallback`. */
  | {
      readonly kind: 'services';
      readonly services: readonly ServiceName[];
      readonly fallback: ServerName;
    }
  /** Ask for NAPTR records first; when none is of use, go on with `services`. */
  | {
      readonly kind: 'naptr';
      readonly domain: string;
      readonly services: readonly ServiceName[];
      readonly fallback: ServerName;
    }
  /** `sips:`, or a transport that we do not speak. */
  | { readonly kind: 'unsupported' };

const defaultPorts: Readonly<Record<TransportProtocol, number>> = {
  udp: 5060,
  tcp: 5060,
  tls: 5061,
};
const protocols: readonly TransportProtocol[] = ['udp', 'tcp', 'tls'];
/** Asked for a URI that names no transport, in our order of preference (§4.1). TLS has to be named. */
const unasked: readonly TransportProtocol[] = ['udp', 'tcp'];
const protocolOfService: ReadonlyMap<string, TransportProtocol> = new Map([
  ['SIP+D2U', 'udp'],
  ['SIP+D2T', 'tcp'],
]);
/** More servers than this are never tried for one request. */
const maxServers = 16;

/** §4.1 and §4.2. The host is that of the request's next hop. */
export function planLocation(uri: SipUri): LocationPlan {
  const transport = uri.parameters.get('transport')?.toLowerCase();
  const wanted = protocols.find((protocol) => protocol === transport);
  if (uri.scheme === 'sips' || (transport !== undefined && wanted === undefined)) {
    return { kind: 'unsupported' };
  }
  const host = uri.parameters.get('maddr') ?? uri.host;
  const protocol = wanted ?? 'udp';
  const server: ServerName = { protocol, host, port: uri.port ?? defaultPorts[protocol] };
  if (isIP(host) !== 0 || uri.port !== undefined) {
    return { kind: 'host', server };
  }
  if (wanted !== undefined) {
    return { kind: 'services', services: [toServiceName(wanted, host)], fallback: server };
  }
  const services = unasked.map((service) => toServiceName(service, host));
  return { kind: 'naptr', domain: host, services, fallback: server };
}

/** The SRV queries that a domain's NAPTR records ask for, the most wanted first. */
export function selectServices(records: readonly NaptrRecord[]): ServiceName[] {
  return records
    .filter((record) => record.flags.toLowerCase() === 's')
    .toSorted((a, b) => a.order - b.order || a.preference - b.preference)
    .flatMap((record) => {
      const protocol = protocolOfService.get(record.service.toUpperCase());
      return protocol === undefined ? [] : [{ protocol, name: record.replacement }];
    })
    .slice(0, maxServers);
}

/**
 * The servers of one service in the order in which to try them (RFC 2782): by priority, within one
 * priority at random in proportion to weight. `random` yields numbers from 0 up to 1.
 */
export function orderServers(
  records: readonly SrvRecord[],
  protocol: TransportProtocol,
  random: () => number,
): ServerName[] {
  const offered = records.filter(({ name, port }) => name !== '' && name !== '.' && port !== 0);
  const byPriority = Map.groupBy(offered, ({ priority }) => priority);
  return [...byPriority]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([, group]) => drawByWeight(group, random))
    .map(({ name, port }) => ({ protocol, host: name, port }))
    .slice(0, maxServers);
}

/** Records of weight 0 stand first, so that they have a small chance (RFC 2782). */
function drawByWeight(group: readonly SrvRecord[], random: () => number): SrvRecord[] {
  const rest = group.toSorted((a, b) => Math.sign(a.weight) - Math.sign(b.weight));
  const drawn: SrvRecord[] = [];
  while (rest.length > 0) {
    const total = rest.reduce((sum, { weight }) => sum + weight, 0);
    const threshold = Math.floor(random() * (total + 1));
    let sum = 0;
    const index = rest.findIndex(({ weight }) => {
      sum += weight;
      return sum >= threshold;
    });
    drawn.push(...rest.splice(Math.max(0, index), 1));
  }
  return drawn;
}

function toServiceName(protocol: TransportProtocol, domain: string): ServiceName {
  return {
    protocol,
    name: protocol === 'tls' ? `_sips._tcp.${domain}` : `_sip._${protocol}.${domain}`,
  };
}
