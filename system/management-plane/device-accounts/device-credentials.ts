/**
 * The secrets of one device: the token in the address of its files, the password of its web page and
 * the key that the passwords of its SIP accounts come from (`device-sip-account.ts`).
 * Random for every device, 128 bits or more, sealed at rest, never logged.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { Secret } from '../../foundation/secret.ts';
import { generatePassword } from '../accounts/password-generator.ts';
import type { Sealing, Unsealing } from '../sealing.ts';

export interface DeviceCredentials {
  readonly token: Secret;
  /** Of before the last reset: worth something only while a sync that was asked for is under way. */
  readonly previousToken: Secret | undefined;
  readonly adminPassword: Secret;
  readonly sipKey: Secret;
}

/** 160 bits, written as `provisioning/http/request-target.ts` reads them. */
const tokenBytes = 20;
const sipKeyBytes = 32;

export function createToken(): Secret {
  return new Secret(randomBytes(tokenBytes).toString('hex'));
}

export function createDeviceCredentials(previous?: DeviceCredentials): DeviceCredentials {
  return {
    token: createToken(),
    previousToken: previous?.token,
    adminPassword: new Secret(generatePassword('web', { minimumLength: 16 }, randomInt)),
    sipKey: new Secret(randomBytes(sipKeyBytes).toString('base64')),
  };
}

export function sealDeviceCredentials(
  { token, previousToken, adminPassword, sipKey }: DeviceCredentials,
  mac: string,
  store: Sealing,
): string {
  const parts = [token, previousToken, adminPassword, sipKey].map((part) => part?.reveal() ?? '');
  return store.seal(new Secret(JSON.stringify(parts)), placeOf(mac));
}

/** Throws SecretSealError. */
export function openDeviceCredentials(
  sealed: string,
  mac: string,
  store: Unsealing,
): DeviceCredentials {
  const parts = JSON.parse(store.unseal(sealed, placeOf(mac)).reveal()) as string[];
  const [token = '', previous = '', adminPassword = '', sipKey = ''] = parts;
  return {
    token: new Secret(token),
    previousToken: previous === '' ? undefined : new Secret(previous),
    adminPassword: new Secret(adminPassword),
    sipKey: new Secret(sipKey),
  };
}

/** By what tokens are looked up: the memory of the process holds no list of tokens in clear. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

function placeOf(mac: string): string {
  return `device/${mac}/credentials`;
}
