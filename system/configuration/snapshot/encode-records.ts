/**
 * Users, accounts of devices and service numbers as records of the snapshot, each with the keys by
 * which it is found. A record does not change with its place: it is encoded once and copied after.
 */
import { serviceNumbersOf, type Settings } from '../entities/settings.ts';
import { foldUserPart } from '../entities/fold-user-part.ts';
import {
  ha1Md5Bytes,
  ha1Sha256Bytes,
  hashKey,
  recordKind,
  serviceFixedBytes,
  services,
  userFixedBytes,
  userFlag,
} from './snapshot-format.ts';
import type { DigestHashes, SnapshotDevice, SnapshotUser } from './snapshot-subject.ts';
import type { RecordKey } from './table-writer.ts';

export interface CompiledRecord {
  readonly bytes: Uint8Array;
  readonly numbers: readonly RecordKey[];
}

export interface CompiledUser extends CompiledRecord {
  readonly id: RecordKey;
  /** Only of users that may register. */
  readonly sipUsername: RecordKey | undefined;
  readonly isEnabled: boolean;
}

export interface CompiledAccount {
  readonly bytes: Uint8Array;
  readonly sipUsername: RecordKey;
}

export interface CompiledDevice {
  readonly accounts: readonly (CompiledAccount & { readonly userId: string })[];
  /** Made with the first use: assigned devices need none. */
  readonly login: () => CompiledAccount & { readonly numbers: readonly RecordKey[] };
}

export function encodeSettings(settings: Settings): Uint8Array {
  return Buffer.from(JSON.stringify(settings), 'utf8');
}

export function encodeServices(settings: Settings): CompiledRecord[] {
  return serviceNumbersOf(settings).map(({ service, number }) => {
    const bytes = Buffer.alloc(serviceFixedBytes + 2 + Buffer.byteLength(number));
    bytes[0] = recordKind.service;
    bytes[1] = services.indexOf(service);
    writeString(bytes, serviceFixedBytes, number);
    return { bytes, numbers: [{ hash: hashKey(number), offset: serviceFixedBytes }] };
  });
}

export function encodeUser(user: SnapshotUser): CompiledUser {
  const extension = user.extension ?? '';
  const sipUsername = user.sipUsername ?? '';
  const hasSipAccount = user.enabled && user.ha1 !== undefined && sipUsername !== '';
  const scratch = toScratch(user);
  scratch[0] = recordKind.user;
  scratch[1] = (user.enabled ? userFlag.enabled : 0) | (hasSipAccount ? userFlag.hasSipAccount : 0);
  if (hasSipAccount) {
    scratch.write(user.ha1.md5, 2, ha1Md5Bytes, 'hex');
    scratch.write(user.ha1.sha256, 2 + ha1Md5Bytes, ha1Sha256Bytes, 'hex');
  } else {
    scratch.fill(0, 2, userFixedBytes);
  }

  const numbers: RecordKey[] = [];
  let offset = userFixedBytes;
  const id = { hash: hashKey(user.id), offset };
  offset = writeString(scratch, offset, user.id);
  offset = writeString(scratch, offset, user.name);
  if (extension !== '') {
    numbers.push({ hash: hashKey(extension), offset });
  }
  offset = writeString(scratch, offset, extension);
  const sipKey = { hash: hashKey(sipUsername), offset };
  if (sipUsername !== '' && foldUserPart(sipUsername) !== foldUserPart(extension)) {
    numbers.push(sipKey);
  }
  offset = writeString(scratch, offset, sipUsername);
  scratch[offset] = user.aliases.length;
  offset += 1;
  for (const alias of user.aliases) {
    numbers.push({ hash: hashKey(alias), offset });
    offset = writeString(scratch, offset, alias);
  }
  // A copy out of the shared pool: thousands of buffers of their own would be slow to make.
  const bytes = Buffer.from(scratch.subarray(0, offset));
  const { enabled: isEnabled } = user;
  return { bytes, id, sipUsername: hasSipAccount ? sipKey : undefined, isEnabled, numbers };
}

export function encodeDevice({ mac, accounts, login }: SnapshotDevice): CompiledDevice {
  let encoded: ReturnType<CompiledDevice['login']> | undefined;
  return {
    accounts: accounts.map(({ userId, username, ha1 }) => ({
      userId,
      ...encodeAccount(userId, username, mac, '', ha1),
    })),
    login: () => {
      const { ownerId, name, username, ha1 } = login;
      if (encoded === undefined) {
        const own = encodeAccount(ownerId, username, mac, name, ha1);
        encoded = { ...own, numbers: [own.loginName] };
      }
      return encoded;
    },
  };
}

function encodeAccount(
  owner: string,
  username: string,
  mac: string,
  loginName: string,
  ha1: DigestHashes,
): CompiledAccount & { readonly loginName: RecordKey } {
  const units = owner.length + username.length + mac.length + loginName.length;
  const scratch = Buffer.allocUnsafe(userFixedBytes + 4 * 2 + 3 * units);
  scratch[0] = recordKind.deviceAccount;
  scratch[1] = 0;
  scratch.write(ha1.md5, 2, ha1Md5Bytes, 'hex');
  scratch.write(ha1.sha256, 2 + ha1Md5Bytes, ha1Sha256Bytes, 'hex');
  let offset = writeString(scratch, userFixedBytes, owner);
  const sipUsername = { hash: hashKey(username), offset };
  offset = writeString(scratch, offset, username);
  offset = writeString(scratch, offset, mac);
  const loginKey = { hash: hashKey(loginName), offset };
  offset = writeString(scratch, offset, loginName);
  return { bytes: Buffer.from(scratch.subarray(0, offset)), sipUsername, loginName: loginKey };
}

/** Enough room for the record: three bytes of UTF-8 per UTF-16 unit at most. */
function toScratch(user: SnapshotUser): Buffer {
  let units = user.id.length + user.name.length;
  units += (user.extension?.length ?? 0) + (user.sipUsername?.length ?? 0);
  for (const alias of user.aliases) {
    units += alias.length;
  }
  return Buffer.allocUnsafe(userFixedBytes + 1 + 2 * (4 + user.aliases.length) + 3 * units);
}

/** Returns the offset behind the string. Nearly all are short ASCII, which a loop copies fastest. */
function writeString(bytes: Buffer, offset: number, text: string): number {
  const start = offset + 2;
  let length = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) {
      length = bytes.write(text, start, 'utf8');
      break;
    }
    bytes[start + index] = code;
  }
  bytes[offset] = length & 0xff;
  bytes[offset + 1] = length >> 8;
  return start + length;
}
