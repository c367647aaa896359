/**
 * With what a phone logs in to the LDAP server: made from the token of its files, so that it changes
 * with it, and tells nobody who overhears it anything about that token.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Secret } from '../../../foundation/secret.ts';

const characters = 32;

export function deviceLdapPassword(token: Secret): Secret {
  const digest = createHmac('sha256', token.reveal()).update('campanile ldap').digest('hex');
  return new Secret(digest.slice(0, characters));
}

export function isSamePassword(one: Secret, other: Secret): boolean {
  const digest = (secret: Secret): Buffer =>
    createHmac('sha256', 'compare').update(secret.reveal()).digest();
  return timingSafeEqual(digest(one), digest(other));
}
