/**
 * How secrets are kept in documents: sealed, and bound to the place where they lie. The store of the
 * configuration does it; what only seals or opens asks for no more than this.
 */
import type { Secret } from '../foundation/secret.ts';

export interface Sealing {
  /** The place binds it, e.g. `device/001565aabbcc/credentials`. */
  seal(secret: Secret, place: string): string;
}

export interface Unsealing {
  /** Throws SecretSealError when it was sealed for another place or with another key file. */
  unseal(sealed: string, place: string): Secret;
}
