import { describe, expect, it } from 'vitest';
import { orderServers } from '../../../../system/call-plane/net/locate-server.ts';
import type {
  NaptrRecord,
  Resolver,
  SrvRecord,
} from '../../../../system/call-plane/net/resolver.ts';
import {
  findLiteralTarget,
  ServerLocator,
} from '../../../../system/call-plane/net/server-locator.ts';
import { parseUri, type SipUri } from '../../../../system/call-plane/sip/messages/uri.ts';

function sipUri(text: string): SipUri {
  const uri = parseUri(text);
  if (uri.scheme !== 'sip' && uri.scheme !== 'sips') {
    throw new Error('not a SIP URI');
  }
  return uri;
}

/** A DNS in a table; notes what it is asked. */
class TableResolver implements Resolver {
  readonly asked: string[] = [];
  readonly naptr = new Map<string, readonly NaptrRecord[]>();
  readonly srv = new Map<string, readonly SrvRecord[]>();
  readonly addresses = new Map<string, readonly string[]>();

  resolveNaptr(domain: string): Promise<readonly NaptrRecord[]> {
    this.asked.push(`NAPTR ${domain}`);
    return Promise.resolve(this.naptr.get(domain) ?? []);
  }

  resolveSrv(name: string): Promise<readonly SrvRecord[]> {
    this.asked.push(`SRV ${name}`);
    return Promise.resolve(this.srv.get(name) ?? []);
  }

  resolveAddresses(host: string): Promise<readonly string[]> {
    this.asked.push(`A ${host}`);
    return Promise.resolve(this.addresses.get(host) ?? []);
  }
}

/** The zone of RFC 3263's own example, as far as we speak its transports. */
function createZone(): TableResolver {
  const resolver = new TableResolver();
  resolver.naptr.set('example.test', [
    { order: 90, preference: 50, flags: 's', service: 'SIP+D2T', replacement: 'tcp.example.test' },
    { order: 50, preference: 50, flags: 's', service: 'SIPS+D2T', replacement: 'tls.example.test' },
    { order: 100, preference: 50, flags: 's', service: 'SIP+D2U', replacement: 'udp.example.test' },
    { order: 10, preference: 1, flags: 'u', service: 'E2U+sip', replacement: 'x.example.test' },
  ]);
  resolver.srv.set('tcp.example.test', [
    { priority: 1, weight: 1, port: 5070, name: 's2.example.test' },
    { priority: 0, weight: 1, port: 5071, name: 's1.example.test' },
  ]);
  resolver.srv.set('udp.example.test', [
    { priority: 0, weight: 1, port: 5060, name: 's1.example.test' },
  ]);
  resolver.srv.set('_sip._udp.srv.test', [
    { priority: 0, weight: 0, port: 5090, name: 's2.example.test' },
  ]);
  resolver.srv.set('_sip._udp.closed.test', [{ priority: 0, weight: 0, port: 0, name: '.' }]);
  resolver.addresses.set('s1.example.test', ['192.0.2.1', '2001:db8::1']);
  resolver.addresses.set('s2.example.test', ['192.0.2.2']);
  resolver.addresses.set('plain.test', ['192.0.2.9']);
  resolver.addresses.set('closed.test', ['192.0.2.8']);
  return resolver;
}

describe('locating servers (RFC 3263)', () => {
  it.each([
    ['sip:192.0.2.7', ['udp 192.0.2.7 5060'], []],
    ['sip:192.0.2.7:5080;transport=tcp', ['tcp 192.0.2.7 5080'], []],
    ['sip:[2001:db8::7]', ['udp 2001:db8::7 5060'], []],
    ['sip:phone.test;maddr=192.0.2.7', ['udp 192.0.2.7 5060'], []],
    ['sip:plain.test:5080', ['udp 192.0.2.9 5080'], ['A plain.test']],
    [
      'sip:plain.test;transport=TCP',
      ['tcp 192.0.2.9 5060'],
      ['SRV _sip._tcp.plain.test', 'A plain.test'],
    ],
    [
      'sip:example.test',
      [
        'tcp 192.0.2.1 5071',
        'tcp 2001:db8::1 5071',
        'tcp 192.0.2.2 5070',
        'udp 192.0.2.1 5060',
        'udp 2001:db8::1 5060',
      ],
      [
        'NAPTR example.test',
        'SRV tcp.example.test',
        'SRV udp.example.test',
        'A s1.example.test',
        'A s2.example.test',
        'A s1.example.test',
      ],
    ],
    [
      'sip:srv.test',
      ['udp 192.0.2.2 5090'],
      ['NAPTR srv.test', 'SRV _sip._udp.srv.test', 'SRV _sip._tcp.srv.test', 'A s2.example.test'],
    ],
    [
      'sip:plain.test',
      ['udp 192.0.2.9 5060'],
      ['NAPTR plain.test', 'SRV _sip._udp.plain.test', 'SRV _sip._tcp.plain.test', 'A plain.test'],
    ],
    [
      'sip:closed.test',
      [],
      ['NAPTR closed.test', 'SRV _sip._udp.closed.test', 'SRV _sip._tcp.closed.test'],
    ],
    ['sip:nobody.test:5060', [], ['A nobody.test']],
    ['sip:192.0.2.7;transport=tls', ['tls 192.0.2.7 5061'], []],
    [
      'sip:plain.test;transport=tls',
      ['tls 192.0.2.9 5061'],
      ['SRV _sips._tcp.plain.test', 'A plain.test'],
    ],
    ['sips:192.0.2.7', [], []],
    ['sip:192.0.2.7;transport=sctp', [], []],
  ])('[SIP-005] %s leads to %j', async (text, targets, asked) => {
    const resolver = createZone();
    const located = await new ServerLocator(resolver, () => 0).locate(sipUri(text));
    expect(
      located.map(({ protocol, address, port }) => `${protocol} ${address} ${String(port)}`),
    ).toEqual(targets);
    expect(resolver.asked).toEqual(asked);
  });

  it('finds the target of an address without a resolver, and none for a name', () => {
    expect(findLiteralTarget(sipUri('sip:a@192.0.2.7:5062;transport=tcp'))).toEqual({
      protocol: 'tcp',
      address: '192.0.2.7',
      port: 5062,
    });
    expect(findLiteralTarget(sipUri('sip:a@plain.test'))).toBeUndefined();
    expect(findLiteralTarget(sipUri('sips:a@192.0.2.7'))).toBeUndefined();
  });

  it('[SIP-005] draws servers of one priority in proportion to their weight (RFC 2782)', () => {
    const records = [
      { priority: 10, weight: 75, port: 5060, name: 'big' },
      { priority: 10, weight: 25, port: 5060, name: 'small' },
      { priority: 10, weight: 0, port: 5060, name: 'idle' },
      { priority: 20, weight: 100, port: 5060, name: 'spare' },
    ];
    const firsts = new Map<string, number>();
    const draws = 1_000;
    for (let draw = 0; draw < draws; draw++) {
      const hosts = orderServers(records, 'udp', () => draw / draws).map(({ host }) => host);
      expect(hosts).toHaveLength(4);
      expect(hosts.at(-1)).toBe('spare');
      const first = hosts[0] ?? '';
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    expect(firsts.get('big')).toBeGreaterThan(720);
    expect(firsts.get('small')).toBeGreaterThan(220);
    expect(firsts.get('idle')).toBeLessThan(30);
  });

  it('tries no more than sixteen servers', () => {
    const records = Array.from({ length: 100 }, (_, index) => ({
      priority: index,
      weight: 0,
      port: 5060,
      name: `s${String(index)}`,
    }));
    expect(orderServers(records, 'udp', () => 0)).toHaveLength(16);
  });
});
