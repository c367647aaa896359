/** Whose phone a device is: its own registrations, logging in and out at it, deleted users. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BindingRecord, ManagementPlaneRequests } from '../../../../../system/bus/contract.ts';
import { deviceOwnerId } from '../../../../../system/configuration/entities/device.ts';
import type { UserId } from '../../../../../system/foundation/ids.ts';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { curl } from '../../../../support/programs/curl.ts';
import {
  exampleBinding,
  TestManagementPlane,
} from '../../../../support/management-plane/management-plane.ts';

type PhoneChange = ManagementPlaneRequests['phones.change-user']['request'];

const mac = '001565aabb01';
const twin = '001565aabb02';
const pin = '271828';
const anyVersion = { 'if-match': '*' };

let plane: TestManagementPlane;
let admin: ApiClient;

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
});
afterEach(() => plane.remove());

async function addUser(name: string, extension: string, ownPin?: string): Promise<string> {
  const { user } = (await admin.expect(201, 'POST', '/users', { name, extension })) as {
    user: { id: string };
  };
  if (ownPin !== undefined) {
    const path = `/users/${user.id}/phone-profile`;
    await admin.expect(200, 'PATCH', path, { pin: ownPin }, anyVersion);
  }
  return user.id;
}

const addDevices = (macs: readonly string[], lines: readonly string[] = []) =>
  admin.expect(201, 'POST', '/devices', { macs, lines, vendor: 'yealink' });
const show = (device: string) => admin.expect(200, 'GET', `/devices/${device}`);

function register(userId: string, changes: Partial<BindingRecord>): void {
  const binding = exampleBinding(userId, changes);
  plane.callPlane.bus.emit('bindings.changed', { updated: [binding], removed: [] });
}

async function change(changes: Partial<PhoneChange>): Promise<string> {
  const userId = deviceOwnerId(mac) as UserId;
  const { outcome } = await plane.callPlane.bus.request('phones.change-user', {
    device: mac,
    userId,
    login: undefined,
    address: '192.0.2.9',
    ...changes,
  });
  return outcome;
}

const logIn = (extension: string, given: string, changes: Partial<PhoneChange> = {}) =>
  change({ login: { extension, pin: given }, ...changes });

test('[DEV-018] two phones of one user are green each by its own registration', async () => {
  const userId = await addUser('Anna', '100');
  await addDevices([mac, twin], [userId]);
  register(userId, { device: twin, remoteAddress: '192.0.2.7' });

  await expect
    .poll(() => show(twin))
    .toMatchObject({
      registration: { remoteAddress: '192.0.2.7' },
    });
  expect(await show(mac)).not.toHaveProperty('registration');
});

test('[DEV-016] after a reset the registration is gone, and a sync still finds the phone', async () => {
  const userId = await addUser('Anna', '100');
  await addDevices([mac], [userId]);
  register(userId, { device: mac });
  await expect.poll(() => show(mac)).toHaveProperty('registration');
  await admin.expect(200, 'POST', '/devices/reset-passwords', { macs: [mac] });
  await expect.poll(() => plane.callPlane.unregistered).toEqual([mac]);
  const gone = { userId: userId as UserId, contact: exampleBinding(userId).contact };
  plane.callPlane.bus.emit('bindings.changed', { updated: [], removed: [gone] });
  await expect.poll(() => show(mac)).not.toHaveProperty('registration');

  expect(await admin.expect(200, 'POST', '/devices/sync', { macs: [mac] })).toMatchObject({
    items: [{ outcome: 'accepted' }],
  });
  expect(plane.callPlane.notified).toHaveLength(1);
});

test('[DEV-014] a phone that gets another user is told to fetch its files by itself', async () => {
  const userId = await addUser('Anna', '100');
  await addDevices([mac]);
  register(deviceOwnerId(mac), { device: mac });
  await expect.poll(() => show(mac)).toHaveProperty('registration');
  await admin.expect(200, 'POST', '/devices/assign', {
    assignments: [{ mac, lines: [userId] }],
  });

  await expect.poll(() => plane.callPlane.unregistered).toEqual([`${mac} ${deviceOwnerId(mac)}`]);
  await expect.poll(() => plane.callPlane.notified, { timeout: 5_000 }).toHaveLength(1);
});

test('[DEV-025] a deleted user leaves the lines of his devices in the same revision, and comes back with them', async () => {
  const [anna, bruno] = [await addUser('Anna', '100'), await addUser('Bruno', '101')];
  await addDevices([mac], [anna, bruno]);
  const deleted = await admin.expect(200, 'POST', '/users/delete', { ids: [anna] });
  const { revision } = deleted as { revision: number };
  const lines = async (): Promise<unknown> =>
    ((await show(mac)) as { configuration: { lines: unknown } }).configuration.lines;
  expect(await lines()).toEqual([bruno]);

  await admin.expect(201, 'POST', `/revisions/${String(revision)}/revert`, {});
  expect(await lines()).toEqual([anna, bruno]);
});

describe('[DEV-026] logging in at a phone', () => {
  test('[CALL-055] makes it that of the user by a revision of his, and logging out makes it nobody’s', async () => {
    const anna = await addUser('Anna', '100', pin);
    await addDevices([mac]);
    expect(await logIn('100', pin)).toBe('done');
    expect(await show(mac)).toMatchObject({ extension: '100', users: [{ id: anna }] });
    expect(await admin.expect(200, 'GET', '/revisions?pageSize=1')).toMatchObject({
      items: [{ author: { name: 'Anna' }, reason: 'Logged in at the phone' }],
    });

    expect(await change({ userId: anna as UserId })).toBe('done');
    expect(await show(mac)).toMatchObject({ extension: 'login1', users: [] });
    const history = JSON.stringify(await admin.expect(200, 'GET', `/devices/${mac}/history`));
    expect(history).toContain('logged-in');
    expect(history).toContain('logged-out');
    expect(history).not.toContain(pin);
  });

  test('at the phone of another user takes over his line and no other', async () => {
    const [anna, bruno] = [await addUser('Anna', '100', pin), await addUser('Bruno', '101')];
    const carla = await addUser('Carla', '102');
    await addDevices([mac], [bruno, carla]);
    expect(await logIn('100', pin, { userId: bruno as UserId })).toBe('done');
    expect(await show(mac)).toMatchObject({ users: [{ id: anna }, { id: carla }] });
  });

  test('needs the right PIN of an enabled user who has one', async () => {
    await addUser('Anna', '100', pin);
    await addUser('Bruno', '101');
    const carla = await addUser('Carla', '102', '314159');
    await admin.expect(200, 'PATCH', `/users/${carla}`, { enabled: false }, anyVersion);
    await addDevices([mac]);
    const tries = [
      ['100', '271829'],
      ['101', ''],
      ['102', '314159'],
      ['199', pin],
      // Typed for an extension, a PIN is nobody's to read.
      [pin, pin],
    ] as const;
    for (const [extension, given] of tries) {
      expect(await logIn(extension, given)).toBe('refused');
    }
    expect(await show(mac)).toMatchObject({ users: [] });
    const audit = JSON.stringify(await admin.expect(200, 'GET', '/audit?action=phone-login'));
    const history = JSON.stringify(await admin.expect(200, 'GET', `/devices/${mac}/history`));
    expect(audit).toContain('102');
    expect(history).toContain('102');
    expect(audit + history).not.toContain(pin);
  });

  test('is blocked for a user after some wrong PINs, whatever the phone', async () => {
    await addUser('Anna', '100', pin);
    await addDevices([mac, twin]);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect(await logIn('100', `27182${String(attempt)}`, { device: twin })).toBe('refused');
    }
    expect(await logIn('100', pin)).toBe('refused');
    expect(await admin.expect(200, 'GET', '/audit?search=blocked')).toMatchObject({
      items: [{ action: 'phone-login', isSuccess: false }],
    });
  });

  test('fails, and changes nothing, for a phone that is not there and while a revision waits', async () => {
    await addUser('Anna', '100', pin);
    await addDevices([mac]);
    expect(await logIn('100', pin, { device: 'ffffffffffff' })).toBe('failed');
    await admin.expect(
      200,
      'PATCH',
      `/devices/${mac}?confirmWithinSec=60`,
      { comment: 'Hall' },
      anyVersion,
    );
    expect(await logIn('100', pin)).toBe('failed');
    expect(await show(mac)).toMatchObject({ users: [] });
  });
});

test.each(['Vision', 'SuperVision'])(
  '[DEV-028] a %s gets its files, is logged in by its user, and has his account then',
  async (model) => {
    await addUser('Anna', '100', pin);
    const own = '9c7514aabb28';
    await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
    await admin.expect(201, 'POST', '/devices', { macs: [own] });
    const { provisioningUrl } = (await admin.expect(200, 'POST', `/devices/${own}/reveal`)) as {
      provisioningUrl: string;
    };
    const userOfFile = async (): Promise<string | undefined> => {
      const url = `${provisioningUrl}${own.toUpperCase()}.cfg`;
      const { body } = await curl(url, { userAgent: `Wildix ${model} 5.0.3` });
      return /^Config\.Account1\.GENERAL\.UserName = (\S+)$/m.exec(body)?.[1];
    };
    expect(await userOfFile()).toBe('login1');
    expect(await show(own)).toMatchObject({ vendor: 'wp4x0', model, isModelReported: true });

    const ownedBy = deviceOwnerId(own) as UserId;
    expect(await logIn('100', pin, { device: own, userId: ownedBy })).toBe('done');
    expect(await userOfFile()).toBe('100');
    expect(await show(own)).toMatchObject({ extension: '100', users: [{ name: 'Anna' }] });
  },
);
