/** Phonebooks put together: what is opened, in which order, and how it ends. */
import type { ManagementPlaneBus } from '../../bus/ends.ts';
import { toErrorMessage } from '../../foundation/app-error.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { ConfigurationStore } from '../configuration-store/configuration-store.ts';
import { CopyKeeper } from '../storage/copy-keeper.ts';
import { CallerNamesPublisher } from './caller-names-publisher.ts';
import { Colleagues } from './colleagues.ts';
import { contactsCsvHeading, serializeContactRow } from './contacts-csv.ts';
import { ContactsImport } from './contacts-import.ts';
import { NumberKeys } from './number-keys.ts';
import { PhonebookStore } from './phonebook-store.ts';
import type { PhonebookDatabase } from './phonebook-tables.ts';
import { PhonebooksService } from './phonebooks-service.ts';
import { serializeVcard, type VcardVersion } from './serialize-vcard.ts';

export interface PhonebooksOptions {
  readonly database: PhonebookDatabase;
  readonly store: ConfigurationStore;
  readonly callPlane: Pick<ManagementPlaneBus, 'request'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChanged: () => void;
}

/** How long a change can be taken back. */
const changesKeepMs = 90 * 86_400_000;

export class Phonebooks {
  readonly store: PhonebookStore;
  readonly service: PhonebooksService;
  readonly contactsImport: ContactsImport;
  readonly colleagues: Colleagues;
  readonly #options: PhonebooksOptions;
  readonly #publisher: CallerNamesPublisher;
  readonly #copies: CopyKeeper;
  readonly #stops: (() => void)[] = [];
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
    this.store = store;
    this.colleagues = new Colleagues({ store, configuration });
    this.service = new PhonebooksService({ store, configuration, colleagues: this.colleagues });
    this.contactsImport = new ContactsImport({ store, phonebooks: this.service, clock });
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

  /** The call plane is there: names are compiled when there are any. */
  start(): void {
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
      }),
    );
    this.#publisher.noteChange();
  }

  get figures(): Readonly<Record<string, number>> {
    return { callerNames: this.#publisher.numbers };
  }

  /** The file in pieces. */
  async *exportCsv(bookId: string): AsyncGenerator<string> {
    yield `${contactsCsvHeading.join(',')}\r\n`;
    for await (const contact of this.store.contactsOf(bookId)) {
      yield serializeContactRow(contact);
    }
  }

  async *exportVcards(bookId: string, version: VcardVersion): AsyncGenerator<string> {
    for await (const contact of this.store.contactsOf(bookId)) {
      yield serializeVcard(contact, version);
    }
  }

  /** What is too old to be taken back. */
  deleteOldChanges(): Promise<void> {
    return this.store.deleteOldChanges(this.#options.clock.wallMs() - changesKeepMs);
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) {
      stop();
    }
    this.colleagues.close();
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
