/**
 * The phonebook of one device, as its vendor's phones read it: what its user sees, under the device's
 * own token. Which addresses a device gets is said here, too, and how it logs in to LDAP.
 */
import { createHash } from 'node:crypto';
import type { FileContent } from '../../../../provisioning/http/serve-file.ts';
import {
  phonebookFormats,
  severalBooks,
} from '../../../../provisioning/phonebook/phonebook-formats.ts';
import type {
  EntryNumberKind,
  PhonebookEntry,
  PhonebookQuery,
} from '../../../../provisioning/phonebook/phonebook-page.ts';
import {
  phonebookTitles,
  phonebookWords,
} from '../../../../provisioning/phonebook/phonebook-words.ts';
import type { Scope } from '../../../../provisioning/scope/resolve-scopes.ts';
import type { SettingValues } from '../../../../provisioning/scope/setting-value.ts';
import type { Settings } from '../../../configuration/entities/settings.ts';
import type { languages } from '../../../configuration/entities/user.ts';
import type { Clock } from '../../../foundation/clock.ts';
import { Secret } from '../../../foundation/secret.ts';
import type { ConfigurationStore } from '../../configuration-store/configuration-store.ts';
import { toContactCondition } from './contact-filter.ts';
import { numberKinds, toDialled, type NumberKind, type StoredContact } from '../contact.ts';
import { deviceLdapPassword } from './device-ldap-password.ts';
import type { NumberKeys } from '../store/number-keys.ts';
import type { Phonebook } from '../phonebook.ts';
import type { PhonebookRights } from '../phonebook-rights.ts';
import type { PhonebookStore } from '../store/phonebook-store.ts';

/** A device that has shown that it is one, or whose file is being made. */
export interface PhonebookDevice {
  readonly mac: string;
  /** Id of the vendor. */
  readonly vendor: string;
  /** Whose phone it is, when it is one person's. */
  readonly userId: string | undefined;
  readonly token: Secret;
  /** Where it fetches, ends in `/`; holds the token. */
  readonly fetchUrl: string;
  /** The address of ours that it uses. */
  readonly host: string;
}

export interface DevicePhonebookOptions {
  readonly store: PhonebookStore;
  readonly rights: PhonebookRights;
  readonly configuration: Pick<ConfigurationStore, 'findUser'>;
  readonly settings: () => Pick<
    Settings,
    'ldapEnabled' | 'ldapBase' | 'ldapSecurity' | 'ldapPort' | 'ldapsPort' | 'language'
  >;
  readonly loadKeys: () => Promise<NumberKeys>;
  readonly clock: Pick<Clock, 'wallMs'>;
}

type Language = (typeof languages)[number];

type Part = 'all' | 'colleagues' | 'shared' | 'own';

/** `phonebook.xml`, `phonebook-own.xml` …; Grandstream adds a name of its own. */
const pathPattern = /^(?:gs_)?phonebook(?:-(colleagues|shared|own))?\.xml$/i;

export function isPhonebookPath(path: string): boolean {
  return pathPattern.test(path);
}

export class DevicePhonebook {
  readonly #options: DevicePhonebookOptions;

  constructor(options: DevicePhonebookOptions) {
    this.#options = options;
  }

  /** What stands in a device's file by default; administrators may say otherwise in any scope. */
  async scopeOf(device: PhonebookDevice): Promise<Scope> {
    const values: SettingValues = {
      phonebooks: await this.#addressesOf(device),
      ...this.#ldapOf(device),
    };
    return { level: 'default', name: 'phonebooks', values };
  }

  /** Undefined: the device's vendor has no such thing, or the path names none. */
  async find(
    device: PhonebookDevice,
    path: string,
    parameters: URLSearchParams,
  ): Promise<FileContent | undefined> {
    const format = phonebookFormats.get(device.vendor);
    const match = pathPattern.exec(path);
    if (format === undefined || match === null) {
      return undefined;
    }
    const part = (match[1]?.toLowerCase() ?? 'all') as Part;
    const query = format.read(parameters);
    const language = await this.#languageOf(device);
    const books = (await this.#options.rights.booksOfUser(device.userId)).filter((book) =>
      isInPart(book, part),
    );
    const { contacts, total } = await this.#search(books, query);
    const text = format.write({
      title: phonebookTitles[language][part],
      query,
      entries: contacts.flatMap(toEntry),
      total,
      addressOf: (wanted) => {
        const search = new URLSearchParams(wanted).toString();
        return `${device.fetchUrl}${fileNameOf(part)}${search === '' ? '' : `?${search}`}`;
      },
      words: phonebookWords[language],
    });
    const bytes = Buffer.from(text, 'utf8');
    return {
      bytes,
      contentType: format.contentType,
      entityTag: createHash('sha256').update(bytes).digest('hex').slice(0, 32),
      modifiedMs: this.#options.clock.wallMs(),
    };
  }

  async #search(
    books: readonly Phonebook[],
    query: PhonebookQuery,
  ): Promise<{ readonly contacts: readonly StoredContact[]; readonly total: number }> {
    const { store, loadKeys } = this.#options;
    const bookIds = books.map(({ id }) => id);
    if (query.number !== '') {
      const filters = ['telephonenumber', 'mobile', 'homephone'].map((attribute) => ({
        kind: 'equal' as const,
        attribute,
        value: query.number,
      }));
      const condition = toContactCondition({ kind: 'or', filters }, await loadKeys());
      const contacts = await store.contacts.search(bookIds, condition, query);
      return { contacts, total: query.offset + contacts.length };
    }
    const { items, total } = await store.contacts.list({
      bookIds,
      search: query.search === '?' ? '' : query.search,
      sort: 'name',
      direction: 'asc',
      offset: query.offset,
      limit: query.limit,
    });
    return { contacts: items, total };
  }

  async #addressesOf(
    device: PhonebookDevice,
  ): Promise<readonly { readonly name: string; readonly url: Secret }[]> {
    if (!phonebookFormats.has(device.vendor)) {
      return [];
    }
    const titles = phonebookTitles[await this.#languageOf(device)];
    const ofUser: readonly Part[] = device.userId === undefined ? [] : ['own'];
    const wanted: readonly Part[] = severalBooks.has(device.vendor)
      ? ['colleagues', 'shared', ...ofUser]
      : ['all'];
    return wanted.map((part) => ({
      name: titles[part],
      url: new Secret(`${device.fetchUrl}${fileNameOf(part)}`),
    }));
  }

  #ldapOf({ mac, token, host }: PhonebookDevice): SettingValues {
    const { ldapEnabled, ldapBase, ldapSecurity, ldapPort, ldapsPort } = this.#options.settings();
    return ldapEnabled
      ? {
          'ldap.server': host,
          'ldap.port': ldapSecurity === 'ldaps' ? ldapsPort : ldapPort,
          'ldap.security': ldapSecurity,
          'ldap.base': ldapBase,
          'ldap.user': `cn=${mac},${ldapBase}`,
          'ldap.password': deviceLdapPassword(token),
        }
      : {};
  }

  async #languageOf({ userId }: PhonebookDevice): Promise<Language> {
    const user =
      userId === undefined ? undefined : await this.#options.configuration.findUser(userId);
    return user?.document.language ?? this.#options.settings().language;
  }
}

function fileNameOf(part: Part): string {
  return part === 'all' ? 'phonebook.xml' : `phonebook-${part}.xml`;
}

function isInPart({ kind }: Phonebook, part: Part): boolean {
  switch (part) {
    case 'all':
      return true;
    case 'colleagues':
      return kind === 'colleagues';
    case 'shared':
      return kind === 'shared';
    case 'own':
      return kind === 'personal';
  }
}

const kindOfNumber: Readonly<Record<Exclude<NumberKind, 'fax'>, EntryNumberKind>> = {
  extension: 'office',
  office: 'office',
  main: 'other',
  other: 'other',
  mobile: 'mobile',
  home: 'home',
};

/** Who has no number cannot be called; nobody calls a fax. */
function toEntry(contact: StoredContact): PhonebookEntry[] {
  const numbers = numberKinds.flatMap((kind) =>
    kind === 'fax'
      ? []
      : contact.numbers
          .filter((number) => number.kind === kind)
          .map(({ number }) => ({ kind: kindOfNumber[kind], number: toDialled(number) })),
  );
  const { id, name, firstName, lastName, organization } = contact;
  return numbers.length === 0
    ? []
    : [{ id: String(id), name, firstName, lastName, organization, numbers }];
}
