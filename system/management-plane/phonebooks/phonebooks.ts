/** Phonebooks put together: what is opened, in which order, and how it ends. */
import type { ManagementPlaneBus } from '../../bus/ends.ts';
import { toErrorMessage } from '../../foundation/app-error.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { ConfigurationStore } from '../configuration-store/configuration-store.ts';
import { createSourceFilter } from '../source-filter.ts';
import { CopyKeeper } from '../storage/copy-keeper.ts';
import { CallerNamesPublisher } from './caller-names-publisher.ts';
import { Colleagues } from './colleagues.ts';
import { contactsCsvHeading, serializeContactRow } from './contact-files/contacts-csv.ts';
import { CommonAccount } from './phones/common-account.ts';
import type { DeviceLogin } from './phones/contacts-directory.ts';
import { ContactsImport } from './contact-files/contacts-import.ts';
import { DevicePhonebook } from './phones/device-phonebook.ts';
import { LdapService, type LdapServiceOptions, type LdapState } from './phones/ldap-service.ts';
import { NumberKeys } from './store/number-keys.ts';
import { PhonebookChanges } from './phonebook-changes.ts';
import { PhonebookRights } from './phonebook-rights.ts';
import { PhonebookStore } from './store/phonebook-store.ts';
import type { PhonebookDatabase } from './store/phonebook-tables.ts';
import { PhonebooksService } from './phonebooks-service.ts';
import { serializeVcard, type VcardVersion } from './contact-files/serialize-vcard.ts';

export interface PhonebooksOptions {
  readonly database: PhonebookDatabase;
  readonly store: ConfigurationStore;
  readonly callPlane: Pick<ManagementPlaneBus, 'request'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChanged: () => void;
  readonly listenAddresses: readonly string[];
  /** Ports of LDAP instead of those of the settings: for tests. */
  readonly ldapPorts?: { readonly ldap: number; readonly ldaps: number } | undefined;
  /** A sentence about LDAP for administrators, or undefined when it is over. */
  readonly onProblem: (sentence: string | undefined) => void;
}

/** What comes with provisioning and the web, after phonebooks were opened. */
export interface PhonebooksSurroundings {
  readonly findDevice: (mac: string) => DeviceLogin | undefined;
  /** The appliance's own, for LDAPS. */
  readonly provideCertificate: LdapServiceOptions['provideCertificate'];
}

/** How long a change can be taken back. */
const changesKeepMs = 90 * 86_400_000;

export class Phonebooks {
  readonly store: PhonebookStore;
  readonly service: PhonebooksService;
  readonly changes: PhonebookChanges;
  readonly contactsImport: ContactsImport;
  readonly colleagues: Colleagues;
  readonly forDevices: DevicePhonebook;
  readonly commonAccount: CommonAccount;
  readonly #options: PhonebooksOptions;
  readonly #rights: PhonebookRights;
  readonly #publisher: CallerNamesPublisher;
  readonly #copies: CopyKeeper;
  readonly #stops: (() => void)[] = [];
  readonly #loadKeys: () => Promise<NumberKeys>;
  #ldap: LdapService | undefined;
  #country: string;
  #renewing: Promise<void> = Promise.resolve();

  static async open(options: PhonebooksOptions): Promise<Phonebooks> {
    let keys: Promise<NumberKeys> | undefined;
    let keysOf = '';
    const loadKeys = (): Promise<NumberKeys> => {
      const { country } = options.store.settings;
      if (keys === undefined || keysOf !== country) {
        keysOf = country;
        keys = NumberKeys.load(country);
      }
      return keys;
    };
    const { database, clock } = options;
    const store = await PhonebookStore.open({ database, clock, loadKeys });
    return new Phonebooks(options, store, loadKeys);
  }

  private constructor(
    options: PhonebooksOptions,
    store: PhonebookStore,
    loadKeys: () => Promise<NumberKeys>,
  ) {
    const { database, store: configuration, callPlane, clock, logger } = options;
    this.#options = options;
    this.#loadKeys = loadKeys;
    this.store = store;
    this.commonAccount = new CommonAccount({ store, seal: configuration });
    this.colleagues = new Colleagues({ store, configuration });
    const { colleagues } = this;
    const rights = new PhonebookRights({ store, configuration, colleagues });
    this.#rights = rights;
    this.service = new PhonebooksService({ store, rights, colleagues });
    this.changes = new PhonebookChanges(store, rights);
    this.contactsImport = new ContactsImport({ store, rights, phonebooks: this.service, clock });
    this.forDevices = new DevicePhonebook({
      store,
      rights,
      configuration,
      settings: () => configuration.settings,
      loadKeys,
      clock,
    });
    this.#copies = new CopyKeeper(database, clock, logger);
    this.#publisher = new CallerNamesPublisher({
      store,
      configuration,
      loadKeys,
      callPlane,
      clock,
      logger,
    });
    this.#country = configuration.settings.country;
  }

  /** Everything around is there: names are compiled when there are any, LDAP runs when it is on. */
  async start({ findDevice, provideCertificate }: PhonebooksSurroundings): Promise<void> {
    const { store: configuration, onChanged } = this.#options;
    this.#stops.push(
      this.store.changed.on('changed', () => {
        this.#copies.noteChange();
        this.#publisher.noteChange();
        onChanged();
      }),
      configuration.onRevision(() => {
        if (configuration.settings.country !== this.#country) {
          this.#country = configuration.settings.country;
          this.#renewing = this.#renewing.then(() => this.#renewKeys());
        }
        this.#publisher.noteChange();
        void ldap.follow();
      }),
    );
    this.#publisher.noteChange();
    const { listenAddresses, ldapPorts, clock, logger, onProblem } = this.#options;
    const ldap = new LdapService({
      settings: () => configuration.settings,
      loadDirectory: async () => {
        const { ContactsDirectory } = await import('./phones/contacts-directory.ts');
        return new ContactsDirectory({
          store: this.store,
          rights: this.#rights,
          settings: () => configuration.settings,
          loadKeys: this.#loadKeys,
          findDevice,
          commonPassword: () => this.commonAccount.password(),
        });
      },
      addresses: listenAddresses,
      provideCertificate,
      ports: ldapPorts,
      turnsAway: createSourceFilter(configuration),
      clock,
      logger,
      onProblem,
    });
    this.#ldap = ldap;
    await ldap.follow();
  }

  /** Of the LDAP server. */
  get ldap(): LdapState {
    return this.#ldap?.state ?? { state: 'off', detail: '', connections: 0, searches: 0 };
  }

  /** Starts the LDAP server where that failed before; never rejects. */
  async retryLdap(): Promise<void> {
    await this.#ldap?.follow();
  }

  /** On which LDAP listens; undefined while it is off. */
  get ldapPorts(): LdapService['ports'] {
    return this.#ldap?.ports;
  }

  get figures(): Readonly<Record<string, number>> {
    return {
      callerNames: this.#publisher.numbers,
      ...(this.#ldap?.ports === undefined ? {} : { ldapConnections: this.#ldap.state.connections }),
    };
  }

  /** The file in pieces. */
  async *exportCsv(bookId: string): AsyncGenerator<string> {
    yield `${contactsCsvHeading.join(',')}\r\n`;
    for await (const contact of this.store.contacts.contactsOf(bookId)) {
      yield serializeContactRow(contact);
    }
  }

  async *exportVcards(bookId: string, version: VcardVersion): AsyncGenerator<string> {
    for await (const contact of this.store.contacts.contactsOf(bookId)) {
      yield serializeVcard(contact, version);
    }
  }

  /** What is too old to be taken back. */
  deleteOldChanges(): Promise<void> {
    return this.store.history.deleteOld(this.#options.clock.wallMs() - changesKeepMs);
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) {
      stop();
    }
    this.colleagues.close();
    await this.#ldap?.close();
    await this.#publisher.close();
    await this.#renewing;
    await this.#copies.close();
  }

  async #renewKeys(): Promise<void> {
    try {
      await this.store.renewKeys();
      this.#publisher.noteChange();
    } catch (error) {
      this.#options.logger.error('Numbers of phonebooks could not be brought to another country', {
        error: toErrorMessage(error),
      });
    }
  }
}
