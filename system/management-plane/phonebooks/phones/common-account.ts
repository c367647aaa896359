/** The login at the LDAP server for whatever is no phone of ours: one password, random, sealed. */
import { randomBytes } from 'node:crypto';
import { Secret } from '../../../foundation/secret.ts';
import type { ConfigurationStore } from '../../configuration-store/configuration-store.ts';
import { SecretSealError } from '../../configuration-store/secret-seal.ts';
import type { PhonebookStore } from '../store/phonebook-store.ts';

const secretName = 'ldap-common';
const place = 'phonebooks/ldap-common';
const passwordBytes = 16;

export class CommonAccount {
  readonly #store: Pick<PhonebookStore, 'findSecret' | 'storeSecret'>;
  readonly #seal: Pick<ConfigurationStore, 'seal' | 'unseal'>;

  constructor(options: {
    readonly store: Pick<PhonebookStore, 'findSecret' | 'storeSecret'>;
    readonly seal: Pick<ConfigurationStore, 'seal' | 'unseal'>;
  }) {
    this.#store = options.store;
    this.#seal = options.seal;
  }

  /** Made when it is asked for the first time, and again when the key of this installation is another. */
  async password(): Promise<Secret> {
    const sealed = await this.#store.findSecret(secretName);
    if (sealed !== undefined) {
      try {
        return this.#seal.unseal(sealed, place);
      } catch (error) {
        if (!(error instanceof SecretSealError)) {
          throw error;
        }
      }
    }
    return this.renew();
  }

  async renew(): Promise<Secret> {
    const password = new Secret(randomBytes(passwordBytes).toString('hex'));
    await this.#store.storeSecret(secretName, this.#seal.seal(password, place));
    return password;
  }
}
