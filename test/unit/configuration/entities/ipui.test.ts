import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIpui, toIpei } from '../../../../system/configuration/entities/ipui.ts';

const ipuis = fc
  .tuple(fc.nat(0xffff), fc.nat(0xfffff))
  .map(([manufacturer, handset]) =>
    `0${manufacturer.toString(16).padStart(4, '0')}${handset.toString(16).padStart(5, '0')}`.toUpperCase(),
  );

describe('the identity of a DECT handset', () => {
  it('is the same as IPUI and as IPEI with its check digit', () => {
    fc.assert(
      fc.property(ipuis, (ipui) => {
        expect(parseIpui(toIpei(ipui))).toBe(ipui);
      }),
    );
  });

  it.each([
    ['02AE1F3C4D', '02AE1F3C4D'],
    ['0x02ae1f3c4d', '02AE1F3C4D'],
    [' 02ae 1f3c 4d ', '02AE1F3C4D'],
    // EMC 4096, PSN 12345; the sum of digit times place is 234, which is 3 modulo 11.
    ['04096 0012345 3', '0100003039'],
  ])('reads %s', (text, ipui) => {
    expect(parseIpui(text)).toBe(ipui);
  });

  it.each([
    ['nothing', ''],
    ['a wrong check digit', '04096 0012345 4'],
    ['a manufacturer beyond 16 bits', '65536 0000001 7'],
    ['another type of IPUI', '12AE1F3C4D'],
    ['the place without a handset', 'FFFFFFFFFF'],
    ['nine digits', '02AE1F3C4'],
    ['letters', 'handset one'],
  ])('refuses %s', (_what, text) => {
    expect(parseIpui(text)).toBeUndefined();
  });
});
