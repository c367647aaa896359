import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiServices } from '../../../../system/management-plane/api/api-services.ts';
import { createRouter } from '../../../../system/management-plane/api/create-router.ts';
import type { Authenticator } from '../../../../system/management-plane/api/request/identity.ts';
import { isPermitted } from '../../../../system/management-plane/api/permission.ts';
import { loadRoutes } from '../../../../system/management-plane/api/route-table.ts';
import type { Route } from '../../../../system/management-plane/api/route.ts';
import type { UserRole } from '../../../../system/configuration/entities/user.ts';
import type { UserId } from '../../../../system/foundation/ids.ts';
import {
  createAccounts,
  type TestAccounts,
} from '../../../support/management-plane/api-accounts.ts';
import { ApiClient } from '../../../support/management-plane/api-client.ts';
import { createCallRecord } from '../../../support/management-plane/call-records.ts';
import { TestManagementPlane } from '../../../support/management-plane/management-plane.ts';

const routeTable = await loadRoutes();

let plane: TestManagementPlane;
let accounts: TestAccounts;

beforeAll(async () => {
  plane = await TestManagementPlane.start();
  accounts = await createAccounts(plane);
});

afterAll(async () => {
  await plane.remove();
});

/** Nothing of these ids exists, and no body is sent: whoever is let through gets another refusal. */
function exampleOf(route: Route): string {
  return route.path.replace('{number}', '999999').replace(/\{\w+\}/, 'nothing-of-this-id');
}

const isProbed = (route: Route): boolean => route.permission !== 'public';
const changesNothing = (route: Route): boolean =>
  // With an own session these would end it.
  !(route.method === 'DELETE' && route.path === '/session');

describe.each(
  routeTable.filter(isProbed).map((route) => ({ name: `${route.method} ${route.path}`, route })),
)('[SEC-032] [API-001] $name', ({ route }) => {
  test('is closed without an account', async () => {
    const answer = await accounts.nobody.send(route.method, exampleOf(route));
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  test.each<UserRole>(['superadmin', 'admin', 'user'])('asks the role: %s', async (role) => {
    if (!changesNothing(route)) {
      expect(isPermitted(role, route.permission)).toBe(true);
      return;
    }
    const answer = await accounts[role].send(route.method, exampleOf(route));

    if (isPermitted(role, route.permission)) {
      expect([401, 403]).not.toContain(answer.status);
    } else {
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
  });
});

test('[SEC-032] an account reads its own calls, without the phones of others, and no other call', async () => {
  const own = createCallRecord('own-call');
  const [mine, ...others] = own.legs.map((leg) =>
    leg.role === 'caller' ? { ...leg, userId: accounts.userId as UserId } : leg,
  );
  const caller = { ...own.caller, userId: accounts.userId as UserId };
  const legs = mine === undefined ? others : [mine, ...others];
  plane.journal.append(JSON.stringify({ ...own, caller, legs }));
  plane.journal.append(JSON.stringify(createCallRecord('call-of-others')));
  plane.callPlane.bus.emit('records.waiting', {});
  await expect
    .poll(() => accounts.superadmin.expect(200, 'GET', '/call-records'))
    .toMatchObject({ total: 2 });

  const shown = JSON.stringify(await accounts.user.expect(200, 'GET', '/my/call-records/own-call'));
  expect(shown).toContain('192.0.2.1:');
  expect(shown).not.toContain('192.0.2.2');
  expect(shown).not.toContain('trace');
  for (const callRef of ['call-of-others', 'no-call']) {
    const answer = await accounts.user.send('GET', `/my/call-records/${callRef}`);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
  }
});

test('a token may do what its role may do, and needs no CSRF token', async () => {
  const token = (await accounts.superadmin.expect(201, 'POST', '/tokens', {
    name: 'reporting',
    role: 'user',
  })) as { id: string; value: string };
  const asProgram = { authorization: `Bearer ${token.value}`, origin: '' };
  const program = new ApiClient(plane);

  expect((await program.send('GET', '/my/call-records', undefined, asProgram)).status).toBe(200);
  expect((await program.send('GET', '/users', undefined, asProgram)).status).toBe(403);
  expect((await program.send('GET', '/session', undefined, asProgram)).status).toBe(403);

  await accounts.superadmin.expect(204, 'DELETE', `/tokens/${token.id}`);
  expect((await program.send('GET', '/my/call-records', undefined, asProgram)).status).toBe(401);
});

test('a program with an administrator token changes things across origins', async () => {
  const token = (await accounts.superadmin.expect(201, 'POST', '/tokens', {
    name: 'provisioning',
    role: 'admin',
  })) as { value: string };

  const answer = await new ApiClient(plane).send(
    'POST',
    '/users',
    { name: 'By program', extension: '199' },
    { authorization: `Bearer ${token.value}`, origin: 'https://elsewhere.example' },
  );

  expect(answer.status).toBe(201);
});

test('a wrong token is not rescued by a valid cookie', async () => {
  const answer = await accounts.superadmin.send('GET', '/users', undefined, {
    authorization: 'Bearer nothing',
  });
  expect(answer.status).toBe(401);
});

test('[USR-010] an administrator cannot touch other administrators, over the API either', async () => {
  const { admin, superadmin } = accounts;
  const builtIn = await superadmin.send('GET', '/users/admin');
  const ifMatch = { 'if-match': String(builtIn.headers['etag']) };

  const attempts = [
    await admin.send('PATCH', '/users/admin', { name: 'Mine' }, ifMatch),
    await admin.send('DELETE', '/users/admin', undefined, ifMatch),
    await admin.send('POST', '/users/set-passwords', { ids: ['admin'], web: { generate: true } }),
    await admin.send('POST', '/users', { name: 'Another', login: 'another', role: 'admin' }),
    await admin.send('GET', '/users/export.csv'),
  ];

  expect(attempts.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
});

test('a route without a declared permission does not start', () => {
  const [route] = routeTable;
  const undeclared = { ...route, permission: undefined } as unknown as Route;
  const unknown = { ...route, permission: 'all' } as unknown as Route;
  const services = {} as ApiServices;
  const authenticator = {} as Authenticator;

  for (const bad of [undeclared, unknown]) {
    expect(() => createRouter({ routes: [bad], services, authenticator })).toThrow(/permission/);
  }
});
