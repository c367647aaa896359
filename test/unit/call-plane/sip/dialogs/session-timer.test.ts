import { describe, expect, test } from 'vitest';
import {
  expiryDelayMs,
  intervalAfter422,
  negotiateAsUas,
  refreshDelayMs,
  sessionTimerRequestHeaders,
  timerFromResponse,
} from '../../../../../system/call-plane/sip/dialogs/session-timer.ts';
import { HeaderFields } from '../../../../../system/call-plane/sip/messages/header-fields.ts';

function headersOf(fields: Readonly<Record<string, string>>): HeaderFields {
  const headers = new HeaderFields();
  for (const [name, value] of Object.entries(fields)) {
    headers.append(name, value);
  }
  return headers;
}

describe('[SIP-030] as UAS (RFC 4028 §9)', () => {
  const supported = { Supported: 'timer' };

  test.each([
    ['nothing asked, none of ours', {}, 0, undefined, false],
    ['nothing asked, peer without timers', {}, 1800, '1800;refresher=uas', false],
    ['nothing asked, peer with timers', supported, 1800, '1800;refresher=uac', true],
    ['asked for less', { ...supported, 'Session-Expires': '600' }, 1800, '600;refresher=uac', true],
    [
      'asked for more',
      { ...supported, 'Session-Expires': '3600' },
      1800,
      '1800;refresher=uac',
      true,
    ],
    [
      'asked for more with a minimum',
      { ...supported, 'Session-Expires': '3600', 'Min-SE': '2400' },
      1800,
      '2400;refresher=uac',
      true,
    ],
    [
      'asked for us to refresh',
      { ...supported, x: '600;refresher=uas' },
      1800,
      '600;refresher=uas',
      false,
    ],
    [
      'asked, none of ours',
      { ...supported, 'Session-Expires': '600' },
      0,
      '600;refresher=uac',
      true,
    ],
    ['asked by a proxy', { 'Session-Expires': '60' }, 1800, '90;refresher=uas', false],
    ['nonsense asked', { ...supported, 'Session-Expires': 'soon' }, 0, undefined, false],
    [
      'an absurd interval asked',
      { ...supported, 'Session-Expires': '4294967295' },
      0,
      '86400;refresher=uac',
      true,
    ],
  ])('%s', (_what, fields, preferredSec, agreed, isRequired) => {
    const result = negotiateAsUas(headersOf(fields), preferredSec);

    const headers = new Map(result.kind === 'agreed' ? result.headers : []);
    expect(headers.get('Session-Expires')).toBe(agreed);
    expect(headers.get('Require')).toBe(isRequired ? 'timer' : undefined);
    if (result.kind === 'agreed') {
      expect(result.timer.refresher).toBe(agreed?.endsWith('uas') === true ? 'local' : 'remote');
    }
  });

  test('wants at least 90 s of a peer that knows timers', () => {
    expect(negotiateAsUas(headersOf({ ...supported, 'Session-Expires': '89' }), 1800)).toEqual({
      kind: 'too-small',
      minSec: 90,
    });
  });
});

describe('[SIP-030] as UAC (RFC 4028 §7)', () => {
  test('asks for an interval, and keeps the roles in a refresh', () => {
    expect(sessionTimerRequestHeaders(0, 90)).toEqual([]);
    expect(sessionTimerRequestHeaders(1800, 90)).toEqual([
      ['Session-Expires', '1800'],
      ['Min-SE', '90'],
    ]);
    expect(
      sessionTimerRequestHeaders(600, 90, { intervalSec: 600, refresher: 'remote' })[0],
    ).toEqual(['Session-Expires', '600;refresher=uas']);
  });

  test.each([
    ['600;refresher=uas', 1800, { intervalSec: 600, refresher: 'remote' }],
    ['600;refresher=uac', 1800, { intervalSec: 600, refresher: 'local' }],
    ['600', 1800, { intervalSec: 600, refresher: 'local' }],
    ['10;refresher=uas', 1800, { intervalSec: 90, refresher: 'remote' }],
    [undefined, 1800, { intervalSec: 1800, refresher: 'local' }],
    [undefined, 0, undefined],
  ] as const)('takes %s as the answer', (value, requestedSec, timer) => {
    const headers = headersOf(value === undefined ? {} : { 'Session-Expires': value });
    expect(timerFromResponse(headers, requestedSec)).toEqual(timer);
  });

  test.each([
    ['1800', 600, 1800],
    ['600', 600, undefined],
    ['999999', 600, undefined],
    [undefined, 600, undefined],
  ])('after a 422 with Min-SE %s', (minSe, refusedSec, intervalSec) => {
    const headers = headersOf(minSe === undefined ? {} : { 'Min-SE': minSe });
    expect(intervalAfter422(headers, refusedSec)).toBe(intervalSec);
  });
});

test('[SIP-030] refreshes at half of the interval and gives up shortly before its end', () => {
  const timer = { intervalSec: 1800, refresher: 'local' } as const;
  expect(refreshDelayMs(timer)).toBe(900_000);
  expect(expiryDelayMs(timer)).toBe(1_768_000);
  expect(expiryDelayMs({ ...timer, intervalSec: 90 })).toBe(60_000);
});
