import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attributeMessage } from '../../../../provisioning/syslog/attribute-message.ts';
import {
  parseSyslogMessage,
  syslogLimits,
  type SyslogMessage,
} from '../../../../provisioning/syslog/syslog-message.ts';

const parse = (text: string): SyslogMessage => parseSyslogMessage(Buffer.from(text));

describe('a message of syslog', () => {
  test.each<[string, string, Partial<SyslogMessage>]>([
    [
      'of RFC 5424 §6.5 with a message id and no data',
      "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \uFEFF'su root' failed on /dev/pts/8",
      {
        facility: 4,
        severity: 'critical',
        stamp: '2003-10-11T22:14:15.003Z',
        host: 'mymachine.example.com',
        app: 'su',
        text: "'su root' failed on /dev/pts/8",
      },
    ],
    [
      'of RFC 5424 with data, in whose quotes brackets and quotes are escaped',
      '<165>1 - - evntslog 7 - [a b="1 \\] \\" ["][c] An event',
      {
        severity: 'notice',
        stamp: '',
        host: '',
        app: 'evntslog[7]',
        text: '[a b="1 \\] \\" ["][c] An event',
      },
    ],
    [
      'of RFC 5424 with what is said of the message itself (§7)',
      '<165>1 - - a - - [timeQuality tzKnown="1" isSynced="]"][x y="1"][meta] An event',
      { app: 'a', text: '[x y="1"] An event' },
    ],
    [
      'of RFC 3164 with everything',
      '<34>Oct 11 22:14:15 mymachine su[42]: failed',
      {
        severity: 'critical',
        stamp: 'Oct 11 22:14:15',
        host: 'mymachine',
        app: 'su[42]',
        text: 'failed',
      },
    ],
    [
      'of RFC 3164 without a host',
      '<131>Jan  1 00:00:12 SIP: registered',
      { facility: 16, severity: 'error', host: '', app: 'SIP', text: 'registered' },
    ],
    [
      'of a phone with its MAC after the time',
      '<134>Nov 22 04:20:00 [00:15:65:11:31:c4] SIP [618:665]: <6+info  > REGISTER',
      {
        severity: 'info',
        host: '',
        app: '',
        text: '[00:15:65:11:31:c4] SIP [618:665]: <6+info  > REGISTER',
      },
    ],
    [
      'without a priority',
      'it just says so',
      { facility: 1, severity: 'notice', text: 'it just says so' },
    ],
    ['with a priority that does not exist', '<192>x', { facility: 1, text: '<192>x' }],
    ['with a version that does not exist', '<13>2 a b c d e - x', { text: '2 a b c d e - x' }],
    ['whose data never end', '<13>1 - - - - - [a b="', { text: '1 - - - - - [a b="' }],
    ['that is empty', '', { severity: 'notice', text: '' }],
    [
      'of several lines',
      '<15>log: REGISTER sip:pbx SIP/2.0\r\nTo: x\r\n\r\n\0',
      { app: 'log', text: 'REGISTER sip:pbx SIP/2.0\nTo: x' },
    ],
    [
      'with bytes that would act on a terminal or turn the text',
      '<15>a\x1b[2Jb\u202ec\x00d\u009b',
      { text: 'a\\x1b[2Jb\\u{202e}c\\x00d\\x9b' },
    ],
  ])('%s', (_what, written, expected) => {
    expect(parse(written)).toMatchObject(expected);
  });

  test('of any bytes is bounded text without control characters', () => {
    const start = fc.constantFrom(
      '',
      '<13>',
      '<13>1 - - - - - ',
      '<13>Oct 11 22:14:15 ',
      '<13>1 - - - - - [',
    );
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 9_000 }), (begin, bytes) => {
        const { stamp, host, app, text } = parseSyslogMessage(
          Buffer.concat([Buffer.from(begin), bytes]),
        );
        expect(text.length).toBeLessThanOrEqual(syslogLimits.textCharacters);
        expect(`${stamp}${host}${app}${text.replaceAll(/[\n\t]/g, '')}`).not.toMatch(
          /[\u0000-\u001f\u007f-\u009f]/,
        );
        expect(stamp.length + host.length + app.length).toBeLessThanOrEqual(
          3 * syslogLimits.nameCharacters,
        );
      }),
    );
  });

  test('of long runs is read at once', () => {
    const began = performance.now();
    for (const run of ['[', 'a', 'a.', '0:', ' ', '\\"', 'aa:']) {
      parse(`<13>1 - - - - - [${run.repeat(8_000)}`);
      attributeMessage(
        { host: '', app: '', text: run.repeat(4_000) },
        { macs: [], isNear: true },
        () => true,
      );
    }
    expect(performance.now() - began).toBeLessThan(200);
  });
});

describe('a message belongs to', () => {
  const phone = '0015651131c4';
  const other = '000413aabb01';
  const isDevice = (mac: string): boolean => mac === phone || mac === other;
  test.each<[string, string, readonly string[], boolean, string | undefined]>([
    ['the device whose MAC stands in front', '[00:15:65:11:31:C4] SIP: x', [], true, phone],
    ['the device of the address', 'registered', [other], true, other],
    ['the device in front, whatever address a router gives it', `${phone}|x`, [other], true, phone],
    [
      'the device of the address, when it writes of another',
      `${'-'.repeat(80)} ${phone}`,
      [other],
      true,
      other,
    ],
    [
      'the device it names anywhere, when several share the address',
      `${'-'.repeat(80)} ${phone}`,
      [other, phone],
      true,
      phone,
    ],
    [
      'nobody, when several share the address and none is named',
      'registered',
      [other, phone],
      true,
      undefined,
    ],
    ['nobody, when the MAC is no device', '0015651131c5 x', [], true, undefined],
    [
      'nobody, when a stranger from the internet names a device',
      `${phone} x`,
      [],
      false,
      undefined,
    ],
    ['the device of an address of the internet', `${phone} x`, [phone], false, phone],
    ['nobody, when the digits are part of more', `a${phone}1 x`, [], true, undefined],
  ])('%s', (_what, text, macs, isNear, expected) => {
    expect(attributeMessage(parse(`<13>${text}`), { macs, isNear }, isDevice)).toBe(expected);
  });

  test('the device whose MAC is the host', () => {
    const message = parse('<13>Nov 22 04:20:00 snom-000413AABB01 app: x');
    expect(attributeMessage(message, { macs: [phone], isNear: true }, isDevice)).toBe(other);
  });
});
