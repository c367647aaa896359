import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ApiClient } from '../../../support/management-plane/api-client.ts';
import {
  exampleBinding,
  TestManagementPlane,
} from '../../../support/management-plane/management-plane.ts';
import { seedConfiguration } from '../../../support/daemon/seed-configuration.ts';

const userCount = 10_000;
const deviceCount = 5_000;
/** Processor time of server and client together: the machine may have other things to do. */
const budgetMs = 50;

let plane: TestManagementPlane;
let client: ApiClient;

beforeAll(async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'campanile-management-'));
  const users = Array.from({ length: userCount }, (_, index) => ({
    extension: String(10_000 + index),
    sipPassword: `Sip-Password-${index.toString()}`,
    name: `User ${(index * 7919) % userCount} of many`,
  }));
  await seedConfiguration(dataDirectory, users);
  plane = await TestManagementPlane.start({ dataDirectory });
  client = new ApiClient(plane);
  await client.firstLogin();
  const bindings = users.map(({ extension }) => exampleBinding(`user-${extension}`));
  plane.callPlane.bus.emit('bindings.changed', { updated: bindings, removed: [] });
  await vi.waitFor(
    async () => {
      const page = await client.expect(200, 'GET', '/registrations');
      expect(page).toMatchObject({ total: userCount });
    },
    { timeout: 20_000 },
  );
});

/** Half of them assigned, in the way of the API: 1,000 per request. */
async function addDevices(): Promise<void> {
  const macs = Array.from(
    { length: deviceCount },
    (_, index) => `001565${index.toString(16).padStart(6, '0')}`,
  );
  for (let from = 0; from < deviceCount; from += 1_000) {
    const some = macs.slice(from, from + 1_000);
    await client.expect(201, 'POST', '/devices', { macs: some, vendor: 'yealink', model: 'T54W' });
    await client.expect(200, 'POST', '/devices/assign', {
      assignments: some
        .slice(0, 500)
        .map((mac, index) => ({ mac, lines: [`user-${String(10_000 + from + index)}`] })),
    });
  }
}

afterAll(async () => {
  await plane.remove();
});

async function expectWithinBudget(path: string): Promise<void> {
  await client.expect(200, 'GET', path);
  const durationsMs: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    const before = process.cpuUsage();
    await client.expect(200, 'GET', path);
    const { user, system } = process.cpuUsage(before);
    durationsMs.push((user + system) / 1_000);
  }
  const medianMs = durationsMs.sort((a, b) => a - b)[4] ?? Infinity;
  expect(medianMs, `${path} took ${medianMs.toFixed(1)} ms`).toBeLessThan(budgetMs);
}

test.each([
  '/users',
  '/users?sort=name&page=400',
  '/users?sort=department&direction=desc',
  '/users?search=user+9999',
  '/users?search=nothing-like-this',
  '/users?pageSize=200&sort=name&search=many',
  '/registrations?sort=userName&page=50',
  '/registrations?search=baresip+12345',
])(
  `[UI-034] answers %s of ${String(userCount)} users within ${String(budgetMs)} ms`,
  expectWithinBudget,
);

describe(`with ${String(deviceCount)} devices`, () => {
  beforeAll(addDevices);

  test.each([
    '/devices',
    '/devices?page=200',
    '/devices?sort=extension&direction=desc',
    '/devices?search=user+4999',
    '/devices?search=nothing-like-this',
    '/devices?pageSize=200&search=T54W',
  ])(`[DEV-024] answers %s within ${String(budgetMs)} ms`, expectWithinBudget);
});
