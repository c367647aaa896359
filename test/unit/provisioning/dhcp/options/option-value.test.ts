import { describe, expect, it } from 'vitest';

import {
  serializeOptionValue,
  type OptionValue,
} from '../../../../../provisioning/dhcp/options/option-value.ts';
import { sampleVariables } from '../../../../../provisioning/dhcp/options/option-variables.ts';

function serialize(value: OptionValue): string {
  return serializeOptionValue(value, sampleVariables).toString('hex');
}

describe('the value of an option', () => {
  it.each<[string, OptionValue, string]>([
    [
      'text with variables',
      { type: 'text', text: '${server}/{mac}' },
      '3139322e302e322e312f7b6d61637d',
    ],
    ['addresses', { type: 'addresses', addresses: ['${server}', '10.0.0.1'] }, 'c00002010a000001'],
    ['an integer', { type: 'integer', bytes: 2, value: 258 }, '0102'],
    ['bytes', { type: 'hex', hex: 'de:ad be-ef' }, 'deadbeef'],
    [
      'routes (examples of RFC 3442)',
      {
        type: 'routes',
        routes: [
          { subnet: '0.0.0.0/0', router: '10.0.0.1' },
          { subnet: '10.17.0.0/16', router: '10.0.0.2' },
          { subnet: '10.27.129.0/24', router: '10.0.0.3' },
          { subnet: '10.229.0.128/25', router: '10.0.0.4' },
        ],
      },
      '000a000001' + '100a110a000002' + '180a1b810a000003' + '190ae500800a000004',
    ],
    [
      'a domain search list (RFC 3397)',
      { type: 'domains', domains: ['eng.apple.com', 'b.de.'] },
      '03656e67056170706c6503636f6d00' + '016202646500',
    ],
    [
      'SIP servers by address (RFC 3361)',
      { type: 'sip-servers', servers: ['10.0.0.1'] },
      '010a000001',
    ],
    ['SIP servers by name', { type: 'sip-servers', servers: ['b.de'] }, '00016202646500'],
    [
      'encapsulated options',
      {
        type: 'sub-options',
        subOptions: [
          { code: 2, value: { type: 'text', text: 'ab' } },
          { code: 3, value: { type: 'integer', bytes: 1, value: 0 } },
        ],
      },
      '02026162030100',
    ],
  ])('as %s is written as its standard says', (_kind, value, expected) => {
    expect(serialize(value)).toBe(expected);
  });

  it.each<[OptionValue, string]>([
    [{ type: 'text', text: '${servr}' }, 'There is no variable "servr".'],
    [{ type: 'text', text: 'x'.repeat(2_000) }, 'The value has 2000 bytes; 1024 are possible.'],
    [{ type: 'addresses', addresses: [] }, 'At least one address is needed.'],
    [{ type: 'addresses', addresses: ['10.0.0.256'] }, '"10.0.0.256" is not an IPv4 address.'],
    [{ type: 'integer', bytes: 1, value: 256 }, '256 does not fit into 1 bytes.'],
    [{ type: 'hex', hex: 'abc' }, '"abc" is not a row of hexadecimal bytes.'],
    [
      { type: 'routes', routes: [{ subnet: '10.0.0.1/8', router: '10.0.0.1' }] },
      '"10.0.0.1/8" is not a subnet like 10.0.0.0/8.',
    ],
    [{ type: 'domains', domains: ['a..b'] }, '"a..b" is not a domain name.'],
    [
      { type: 'sub-options', subOptions: [{ code: 255, value: { type: 'hex', hex: '00' } }] },
      'Sub-option 255 has no valid code or is longer than 255 bytes.',
    ],
  ])('%j is refused in words', (value, message) => {
    expect(() => serialize(value)).toThrow(message);
  });
});
