import { expect, test } from 'vitest';
import type { EntityChange } from '../../../../../system/management-plane/configuration-store/revision.ts';
import { phonesToTell } from '../../../../../system/management-plane/provisioning/sync/device-push.ts';

const devices = [
  { id: 'mac1', document: { lines: ['anna'] } },
  { id: 'mac2', document: { lines: ['bruno', 'anna'] } },
  { id: 'mac3', document: { lines: [] } },
];

function change(
  entity: EntityChange['entity'],
  id: string,
  kind: EntityChange['kind'],
  ...fields: string[]
): EntityChange {
  return {
    kind,
    entity,
    id,
    title: id,
    fields: fields.map((field) => ({ field, before: 1, after: 2, isSecret: false })),
  };
}

test.each([
  ['another assignment', change('device', 'mac3', 'update', 'lines'), ['mac3']],
  [
    'new passwords, which an administrator syncs',
    change('device', 'mac3', 'update', 'credentials'),
    [],
  ],
  [
    '[DEV-013] another setting, which an administrator syncs',
    change('device', 'mac3', 'update', 'settings'),
    [],
  ],
  ['a comment', change('device', 'mac3', 'update', 'comment'), []],
  ['another name of a user', change('user', 'anna', 'update', 'name'), ['mac1', 'mac2']],
  ['[DEV-077] other keys of a user', change('user', 'bruno', 'update', 'phoneKeys'), ['mac2']],
  ['another e-mail address', change('user', 'anna', 'update', 'email'), []],
  ['a new user', change('user', 'anna', 'create', 'name'), []],
])('%s is told to the phones that it concerns', (_, one, expected) => {
  expect([...phonesToTell([one], devices).macs]).toEqual(expected);
});

test('another user of a handset is told to the bases that reach it', () => {
  const one = change('dect-handset', 'd100000001', 'update', 'user');
  expect(phonesToTell([one], devices)).toEqual({ macs: new Set(), handsets: ['d100000001'] });
});
