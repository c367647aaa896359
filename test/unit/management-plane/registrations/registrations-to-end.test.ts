import { expect, test } from 'vitest';
import type { EntityChange } from '../../../../system/management-plane/configuration-store/revision.ts';
import { registrationsToEnd } from '../../../../system/management-plane/registrations/registrations-to-end.ts';

function change(
  kind: EntityChange['kind'],
  entity: EntityChange['entity'],
  ...fields: string[]
): EntityChange {
  return {
    kind,
    entity,
    id: 'id',
    title: 'title',
    fields: fields.map((field) => ({ field, before: 1, after: 2, isSecret: false })),
  };
}

const none = { userIds: [], ownAccountsOf: [], devices: [], lines: [] };
const mac = '001565aabb01';

function lineChange(before: readonly string[], after: readonly string[]): EntityChange {
  const fields = [{ field: 'lines', before, after, isSecret: false }];
  return { ...change('update', 'device'), id: mac, fields };
}

test.each([
  {
    what: 'a deleted user',
    changes: [change('delete', 'user', 'name')],
    ended: { userIds: ['id'] },
  },
  {
    what: 'a disabled user',
    changes: [change('update', 'user', 'enabled')],
    ended: { userIds: ['id'] },
  },
  {
    what: 'a new SIP user name',
    changes: [change('update', 'user', 'sipUsername')],
    ended: { userIds: ['id'] },
  },
  {
    what: 'another extension that phones register with',
    changes: [change('update', 'user', 'extension', 'sipCredentials')],
    ended: { userIds: ['id'] },
  },
  {
    what: 'a new SIP password: devices have passwords of their own',
    changes: [change('update', 'user', 'sipCredentials')],
    ended: { ownAccountsOf: ['id'] },
  },
  { what: 'another name', changes: [change('update', 'user', 'name')], ended: {} },
  {
    what: 'another web password',
    changes: [change('update', 'user', 'webPasswordHash')],
    ended: {},
  },
  { what: 'a new user', changes: [change('create', 'user', 'sipCredentials')], ended: {} },
  { what: 'settings', changes: [change('update', 'settings', 'enabled')], ended: {} },
  { what: 'a deleted device', changes: [change('delete', 'device')], ended: { devices: ['id'] } },
  {
    what: 'a device with new passwords',
    changes: [change('update', 'device', 'credentials')],
    ended: { devices: ['id'] },
  },
  { what: 'a new device', changes: [change('create', 'device', 'credentials')], ended: {} },
  {
    what: 'one line of a device',
    changes: [lineChange(['anna', 'bruno'], ['bruno'])],
    ended: { lines: [{ device: mac, userId: 'anna' }] },
  },
  {
    what: 'the login account of a device that gets a user',
    changes: [lineChange([], ['anna'])],
    ended: { lines: [{ device: mac, userId: `device.${mac}` }] },
  },
  { what: 'the order of lines', changes: [lineChange(['a', 'b'], ['b', 'a'])], ended: {} },
])('$what ends $ended', ({ changes, ended }) => {
  expect(registrationsToEnd(changes)).toEqual({ ...none, ...ended });
});
