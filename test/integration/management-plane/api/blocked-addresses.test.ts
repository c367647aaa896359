import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BlockedAddresses } from '../../../../system/management-plane/api/routes/blocked-addresses/schema.ts';
import { createAccounts } from '../../../support/management-plane/api-accounts.ts';
import { ApiClient } from '../../../support/management-plane/api-client.ts';
import { TestManagementPlane } from '../../../support/management-plane/management-plane.ts';

let plane: TestManagementPlane;
let client: ApiClient;

beforeAll(async () => {
  plane = await TestManagementPlane.start();
  client = (await createAccounts(plane)).superadmin;
});

afterAll(async () => {
  await plane.remove();
});

describe('blocked addresses', () => {
  test('[SEC-011] [SEC-015] are listed with reason and end, and let in again, at SIP and at the login', async () => {
    plane.callPlane.bans = [
      {
        address: '203.0.113.5',
        offence: 'failed-authentications',
        bannedAtMs: Date.UTC(2026, 0, 1),
        endsAtMs: Date.UTC(2026, 0, 1, 1),
      },
    ];
    const source = '127.0.0.1';
    const guesser = new ApiClient(plane);
    for (let index = 0; index < 20; index += 1) {
      await guesser.send('POST', '/session', { login: `nobody${String(index)}`, password: 'x' });
    }
    const listed = (await client.expect(200, 'GET', '/blocked-addresses')) as BlockedAddresses;
    expect(listed).toMatchObject({
      total: 2,
      items: [
        {
          door: 'sip',
          address: '203.0.113.5',
          reason: 'failed-authentications',
          until: '2026-01-01T01:00:00.000Z',
        },
        { door: 'web', address: source, reason: 'failed-logins' },
      ],
    });
    expect((await guesser.send('POST', '/session', { login: 'x', password: 'x' })).status).toBe(
      429,
    );

    await client.expect(204, 'DELETE', `/blocked-addresses/web/${source}`);
    await client.expect(204, 'DELETE', '/blocked-addresses/sip/203.0.113.5');
    expect(await client.expect(200, 'GET', '/blocked-addresses')).toEqual({ items: [], total: 0 });
    expect((await guesser.send('POST', '/session', { login: 'x', password: 'x' })).status).toBe(
      401,
    );
    const again = await client.send('DELETE', '/blocked-addresses/sip/203.0.113.5');
    expect(again).toMatchObject({ status: 404, body: { code: 'not-found' } });
    const audit = await client.expect(200, 'GET', '/audit?action=address-unblocked');
    expect(audit).toMatchObject({ total: 2, items: [{ detail: 'sip 203.0.113.5' }, {}] });
  });
});
