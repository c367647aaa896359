/**
 * Seals secrets that must be readable again (SIP passwords) with AES-256-GCM under a key that lives
 * in a file of its own beside the database. A sealed text is bound to its place (user and
 * field), so that it cannot be moved to another user. Sealing is deterministic: the nonce is derived
 * from text and place under a second key (the synthetic IV of RFC 5297), so the same secret at the
 * same place is the same text. Exports stay diffable and going back is exact; all it tells is that
 * one user has the same secret again.
 *
 * `sealed.<key id>.<base64url of nonce (12) | tag (16) | ciphertext>`
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../foundation/app-error.ts';
import { createFile } from '../../foundation/atomic-file.ts';
import { Secret } from '../../foundation/secret.ts';

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const prefix = 'sealed';

/**
 * `bad-key-file`: the key file is not a key. `foreign-key`: sealed with another key.
 * `damaged`: changed since it was sealed, or sealed for another place.
 */
export class SecretSealError extends AppError<'bad-key-file' | 'foreign-key' | 'damaged'> {}

/** Where a secret belongs, e.g. `user/8fj2/sipCredentials`. */
export type SecretPlace = string;

export class SecretSeal {
  /** Tells keys apart; says nothing about the key. */
  readonly keyId: string;
  // Key objects: with raw bytes each operation costs three times as much.
  readonly #encryptionKey: KeyObject;
  readonly #nonceKey: KeyObject;

  /** `key`: 32 bytes. */
  constructor(key: Uint8Array) {
    this.#encryptionKey = createSecretKey(deriveKey(key, 'encryption'));
    this.#nonceKey = createSecretKey(deriveKey(key, 'nonce'));
    this.keyId = createHash('sha256').update(deriveKey(key, 'id')).digest('base64url').slice(0, 8);
  }

  seal(secret: Secret, place: SecretPlace): string {
    const clear = Buffer.from(secret.reveal(), 'utf8');
    const nonce = createHmac('sha256', this.#nonceKey)
      .update(`${place.length.toString()}:${place}`)
      .update(clear)
      .digest()
      .subarray(0, nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#encryptionKey, nonce);
    cipher.setAAD(Buffer.from(place, 'utf8'));
    const ciphertext = Buffer.concat([cipher.update(clear), cipher.final()]);
    const body = Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
    return `${prefix}.${this.keyId}.${body.toString('base64url')}`;
  }

  /** Whether it was sealed with this key; it may still be damaged. */
  isOwn(sealed: string): boolean {
    return sealed.startsWith(`${prefix}.${this.keyId}.`);
  }

  /** Throws SecretSealError `foreign-key` or `damaged`. */
  open(sealed: string, place: SecretPlace): Secret {
    const [name, keyId, text, ...rest] = sealed.split('.');
    if (name !== prefix || keyId === undefined || text === undefined || rest.length > 0) {
      throw new SecretSealError('damaged', 'not a sealed secret');
    }
    if (keyId !== this.keyId) {
      throw new SecretSealError('foreign-key', 'the secret was sealed with another key');
    }
    const body = Buffer.from(text, 'base64url');
    if (body.length < nonceBytes + tagBytes) {
      throw new SecretSealError('damaged', 'the sealed secret is cut off');
    }
    const nonce = body.subarray(0, nonceBytes);
    const decipher = createDecipheriv('aes-256-gcm', this.#encryptionKey, nonce, {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(place, 'utf8'));
    decipher.setAuthTag(body.subarray(nonceBytes, nonceBytes + tagBytes));
    try {
      const start = decipher.update(body.subarray(nonceBytes + tagBytes), undefined, 'utf8');
      return new Secret(start + decipher.final('utf8'));
    } catch (error) {
      throw new SecretSealError('damaged', 'the sealed secret was changed or moved', {
        cause: error,
      });
    }
  }
}

/**
 * The seal with the key of the file, which is made on the first start, readable only for its owner.
 * Throws SecretSealError `bad-key-file`; a key is never replaced, because it cannot be had again.
 */
export function openSecretSeal(keyPath: string): SecretSeal {
  if (!existsSync(keyPath)) {
    mkdirSync(dirname(keyPath), { recursive: true, mode: 0o700 });
    createFile(keyPath, `${randomBytes(keyBytes).toString('base64')}\n`, 0o600);
  }
  const key = Buffer.from(readFileSync(keyPath, 'utf8').trim(), 'base64');
  if (key.length !== keyBytes) {
    throw new SecretSealError('bad-key-file', `${keyPath} does not hold a key of 256 bits`);
  }
  return new SecretSeal(key);
}

function deriveKey(key: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `campanile ${purpose}`, keyBytes));
}
