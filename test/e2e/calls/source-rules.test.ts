/** Who is turned away at the doors: attack tools, too many requests of one kind, the address filter. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient, testAdminPassword } from '../../support/management-plane/api-client.ts';
import { CallScene } from '../../support/daemon/call-scene.ts';
import { waitUntil } from '../../support/wait-until.ts';

let scene: CallScene;

beforeAll(async () => {
  scene = await CallScene.open({
    users: 6,
    // Local addresses may do ten times as much: with 18 they are borne 180.
    settings: { sipLimitRegister: true, sipMethodLimit: 18 },
  });
});
afterAll(() => scene.close());

async function findBlocked(address: string) {
  const { items } = (await scene.api.expect(200, 'GET', '/blocked-addresses')) as {
    items: { address: string; reason: string; since: string; until: string }[];
  };
  return items.find((item) => item.address === address);
}

async function changeSettings(changes: object, api = scene.api): Promise<number> {
  const { headers } = await api.send('GET', '/settings');
  const etag = String(headers['etag']);
  return (await api.send('PATCH', '/settings', changes, { 'if-match': etag })).status;
}

/** Calls go through beside it. */
async function expectCall(): Promise<void> {
  const [caller, callee] = [scene.takeUser(), scene.takeUser()];
  const phone = await scene.answerAs(callee, 'callee-answers', { values: { RING_MS: '0' } });
  await scene.call(caller, callee, 'caller-talks', { values: { TALK_MS: '0' } });
  await phone.succeeded();
}

it('[SEC-012] friendly-scanner is blocked at its first request', async () => {
  await scene.start('intruder', 'registers-in-vain', {
    address: '127.0.0.5',
    values: { AGENT: 'Friendly-Scanner/1.8' },
  });
  await waitUntil(
    async () => (await findBlocked('127.0.0.5'))?.reason === 'attack-tool',
    'it is blocked',
  );
  await expectCall();
});

it('[SEC-010] 200 REGISTERs within a minute are too many where 180 are borne', async () => {
  await scene.start('intruder', 'registers-in-vain', {
    address: '127.0.0.6',
    calls: 200,
    values: { AGENT: 'Phone 1.0' },
    more: ['-r', '200'],
  });
  await waitUntil(
    async () => (await findBlocked('127.0.0.6'))?.reason === 'register-rate',
    'it is blocked',
  );
  const { since = '', until = '' } = (await findBlocked('127.0.0.6')) ?? {};
  expect(Date.parse(until) - Date.parse(since)).toBe(60_000);
  await expectCall();
});

it('[SEC-017] a denied network comes in neither by SIP nor by the web, its exceptions do, and nobody locks himself out', async () => {
  const denied = new ApiClient(scene.daemon, '127.0.0.9');
  await denied.login('admin', testAdminPassword);
  const lists = { deniedAddresses: ['127.0.0.0/28'], allowedAddresses: ['127.0.0.8'] };

  expect(await changeSettings(lists, denied)).toBe(422);
  expect(await changeSettings(lists)).toBe(200);

  await expect(denied.send('GET', '/version')).rejects.toThrow(/socket|ECONNRESET/);
  const { status } = await new ApiClient(scene.daemon, '127.0.0.8').send('GET', '/version');
  expect(status).toBe(200);
  const csv = await scene.api.send('GET', '/blocked-addresses/filter.csv');
  expect(csv.body).toBe('action,address\r\ndeny,127.0.0.0/28\r\nallow,127.0.0.8\r\n');
  const caller = scene.takeUser();
  const turnedAway = await scene.start(caller, 'options', {
    address: '127.0.0.9',
    timeoutSec: 3,
    more: ['-max_retrans', '1'],
  });
  expect((await turnedAway.ended()).exitCode).not.toBe(0);
  const exception = await scene.start(caller, 'options', { address: '127.0.0.8' });
  expect((await exception.ended()).exitCode).toBe(0);

  // Nor by taking a change back, nor by an import.
  const { body: text } = await scene.api.send('GET', '/configuration/export');
  expect(await changeSettings({ deniedAddresses: [] })).toBe(200);
  const { items } = (await scene.api.expect(
    200,
    'GET',
    '/revisions?sort=number&direction=desc',
  )) as {
    items: { number: number }[];
  };
  const revert = `/revisions/${String(items[0]?.number)}/revert`;
  expect((await denied.send('POST', revert, {})).status).toBe(422);
  const headers = { 'content-type': 'text/plain' };
  const imported = await denied.send('POST', '/configuration/import', String(text), headers);
  expect(imported.status).toBe(422);
  expect((await scene.api.send('POST', revert, {})).status).toBe(201);
});
