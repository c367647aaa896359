/** Users over the API: what is added can be edited, and which secret opens which door. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { UserId } from '../../../../system/foundation/ids.ts';
import { computeHa1 } from '../../../../system/call-plane/sip/authentication/digest-response.ts';
import { deviceOwnerId } from '../../../../system/configuration/entities/device.ts';
import type { publicUserFields } from '../../../../system/management-plane/api/routes/users/schema.ts';
import { ApiClient } from '../../../support/management-plane/api-client.ts';
import { TestManagementPlane } from '../../../support/management-plane/management-plane.ts';

type Fields = Readonly<Record<(typeof publicUserFields)[number], unknown>>;

const anyVersion = { 'if-match': '*' };

let plane: TestManagementPlane;
let admin: ApiClient;

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
});
afterEach(() => plane.remove());

test('[USR-002] a user is edited in every field that it was added with', async () => {
  const added: Fields = {
    name: 'Anna Bianchi',
    extension: '101',
    role: 'user',
    login: 'anna',
    sipUsername: 'anna.phone',
    aliases: ['5501', 'reception'],
    email: 'anna@example.org',
    mobilePhone: '+39 333 1234567',
    department: 'Sales',
    language: 'it',
    enabled: true,
    mustChangePassword: true,
  };
  const edited: Fields = {
    name: 'Anna Verdi',
    extension: '102',
    role: 'admin',
    login: 'verdi',
    sipUsername: 'verdi.phone',
    aliases: ['5502'],
    email: 'verdi@example.org',
    mobilePhone: '+39 333 7654321',
    department: 'Support',
    language: 'en',
    enabled: false,
    mustChangePassword: false,
  };
  const { user } = (await admin.expect(201, 'POST', '/users', added)) as { user: { id: string } };
  const path = `/users/${user.id}`;
  expect(await admin.expect(200, 'GET', path)).toMatchObject(added);
  for (const [field, value] of Object.entries(edited)) {
    await admin.expect(200, 'PATCH', path, { [field]: value }, anyVersion);
    expect(await admin.expect(200, 'GET', path)).toMatchObject({ [field]: value });
  }
  // No change of one field took another one along.
  expect(await admin.expect(200, 'GET', path)).toMatchObject(edited);
});

test('[USR-029] web password, SIP password and phone PIN are separate: each opens its own door only', async () => {
  const mac = '001565aabb01';
  const { user } = (await admin.expect(201, 'POST', '/users', {
    name: 'Anna',
    extension: '101',
  })) as { user: { id: string } };
  await admin.expect(201, 'POST', '/devices', { macs: [mac], vendor: 'yealink' });

  type Secret = 'web' | 'sip' | 'pin';
  const secrets: Record<Secret, string> = {
    web: 'Web-Horse-Battery-1',
    sip: 'Sip-Horse-Battery-1',
    pin: '471108',
  };
  const set = async (which: Secret): Promise<void> => {
    const value = secrets[which];
    await (which === 'pin'
      ? admin.expect(200, 'PATCH', `/users/${user.id}/phone-profile`, { pin: value }, anyVersion)
      : admin.expect(200, 'POST', '/users/set-passwords', {
          ids: [user.id],
          [which]: { value },
        }));
  };
  const opens: Record<Secret, (given: string) => Promise<boolean>> = {
    web: async (password) => {
      const visitor = new ApiClient(plane);
      return (await visitor.send('POST', '/session', { login: '101', password })).status === 200;
    },
    sip: (password) => {
      const account = plane.callPlane.snapshot?.findSipAccount('101');
      const realm = plane.callPlane.snapshot?.settings.sipDomain ?? '';
      return Promise.resolve(account?.ha1Md5 === computeHa1('MD5', '101', realm, password));
    },
    pin: async (pin) => {
      const { outcome } = await plane.callPlane.bus.request('phones.change-user', {
        device: mac,
        userId: deviceOwnerId(mac) as UserId,
        login: { extension: '101', pin },
        address: '192.0.2.9',
      });
      return outcome === 'done';
    },
  };
  const kinds = ['web', 'sip', 'pin'] as const;
  const expectOwnDoorsOnly = async (): Promise<void> => {
    for (const door of kinds) {
      // The right one last: it ends the count of failures.
      for (const key of [...kinds.filter((kind) => kind !== door), door]) {
        expect({ door, key, isOpen: await opens[door](secrets[key]) }).toEqual({
          door,
          key,
          isOpen: key === door,
        });
      }
    }
  };

  for (const kind of kinds) {
    await set(kind);
  }
  await expectOwnDoorsOnly();
  for (const kind of kinds) {
    const before = secrets[kind];
    secrets[kind] = kind === 'pin' ? '229977' : `${before}-changed`;
    await set(kind);
    expect(await opens[kind](before)).toBe(false);
    await expectOwnDoorsOnly();
  }
}, 60_000);
