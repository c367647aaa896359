import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  maximumScanAddresses,
  parseScanRange,
  suggestRange,
  type OwnNetwork,
} from '../../../../provisioning/discovery/scan-range.ts';
import { parseSipAnswer, serializeSipProbe } from '../../../../provisioning/discovery/sip-probe.ts';
import { readTitle } from '../../../../provisioning/discovery/web-probe.ts';
import { formatIpv4, parseIpv4, parseSubnet } from '../../../../provisioning/ipv4.ts';

function network(address: string, subnet: string): OwnNetwork {
  const parsed = { address: parseIpv4(address), subnet: parseSubnet(subnet) };
  if (parsed.address === undefined || parsed.subnet === undefined) {
    throw new Error(`${address} ${subnet} is no network`);
  }
  return { address: parsed.address, subnet: parsed.subnet };
}

const own = [network('192.168.1.5', '192.168.1.0/24'), network('10.1.2.3', '10.0.0.0/8')];
const parse = (text: string): string[] => parseScanRange(text, own).map(formatIpv4);

describe('the range of a scan', () => {
  test.each<[string, number, string, string]>([
    ['192.168.1.7', 1, '192.168.1.7', '192.168.1.7'],
    [' 192.168.1.10-12 ', 3, '192.168.1.10', '192.168.1.12'],
    ['192.168.1.10 - 192.168.1.12', 3, '192.168.1.10', '192.168.1.12'],
    ['192.168.1.0/24', 253, '192.168.1.1', '192.168.1.254'],
    ['192.168.1.77/30', 4, '192.168.1.76', '192.168.1.79'],
    ['10.1.0.0/22', 1_023, '10.1.0.0', '10.1.3.255'],
  ])('%s are %i addresses without ours, from %s to %s', (text, count, first, last) => {
    const addresses = parse(text);
    expect(addresses).not.toContain('192.168.1.5');
    expect(addresses).not.toContain('10.1.2.3');
    expect([addresses.length, addresses[0], addresses.at(-1)]).toEqual([count, first, last]);
  });

  test.each([
    ['nonsense', /Write an address/],
    ['', /Write an address/],
    ['192.168.1.0/33', /Write an address/],
    ['192.168.1.0/24/24', /Write an address/],
    ['192.168.1.20-10', /Write an address/],
    ['192.168.1.20-300', /Write an address/],
    ['10.0.0.0/21', /At most 1,024 addresses/],
    ['0.0.0.0/0', /At most 1,024 addresses/],
    [
      '172.16.0.1',
      /Only networks that the PBX stands in can be scanned: 192\.168\.1\.0\/24, 10\.0\.0\.0\/8\./,
    ],
    ['192.168.1.250-192.168.2.10', /Only networks/],
    ['8.8.8.8', /Only networks/],
  ])('%s is refused', (text, reason) => {
    expect(() => parse(text)).toThrow(reason);
  });

  test('of any text is bounded and inside our networks', () => {
    const number = fc.integer({ min: 0, max: 300 });
    const text = fc
      .tuple(
        fc.constantFrom('192.168.1.', '10.9.', '10.'),
        number,
        fc.constantFrom('', '-', '/'),
        number,
      )
      .map(([begin, a, sign, b]) => `${begin}${String(a)}${sign}${String(b)}`);
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (written) => {
        let addresses: readonly string[] = [];
        try {
          addresses = parse(written);
        } catch {
          // Refused with a sentence.
        }
        expect(addresses.length).toBeLessThanOrEqual(maximumScanAddresses);
        expect(addresses.every((address) => /^(?:192\.168\.1|10)\./.test(address))).toBe(true);
      }),
    );
  });

  test('that is offered is the network, of a large one the 256 addresses around ours', () => {
    expect(own.map(suggestRange)).toEqual(['192.168.1.0/24', '10.1.2.0/24']);
  });
});

describe('a probe by SIP', () => {
  test('is an OPTIONS, and its answer tells User-Agent or Server, whatever its status', () => {
    const probe = {
      callId: 'a@b',
      target: '10.0.0.9',
      server: '10.0.0.1:4711',
      branch: 'z9hG4bKx',
      tag: 't',
    };
    expect(serializeSipProbe(probe).toString()).toMatch(
      /^OPTIONS sip:10\.0\.0\.9 SIP\/2\.0\r\n.*\r\n\r\n$/s,
    );

    const answer = (more: string): ReturnType<typeof parseSipAnswer> =>
      parseSipAnswer(Buffer.from(`SIP/2.0 404 Not here\r\ni: a@b\r\n${more}\r\nServer: late\r\n`));
    expect(answer('User-Agent: Phone \u00071.0\r\n')).toEqual({
      callId: 'a@b',
      userAgent: 'Phone 1.0',
    });
    expect(answer('Server: Gate/2\r\n')).toEqual({ callId: 'a@b', userAgent: 'Gate/2' });
    expect(answer('')).toEqual({ callId: 'a@b', userAgent: undefined });
    expect(
      parseSipAnswer(Buffer.from('OPTIONS sip:x SIP/2.0\r\nCall-ID: a@b\r\n\r\n')),
    ).toBeUndefined();
  });

  test('of any bytes never throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', 'SIP/2.0 200 OK\r\n'),
        fc.uint8Array({ maxLength: 9_000 }),
        (start, bytes) => {
          const answer = parseSipAnswer(Buffer.concat([Buffer.from(start), bytes]));
          expect(answer?.userAgent ?? '').toMatch(/^[ -~]{0,200}$/);
        },
      ),
    );
  });
});

test.each([
  ['<html><head><TITLE lang="en">\n GXP2170 &amp;\u202e web </TITLE>', 'GXP2170 web'],
  ['<title></title>', undefined],
  ['no page', undefined],
])('the title of %j is %j', (html, title) => {
  expect(readTitle(html)).toBe(title);
});
