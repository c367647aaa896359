/** What services ask for in `Authorization`, and the signatures of those that have their own. Pure. */
import { createHash, createHmac } from 'node:crypto';
import type { Secret } from '../../system/foundation/secret.ts';
import { RedirectionError } from './redirection-error.ts';

export function basicAuthorization(user: string | undefined, password: Secret | undefined): string {
  if (user === undefined || password === undefined) {
    throw new RedirectionError('incomplete', 'User name or password of the service is missing.');
  }
  return `Basic ${Buffer.from(`${user}:${password.reveal()}`, 'utf8').toString('base64')}`;
}

export interface HawkRequest {
  readonly id: string;
  readonly key: Secret;
  readonly method: string;
  readonly url: string;
  readonly contentType: string;
  /** '' for none. */
  readonly body: string;
  readonly timestampSec: number;
  readonly nonce: string;
}

/** Hawk (draft-hammer-oauth-v2-mac-token's successor, version 1): SHA-256 with a hash of the body. */
export function hawkAuthorization(request: HawkRequest): string {
  const { id, key, method, url, contentType, body, timestampSec, nonce } = request;
  const { hostname, port, protocol, pathname, search } = new URL(url);
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const hash = createHash('sha256').update(`hawk.1.payload\n${type}\n${body}\n`).digest('base64');
  const normalized = [
    'hawk.1.header',
    String(timestampSec),
    nonce,
    method.toUpperCase(),
    `${pathname}${search}`,
    hostname.toLowerCase(),
    port === '' ? (protocol === 'https:' ? '443' : '80') : port,
    hash,
    '',
    '',
  ].join('\n');
  const mac = createHmac('sha256', key.reveal()).update(normalized).digest('base64');
  return `Hawk id="${id}", ts="${String(timestampSec)}", nonce="${nonce}", hash="${hash}", mac="${mac}"`;
}

/**
 * GDMS: `&` between and around the parameters in the order of their names, then the hash of the body;
 * client id and secret are signed, and never sent.
 */
export function gdmsSignature(
  parameters: Readonly<Record<string, string>>,
  body: string | undefined,
): string {
  const sorted = Object.keys(parameters)
    .toSorted()
    .map((name) => `${name}=${parameters[name] ?? ''}`)
    .join('&');
  return sha256(`&${sorted}&${body === undefined ? '' : `${sha256(body)}&`}`);
}

/** GDMS wants the password as SHA-256 of its MD5, both in hexadecimal. */
export function gdmsPassword(password: Secret): string {
  return sha256(createHash('md5').update(password.reveal(), 'utf8').digest('hex'));
}

/** GAPS: HMAC-SHA1 over the body with the service's own time behind it. */
export function gapsSignature(key: Secret, body: string, time: string): string {
  return createHmac('sha1', key.reveal()).update(`${body}${time}`).digest('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
