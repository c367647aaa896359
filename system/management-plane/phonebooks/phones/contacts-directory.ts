/** Phonebooks as the LDAP server shows them: whose, by which login, as which entries. */
import type { LdapDirectory } from '../../../../provisioning/ldap/ldap-directory.ts';
import type { LdapFilter } from '../../../../provisioning/ldap/ldap-filter.ts';
import type { LdapEntry } from '../../../../provisioning/ldap/ldap-message.ts';
import { normaliseDn } from '../../../../provisioning/ldap/ldap-session.ts';
import type { Settings } from '../../../configuration/entities/settings.ts';
import type { Secret } from '../../../foundation/secret.ts';
import { numberAttributes, objectClasses, toContactCondition } from './contact-filter.ts';
import { numberKinds, toDialled, type StoredContact } from '../contact.ts';
import { deviceLdapPassword, isSamePassword } from './device-ldap-password.ts';
import type { NumberKeys } from '../store/number-keys.ts';
import type { Phonebook } from '../phonebook.ts';
import type { PhonebookRights } from '../phonebook-rights.ts';
import type { PhonebookStore } from '../store/phonebook-store.ts';

export interface ContactsReader {
  readonly name: string;
  readonly userId: string | undefined;
}

export interface DeviceLogin {
  readonly token: Secret;
  /** Whose phone it is, when it is one person's. */
  readonly userId: string | undefined;
}

export interface ContactsDirectoryOptions {
  readonly store: PhonebookStore;
  readonly rights: PhonebookRights;
  readonly settings: () => Pick<Settings, 'ldapBase' | 'ldapSecurity'>;
  readonly loadKeys: () => Promise<NumberKeys>;
  /** A device of the list, by MAC. */
  readonly findDevice: (mac: string) => DeviceLogin | undefined;
  /** Password of the login for everything that is no phone of ours. */
  readonly commonPassword: () => Promise<Secret>;
}

/** Login for programs and phones that are not provisioned from here. */
export const commonLogin = 'phonebook';

export class ContactsDirectory implements LdapDirectory<ContactsReader> {
  readonly #options: ContactsDirectoryOptions;

  constructor(options: ContactsDirectoryOptions) {
    this.#options = options;
  }

  get base(): string {
    return this.#options.settings().ldapBase;
  }

  get mayBindUnencrypted(): boolean {
    return this.#options.settings().ldapSecurity === 'none';
  }

  /** `name`: `cn=<MAC or phonebook>,<base>`, or that without the rest. */
  async bind(name: string, password: Secret): Promise<ContactsReader | undefined> {
    const own = normaliseDn(this.base);
    const normalised = normaliseDn(name);
    const withoutBase = normalised.endsWith(`,${own}`)
      ? normalised.slice(0, -own.length - 1)
      : normalised;
    const login = withoutBase.replace(/^(cn|uid)=/, '');
    if (login === commonLogin) {
      const isRight = isSamePassword(password, await this.#options.commonPassword());
      return isRight ? { name: login, userId: undefined } : undefined;
    }
    const device = /^[0-9a-f]{12}$/.test(login) ? this.#options.findDevice(login) : undefined;
    return device !== undefined && isSamePassword(password, deviceLdapPassword(device.token))
      ? { name: login, userId: device.userId }
      : undefined;
  }

  async search(
    reader: ContactsReader,
    filter: LdapFilter,
    range: { readonly offset: number; readonly limit: number },
  ): Promise<LdapEntry[]> {
    const { store, loadKeys } = this.#options;
    const condition = toContactCondition(filter, await loadKeys());
    const contacts = await store.contacts.search(await this.#bookIdsOf(reader), condition, range);
    return contacts.map((contact) => this.#toEntry(contact));
  }

  async find(reader: ContactsReader, dn: string): Promise<LdapEntry | undefined> {
    const id = /^uid=(\d{1,15}),/.exec(normaliseDn(dn))?.[1];
    const [contact] = id === undefined ? [] : await this.#options.store.contacts.find([Number(id)]);
    return contact !== undefined && (await this.#bookIdsOf(reader)).includes(contact.bookId)
      ? this.#toEntry(contact)
      : undefined;
  }

  async #bookIdsOf({ userId }: ContactsReader): Promise<string[]> {
    const books: readonly Phonebook[] = await this.#options.rights.booksOfUser(userId);
    return books.map(({ id }) => id);
  }

  #toEntry(contact: StoredContact): LdapEntry {
    const { id, name, firstName, lastName, organization, jobTitle, email, address } = contact;
    const attributes = new Map<string, readonly string[]>([
      ['objectClass', objectClasses],
      ['uid', [String(id)]],
      ['cn', [name]],
      ['displayName', [name]],
      // A person has to have one (RFC 4519 §3.12).
      ['sn', [lastName ?? name]],
    ]);
    const add = (attribute: string, value: string | undefined): void => {
      if (value !== undefined) {
        attributes.set(attribute, [value]);
      }
    };
    add('givenName', firstName);
    add('o', organization);
    add('title', jobTitle);
    add('mail', email);
    for (const [attribute, kinds] of numberAttributes) {
      const numbers = numberKinds
        .filter((kind) => kinds.includes(kind))
        .flatMap((kind) => contact.numbers.filter((number) => number.kind === kind))
        .map(({ number }) => toDialled(number));
      if (numbers.length > 0) {
        attributes.set(attribute, [...new Set(numbers)]);
      }
    }
    add('postalAddress', address?.replaceAll('\n', '$'));
    return { dn: `uid=${String(id)},${this.base}`, attributes };
  }
}
