import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Secret } from '../../../../system/foundation/secret.ts';
import {
  sipAccountOfLine,
  sipAccountOfLogin,
  toSnapshotDevice,
} from '../../../../system/management-plane/device-accounts/device-sip-account.ts';

const mac = '001565aabb01';
const key = new Secret('a key of 256 random bits');

test('[SEC-003] each line has a password of its own that depends on the key and on nothing a user has', () => {
  const line = sipAccountOfLine(mac, 'anna', key);
  const passwords = [
    line,
    sipAccountOfLine(mac, 'bruno', key),
    sipAccountOfLogin(mac, key),
    sipAccountOfLine(mac, 'anna', new Secret('another key')),
  ].map(({ password }) => password.reveal());

  expect(new Set(passwords).size).toBe(4);
  expect(passwords.every((password) => /^[a-z2-9]{26}$/.test(password))).toBe(true);
  expect(line.username).toMatch(/^001565aabb01-[a-z2-9]{8}$/);
  expect(sipAccountOfLine(mac, 'anna', key)).toEqual(line);
});

test('the call plane gets hashes of name, realm and password (RFC 3261 §22.4)', () => {
  const device = toSnapshotDevice({ mac, lines: ['anna'], loginNumber: 7 }, key, 'example.org');
  const { username, password } = sipAccountOfLine(mac, 'anna', key);
  const a1 = `${username}:example.org:${password.reveal()}`;

  expect(device.accounts).toEqual([
    {
      userId: 'anna',
      username,
      ha1: {
        md5: createHash('md5').update(a1).digest('hex'),
        sha256: createHash('sha256').update(a1).digest('hex'),
      },
    },
  ]);
  expect(device.login).toMatchObject({ name: 'login7', ownerId: `device.${mac}` });
});
