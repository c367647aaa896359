import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../system/foundation/secret.ts';
import { SecretSeal } from '../../../../system/management-plane/configuration-store/secret-seal.ts';
import {
  createSipCredentials,
  openSipCredentials,
  sealSipCredentials,
} from '../../../../system/management-plane/configuration-store/sip-credentials.ts';

const seal = new SecretSeal(new Uint8Array(32).fill(7));
const place = 'user/u1/sipCredentials';

describe('SecretSeal', () => {
  it('[SEC-036] gives back what it sealed and shows nothing of it', () => {
    const sealed = seal.seal(new Secret('correct horse — ☎'), place);

    expect(seal.open(sealed, place).reveal()).toBe('correct horse — ☎');
    expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain(
      'horse',
    );
  });

  it('seals the same secret alike at one place and differently at another', () => {
    const secret = new Secret('s3cret');

    expect(seal.seal(secret, place)).toBe(seal.seal(secret, place));
    expect(seal.seal(secret, 'user/u2/sipCredentials')).not.toBe(seal.seal(secret, place));
  });

  it('opens nothing that was moved, changed, cut off or sealed with another key', () => {
    const sealed = seal.seal(new Secret('s3cret'), place);
    const body = Buffer.from(sealed.split('.')[2] ?? '', 'base64url');
    const rebuilt = (bytes: Buffer): string =>
      `sealed.${seal.keyId}.${bytes.toString('base64url')}`;

    expect(() => seal.open(sealed, 'user/u2/sipCredentials')).toThrow('changed or moved');
    for (let index = 0; index < body.length; index += 1) {
      const changed = Buffer.from(body);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => seal.open(rebuilt(changed), place)).toThrow('changed or moved');
    }
    expect(() => seal.open(rebuilt(body.subarray(0, 20)), place)).toThrow('cut off');
    expect(() => seal.open('sealed.x', place)).toThrow('not a sealed secret');
    const other = new SecretSeal(new Uint8Array(32).fill(8));
    expect(() => other.open(sealed, place)).toThrow('another key');
  });
});

describe('createSipCredentials', () => {
  it('hashes as RFC 7616 §3.9.1 shows', () => {
    const credentials = createSipCredentials(
      'Mufasa',
      'http-auth@example.org',
      new Secret('Circle of Life'),
    );

    // H(A1) of the example, from which its published responses follow.
    expect(credentials.ha1Md5).toBe('3d78807defe7de2157e2b0b6573a855f');
    expect(credentials.ha1Sha256).toBe(
      '7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232',
    );
  });

  it('survives sealing', () => {
    const credentials = createSipCredentials('101', 'campanile.local', new Secret('"\\ü'));

    const opened = openSipCredentials(sealSipCredentials(credentials, 'u1', seal), 'u1', seal);

    expect({ ...opened, password: opened.password.reveal() }).toEqual({
      ...credentials,
      password: '"\\ü',
    });
  });
});
