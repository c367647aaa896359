/**
 * The key from which the passwords of a handset's SIP accounts come (`device-sip-account.ts`): random
 * for every handset, sealed at rest. A handset has accounts as a device has, under its own id.
 */
import { randomBytes, randomInt } from 'node:crypto';
import type { DectHandset } from '../../configuration/entities/dect-handset.ts';
import type { DectSystem } from '../../configuration/entities/dect-system.ts';
import type { Device } from '../../configuration/entities/device.ts';
import { Secret } from '../../foundation/secret.ts';
import type { Sealing, Unsealing } from '../sealing.ts';

const keyBytes = 32;
const idDigits = 10;

/** An id that no device can have as its MAC (`dectHandsetId`). */
export function createHandsetId(): string {
  return `d1${randomBytes(idDigits / 2).toString('hex')}`;
}

export function sealNewHandsetKey(id: string, store: Sealing): string {
  return store.seal(new Secret(randomBytes(keyBytes).toString('base64')), placeOfKey(id));
}

/** Undefined when it has none. Throws SecretSealError. */
export function openHandsetKey(
  id: string,
  { credentials }: DectHandset,
  store: Unsealing,
): Secret | undefined {
  return credentials === undefined ? undefined : store.unseal(credentials, placeOfKey(id));
}

/** Four digits that people can type; not 0000, which every base has from the factory. */
export function createAccessCode(): Secret {
  return new Secret(randomInt(1, 10_000).toString().padStart(4, '0'));
}

/** Undefined when it has none. Throws SecretSealError. */
export function openAccessCode(
  id: string,
  { accessCode }: DectSystem,
  store: Unsealing,
): Secret | undefined {
  return accessCode === undefined ? undefined : store.unseal(accessCode, placeOfAccessCode(id));
}

export function placeOfAccessCode(system: string): string {
  return `dect-system/${system}/accessCode`;
}

/** The handset as the owner of SIP accounts: one line, or none while it is unassigned. */
export function toAccountOwner(
  id: string,
  { user, loginNumber }: DectHandset,
): Pick<Device, 'mac' | 'lines' | 'loginNumber'> {
  const lines = user === undefined ? [] : [user];
  return { mac: id, lines, ...(loginNumber === undefined ? {} : { loginNumber }) };
}

function placeOfKey(id: string): string {
  return `dect-handset/${id}/credentials`;
}
