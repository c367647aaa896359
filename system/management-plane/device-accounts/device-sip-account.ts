/**
 * The SIP accounts of a device: one per line, and one for the time in which it belongs to nobody.
 * All come from one random key of the device, so that nothing has to be stored when it is assigned,
 * and an account can be had from no other. The user's own password is in none of them. Pure.
 */
import { createHmac, hash } from 'node:crypto';
import type {
  SnapshotDevice,
  SnapshotDeviceAccount,
} from '../../configuration/snapshot/snapshot-subject.ts';
import { deviceOwnerId, loginNameOf, type Device } from '../../configuration/entities/device.ts';
import { Secret } from '../../foundation/secret.ts';

export interface DeviceSipAccount {
  /** For the digest alone (`auth ID` of phones); the address-of-record has the user's own name. */
  readonly username: string;
  readonly password: Secret;
}

/** Letters and digits that nobody takes for each other, for phones on which they are typed. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
/** 130 bits. */
const passwordChars = 26;
/** 40 bits: so that no two lines of one device meet. */
const lineNameChars = 8;

/** The account with which the device registers the line of this user. */
export function sipAccountOfLine(mac: string, userId: string, sipKey: Secret): DeviceSipAccount {
  const line = toLetters(hash('sha256', `line:${userId}`, 'buffer'), lineNameChars);
  return createAccount(`${mac}-${line}`, `line:${userId}`, sipKey);
}

/** The account with which the device registers while it is unassigned. */
export function sipAccountOfLogin(mac: string, sipKey: Secret): DeviceSipAccount {
  return createAccount(`${mac}-login`, 'login', sipKey);
}

/** What the call plane has to know of the device, or of a DECT handset under its own id. */
export function toSnapshotDevice(
  owner: Pick<Device, 'mac' | 'lines' | 'loginNumber'>,
  sipKey: Secret,
  realm: string,
): SnapshotDevice {
  const { mac, lines } = owner;
  const login = sipAccountOfLogin(mac, sipKey);
  const name = loginNameOf(owner);
  return {
    mac,
    accounts: lines.map((userId): SnapshotDeviceAccount => {
      const account = sipAccountOfLine(mac, userId, sipKey);
      return { userId, username: account.username, ha1: toHashes(account, realm) };
    }),
    login: {
      ownerId: deviceOwnerId(mac),
      name,
      username: login.username,
      ha1: toHashes(login, realm),
    },
  };
}

function createAccount(username: string, place: string, sipKey: Secret): DeviceSipAccount {
  const bytes = createHmac('sha256', sipKey.reveal()).update(place).digest();
  return { username, password: new Secret(toLetters(bytes, passwordChars)) };
}

function toHashes({ username, password }: DeviceSipAccount, realm: string) {
  const a1 = `${username}:${realm}:${password.reveal()}`;
  return { md5: hash('md5', a1), sha256: hash('sha256', a1) };
}

/** Five bits a letter, from the front. */
function toLetters(bytes: Buffer, count: number): string {
  let letters = '';
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5 && letters.length < count) {
      bits -= 5;
      letters += alphabet.charAt((value >> bits) & 31);
    }
  }
  return letters;
}
