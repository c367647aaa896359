/** Which device a token of an address is of, present and previous ones. Holds hashes only. */
import { hashToken, type DeviceCredentials } from '../../device-accounts/device-credentials.ts';

export type TokenMatch = { readonly mac: string; readonly isPrevious: boolean } | undefined;

export class TokenIndex {
  /** By the hash of the token. */
  readonly #tokens = new Map<string, { readonly mac: string; readonly isPrevious: boolean }>();
  readonly #hashes = new Map<string, readonly string[]>();

  find(token: string): TokenMatch {
    return this.#tokens.get(hashToken(token));
  }

  add(mac: string, { token, previousToken }: DeviceCredentials): void {
    const hashes: string[] = [];
    for (const [secret, isPrevious] of [
      [token, false],
      [previousToken, true],
    ] as const) {
      if (secret !== undefined) {
        const hash = hashToken(secret.reveal());
        this.#tokens.set(hash, { mac, isPrevious });
        hashes.push(hash);
      }
    }
    this.#hashes.set(mac, hashes);
  }

  remove(mac: string): void {
    for (const hash of this.#hashes.get(mac) ?? []) {
      this.#tokens.delete(hash);
    }
    this.#hashes.delete(mac);
  }
}
