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

test.each([
  { what: 'a deleted user', changes: [change('delete', 'user', 'name')], ends: true },
  { what: 'a disabled user', changes: [change('update', 'user', 'enabled')], ends: true },
  { what: 'a new SIP password', changes: [change('update', 'user', 'sipCredentials')], ends: true },
  { what: 'a new SIP user name', changes: [change('update', 'user', 'sipUsername')], ends: true },
  { what: 'another name', changes: [change('update', 'user', 'name')], ends: false },
  {
    what: 'another web password',
    changes: [change('update', 'user', 'webPasswordHash')],
    ends: false,
  },
  { what: 'a new user', changes: [change('create', 'user', 'sipCredentials')], ends: false },
  { what: 'settings', changes: [change('update', 'settings', 'enabled')], ends: false },
])('$what ends registrations: $ends', ({ changes, ends }) => {
  expect(registrationsToEnd(changes)).toEqual(ends ? ['id'] : []);
});
