/** The wrong thing in every place of every request: a clear refusal, never a fault of ours. */
import { z } from 'zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemSchema } from '../../../../system/management-plane/api/errors/problem.ts';
import { loadRoutes } from '../../../../system/management-plane/api/route-table.ts';
import type { Route } from '../../../../system/management-plane/api/route.ts';
import { createUser } from '../../../support/management-plane/api-accounts.ts';
import { ApiClient } from '../../../support/management-plane/api-client.ts';
import { JsonPlaces, putAt } from '../../../support/management-plane/json-places.ts';
import { TestManagementPlane } from '../../../support/management-plane/management-plane.ts';

/** Not those of sessions: they would end the only one, and logins are braked. */
const routes = (await loadRoutes()).filter(({ path }) => !path.startsWith('/session'));
const named = (chosen: readonly Route[]) =>
  chosen.map((route) => ({ name: `${route.method} ${route.path}`, route }));

const mac = '001565aabb01';
const longText = 'x'.repeat(70_000);
const wrongValues: readonly unknown[] = [
  null,
  true,
  -1.5,
  '../\u0000',
  longText,
  [[]],
  JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":0}}'),
];
const wrongTexts = [
  '',
  '-1',
  '1e400',
  'x'.repeat(3_000),
  '%00',
  '%ff',
  '..',
  '__proto__',
  '%27%22*(',
];

let plane: TestManagementPlane;
let client: ApiClient;
/** Things that are there, so that requests get further than a 404; by the first part of the path. */
let ids: Readonly<Record<string, string>>;

beforeAll(async () => {
  plane = await TestManagementPlane.start();
  client = new ApiClient(plane);
  await client.firstLogin();
  await client.expect(200, 'PATCH', '/settings', { apiRequestsPerMin: 0 }, { 'if-match': '*' });
  const user = await createUser(client, { name: 'Anna', extension: '100' });
  await client.expect(201, 'POST', '/devices', { macs: [mac], lines: [user] });
  const idOf = async (path: string, body: unknown): Promise<string> =>
    ((await client.expect(201, 'POST', path, body)) as { id: string }).id;
  ids = {
    users: user,
    'device-groups': await idOf('/device-groups', { name: 'Group' }),
    phonebooks: await idOf('/phonebooks', { name: 'Book' }),
  };
});
afterAll(() => plane.remove());

function pathOf({ path }: Route): string {
  return path
    .replace('{mac}', mac)
    .replace('{number}', '1')
    .replace('{name}', 'management-plane')
    .replaceAll(/\{\w+\}/g, ids[path.split('/')[1] ?? ''] ?? 'gone');
}

/** What is wrong with how the request was met; undefined: nothing. */
async function faultOf(
  { method }: Route,
  path: string,
  body?: string,
): Promise<string | undefined> {
  const headers = { 'content-type': 'application/json', 'if-match': '*' };
  const answer = await client.send(method, path, body, body === undefined ? {} : headers);
  const isClear = answer.status < 400 || problemSchema.safeParse(answer.body).success;
  return answer.status < 500 && isClear
    ? undefined
    : `${String(answer.status)} to ${path.slice(0, 200)} ${body?.slice(0, 200) ?? ''}`;
}

const jsonRoutes = routes.filter(({ body }) => body?.type === 'application/json');

test.each(named(jsonRoutes))(
  '[API-001] a wrong value anywhere in the body is refused in words: $name',
  async ({ route }) => {
    const body = new JsonPlaces(route.body?.schema ?? z.never());
    const faults: (string | undefined)[] = [];
    for (const place of body.places) {
      for (const value of wrongValues) {
        const sent = JSON.stringify(putAt(body.sample, place, value));
        faults.push(await faultOf(route, pathOf(route), sent));
      }
    }
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  },
);

test.each(named(routes.filter(({ path }) => path.includes('{'))))(
  'nonsense in the path is refused in words: $name',
  async ({ route }) => {
    const body = route.body?.type === 'application/json' ? '{}' : undefined;
    for (const text of wrongTexts) {
      expect(await faultOf(route, route.path.replaceAll(/\{\w+\}/g, text), body)).toBeUndefined();
    }
  },
);

const queried = routes.filter(({ method, query }) => method === 'GET' && query !== undefined);

test.each(named(queried))('nonsense in the query is refused in words: $name', async ({ route }) => {
  const { properties = {} } = z.toJSONSchema(route.query ?? z.never(), {
    io: 'input',
    unrepresentable: 'any',
  });
  for (const name of ['unknown', '__proto__', ...Object.keys(properties)]) {
    for (const text of wrongTexts) {
      expect(await faultOf(route, `${pathOf(route)}?${name}=${text}`)).toBeUndefined();
    }
  }
});
