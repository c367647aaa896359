import { expect, test } from 'vitest';
import { createSipUri } from '../../../../../system/call-plane/sip/messages/uri.ts';
import { CallPlaneHarness } from '../../../../support/call-plane/call-plane-harness.ts';
import { phoneSdp } from '../../../../support/call-plane/phone-sdp.ts';
import type { ScriptedPhone } from '../../../../support/call-plane/scripted-phone.ts';

interface Phones {
  readonly pbx: CallPlaneHarness;
  readonly anna: ScriptedPhone;
  readonly bruno: ScriptedPhone;
}

function startPhones(): Phones {
  const pbx = new CallPlaneHarness();
  return {
    pbx,
    anna: pbx.addPhone('1001', '192.0.2.11'),
    bruno: pbx.addPhone('1002', '192.0.2.12'),
  };
}

test('[SEC-005] answers every request without credentials with the same challenge', () => {
  const { pbx } = startPhones();
  const stranger = pbx.addUnregisteredPhone('1005', '192.0.2.66', 'wrong');
  const statuses: Record<string, string[]> = {};
  stranger.transport.start({
    handleMessage: (message) => {
      if (message.kind === 'response') {
        (statuses[message.cseq.method] ??= []).push(
          `${String(message.status)} ${String(message.headers.has('WWW-Authenticate'))}`,
        );
      }
    },
    handleParseError: () => undefined,
    handleConnectionClosed: () => undefined,
  });
  const uri = createSipUri({ user: '4711', host: '192.0.2.1' });
  const methods = ['INVITE', 'OPTIONS', 'BYE', 'UPDATE', 'INFO', 'MESSAGE', 'NOTIFY', 'FROBNICATE'];

  const before = pbx.transactions.transactionCount;
  for (const method of methods) {
    stranger.sendOutside(method, uri, stranger.ownAddress(), stranger.ownAddress(), [
      ['Contact', stranger.contact],
    ]);
  }
  pbx.run();

  expect(statuses).toEqual(Object.fromEntries(methods.map((method) => [method, ['401 true']])));
  expect(pbx.transactions.transactionCount).toBe(before);
  pbx.run(70_000);
  pbx.expectNothingLeft(0);
});

test.each([
  ['From', '1002', []],
  ['P-Asserted-Identity', '1001', [['P-Asserted-Identity', '<sip:1002@campanile.local>']]],
  ['P-Preferred-Identity', '1001', [['P-Preferred-Identity', 'tel:1002']]],
  [
    'Remote-Party-ID',
    '1001',
    [['Remote-Party-ID', '"Boss" <sip:1002@campanile.local>;party=calling']],
  ],
  ['P-Asserted-Identity', '1001', [['P-Asserted-Identity', '"broken']]],
] as const)(
  '[SEC-005] refuses a %s that is not the authenticated user’s',
  (_name, from, headers) => {
    const { pbx, anna } = startPhones();
    const uri = createSipUri({ user: '1002', host: '192.0.2.1' });
    const fromAddress = {
      uri: createSipUri({ user: from, host: 'campanile.local' }),
      parameters: new Map(),
    };

    for (const method of ['INVITE', 'OPTIONS', 'MESSAGE']) {
      anna.sendOutside(method, uri, fromAddress, anna.ownAddress(), [
        ['Contact', anna.contact],
        ...headers,
      ]);
    }
    pbx.run();

    expect(anna.responses.slice(-3).map(({ status }) => status)).toEqual([403, 403, 403]);
  },
);

test('accepts an alias of the user in From', () => {
  const { pbx, anna, bruno } = startPhones();
  pbx.addUser('1001', { name: 'Anna', aliases: ['anna'] });
  const from = { uri: createSipUri({ user: 'anna', host: 'x' }), parameters: new Map() };

  anna.sendOutside(
    'INVITE',
    createSipUri({ user: '1002', host: '192.0.2.1' }),
    from,
    anna.ownAddress(),
    [
      ['Contact', anna.contact],
      ['Content-Type', 'application/sdp'],
    ],
    phoneSdp(anna.address),
  );
  pbx.run();

  expect(bruno.lastIncoming.requireRequest('INVITE').from.uri).toMatchObject({ user: '1001' });
});

test('answers OPTIONS with what it can do', () => {
  const { pbx, anna } = startPhones();

  anna.sendOutside(
    'OPTIONS',
    createSipUri({ host: '192.0.2.1' }),
    anna.ownAddress(),
    anna.ownAddress(),
    [],
  );
  pbx.run();

  const { headers, status } = anna.responses.at(-1) ?? { headers: undefined, status: 0 };
  expect(status).toBe(200);
  expect(headers?.getAll('Allow')).toEqual([
    'INVITE',
    'ACK',
    'BYE',
    'CANCEL',
    'OPTIONS',
    'UPDATE',
    'INFO',
  ]);
  expect(headers?.getAll('Accept')).toContain('application/sdp');
  expect(headers?.getAll('Supported')).toEqual(['timer']);
});

test.each([
  ['MESSAGE', 405],
  ['SUBSCRIBE', 405],
  ['REFER', 405],
  ['FROBNICATE', 501],
  ['BYE', 481],
  ['UPDATE', 481],
  ['INFO', 481],
  ['PRACK', 481],
])('answers %s outside of a dialog with %i', (method, status) => {
  const { pbx, anna } = startPhones();

  anna.sendOutside(
    method,
    createSipUri({ user: '1002', host: '192.0.2.1' }),
    anna.ownAddress(),
    anna.ownAddress(),
    [],
  );
  pbx.run();

  expect(anna.responses.at(-1)?.status).toBe(status);
  expect(anna.responses.at(-1)?.headers.has('Allow')).toBe(status === 405 || status === 501);
});
