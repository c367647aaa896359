import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { negotiate } from '../../../../provisioning/tftp/negotiation.ts';
import { encodeNetascii } from '../../../../provisioning/tftp/netascii.ts';
import { parseClientPacket } from '../../../../provisioning/tftp/packet.ts';
import { toRelativePath } from '../../../../provisioning/tftp/folder-source.ts';

function request(opcode: number, ...texts: string[]): Buffer {
  return Buffer.concat([Buffer.of(0, opcode), ...texts.map((text) => Buffer.from(`${text}\0`))]);
}

describe('a packet of a TFTP client', () => {
  it('names its options in upper or lower case; the first of equal ones counts (RFC 2347)', () => {
    const packet = parseClientPacket(
      request(1, 'cfg000B82.xml', 'OCTET', 'BlkSize', '1428', 'blksize', '8', 'TSIZE', '0'),
    );

    expect(packet).toEqual({
      kind: 'read',
      fileName: 'cfg000B82.xml',
      mode: 'octet',
      options: new Map([
        ['blksize', '1428'],
        ['tsize', '0'],
      ]),
    });
  });

  it.each([
    ['an unknown opcode', Buffer.from('00090001', 'hex'), 'Illegal TFTP operation'],
    ['DATA', Buffer.from('0003000141', 'hex'), 'Illegal TFTP operation'],
    ['nothing', Buffer.alloc(0), 'Illegal TFTP operation'],
    ['mode mail', request(1, 'file', 'mail'), 'Mode must be octet or netascii'],
    ['a request without a mode', request(1, 'file'), 'Request without file name or mode'],
    ['a request without a name', request(1, '', 'octet'), 'Request without file name or mode'],
    ['a name without an end', Buffer.from('\0\x01abcdef'), 'Request without file name or mode'],
    ['a name of 2,000 characters', request(1, 'x'.repeat(2_000), 'octet'), 'Request too long'],
  ])('that is %s is illegal', (_what, datagram, reason) => {
    expect(parseClientPacket(datagram)).toEqual({ kind: 'illegal', reason });
  });

  it('of random bytes never throws', () => {
    const tail = fc.uint8Array({ maxLength: 1_200 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7 }), tail, (opcode, bytes) => {
        const packet = parseClientPacket(Buffer.concat([Buffer.of(0, opcode), bytes]));
        expect(packet.kind === 'read' ? packet.options.size : 0).toBeLessThanOrEqual(16);
      }),
    );
  });
});

describe('options', () => {
  it.each<[Record<string, string>, Record<string, string>]>([
    [
      { blksize: '65464', windowsize: '1000', timeout: '3', tsize: '0' },
      { blksize: '1468', windowsize: '64', timeout: '3', tsize: '12345' },
    ],
    [{ blksize: '7', windowsize: '0', timeout: '256', tsize: '-1' }, {}],
    [{ blksize: '1e3', windowsize: '0x10', timeout: '', multicast: '' }, {}],
    [{ blksize: '99999999999999999999' }, {}],
  ])('%j are answered with %j: what is wrong or unknown is left out', (requested, accepted) => {
    const answer = negotiate(new Map(Object.entries(requested)), 12_345);

    expect(Object.fromEntries(answer.accepted)).toEqual(accepted);
  });

  it('that are left out keep their defaults', () => {
    expect(negotiate(new Map(), 1).parameters).toEqual({
      blockBytes: 512,
      windowBlocks: 1,
      timeoutSec: undefined,
    });
  });
});

describe('the name of a file', () => {
  it.each([
    ['cfg000b82123456.xml', 'cfg000b82123456.xml'],
    ['/y000000000028.cfg', 'y000000000028.cfg'],
    ['//prov//./snom.htm', 'prov/snom.htm'],
    ['\\Cisco\\SEP.cnf.xml', 'Cisco/SEP.cnf.xml'],
    ['..', undefined],
    ['a/../../b', undefined],
    ['a\\..\\b', undefined],
    ['...', '...'],
    ['/', undefined],
    ['a\nb', undefined],
    ['a\0b', undefined],
    ['x'.repeat(513), undefined],
  ])('%j becomes %j', (sent, expected) => {
    expect(toRelativePath(sent)).toBe(expected);
  });
});

it('netascii writes a line end as CR LF and a lone CR with NUL (RFC 764)', () => {
  expect(encodeNetascii(Buffer.from('a\nb\rc')).toString('latin1')).toBe('a\r\nb\r\0c');
});
