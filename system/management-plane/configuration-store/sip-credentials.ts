/**
 * The SIP credentials of a user: the password together with the hashes that digest authentication
 * needs (RFC 8760, RFC 3261 §22.4). The hashes contain SIP user name and realm, so they are made
 * again when one of those changes.
 */
import { hash } from 'node:crypto';
import { Secret } from '../../foundation/secret.ts';
import type { SecretSeal } from './secret-seal.ts';

export interface SipCredentials {
  readonly username: string;
  readonly realm: string;
  readonly password: Secret;
  /** Lower-case hexadecimal of H(username:realm:password). */
  readonly ha1Md5: string;
  readonly ha1Sha256: string;
}

export function createSipCredentials(
  username: string,
  realm: string,
  password: Secret,
): SipCredentials {
  const a1 = `${username}:${realm}:${password.reveal()}`;
  return { username, realm, password, ha1Md5: hash('md5', a1), ha1Sha256: hash('sha256', a1) };
}

export function sealSipCredentials(
  credentials: SipCredentials,
  userId: string,
  seal: SecretSeal,
): string {
  const { username, realm, password, ha1Md5, ha1Sha256 } = credentials;
  const parts = [username, realm, password.reveal(), ha1Md5, ha1Sha256];
  return seal.seal(new Secret(JSON.stringify(parts)), placeOf(userId));
}

/** Throws SecretSealError. */
export function openSipCredentials(
  sealed: string,
  userId: string,
  seal: SecretSeal,
): SipCredentials {
  const parts = JSON.parse(seal.open(sealed, placeOf(userId)).reveal()) as string[];
  const [username = '', realm = '', password = '', ha1Md5 = '', ha1Sha256 = ''] = parts;
  return { username, realm, password: new Secret(password), ha1Md5, ha1Sha256 };
}

function placeOf(userId: string): string {
  return `user/${userId}/sipCredentials`;
}
