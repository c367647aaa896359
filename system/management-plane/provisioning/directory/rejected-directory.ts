/** Devices that administrators rejected, in memory, with how often each has asked since. */
import type { RejectedDevice } from '../../../configuration/entities/rejected-device.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { ConfigurationStore, Page } from '../../configuration-store/configuration-store.ts';
import { foldForSearch, toSearchWords } from '../../configuration-store/search-text.ts';
import { takePage, type PageQuery } from '../../configuration-store/take-page.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import { FollowedEntities } from './followed-entities.ts';

export interface ListedRejection {
  readonly rejected: RejectedDevice;
  /** Requests for files or an address since it was rejected. */
  readonly asked: number;
  readonly lastAskedAtMs: number | undefined;
}

export const rejectionSortKeys = [
  'rejectedAt',
  'mac',
  'vendor',
  'rejectedBy',
  'lastAsked',
] as const;

export interface RejectionQuery extends PageQuery {
  /** Every word must occur in MAC, vendor, comment or who rejected it. */
  readonly search?: string | undefined;
  readonly sort: (typeof rejectionSortKeys)[number];
}

export class RejectedDirectory {
  readonly #entities: FollowedEntities<RejectedDevice>;
  readonly #seen: Pick<SeenDevices, 'find' | 'change'>;
  readonly #clock: Pick<Clock, 'wallMs'>;

  constructor(options: {
    readonly store: Pick<ConfigurationStore, 'findAll' | 'onRevision'>;
    readonly seen: Pick<SeenDevices, 'find' | 'change'>;
    readonly clock: Pick<Clock, 'wallMs'>;
  }) {
    this.#entities = new FollowedEntities(options.store, 'rejected-device');
    this.#seen = options.seen;
    this.#clock = options.clock;
  }

  start(): Promise<void> {
    return this.#entities.start();
  }

  close(): void {
    this.#entities.close();
  }

  /** Resolves when every revision that was told is followed. */
  settled(): Promise<void> {
    return this.#entities.settled();
  }

  get size(): number {
    return this.#entities.all().length;
  }

  has(mac: string): boolean {
    return this.#entities.find(mac) !== undefined;
  }

  /** Whether a device that asks gets nothing because it was rejected; counts that it asked. */
  refuses(mac: string): boolean {
    if (!this.has(mac)) {
      return false;
    }
    const { askedWhileRejected } = this.#seen.find(mac);
    this.#seen.change(mac, {
      askedWhileRejected: askedWhileRejected + 1,
      askedWhileRejectedAtMs: this.#clock.wallMs(),
    });
    return true;
  }

  list(query: RejectionQuery): Page<ListedRejection> {
    const words = toSearchWords(query.search);
    const found = this.#entities
      .all()
      .filter(({ document }) => holdsWords(document, words))
      .map(({ document }) => this.#show(document));
    return takePage(
      found,
      query,
      (listed) => sortKeyOf(listed, query.sort),
      ({ rejected }) => rejected.mac,
    );
  }

  #show(rejected: RejectedDevice): ListedRejection {
    const { askedWhileRejected, askedWhileRejectedAtMs } = this.#seen.find(rejected.mac);
    return { rejected, asked: askedWhileRejected, lastAskedAtMs: askedWhileRejectedAtMs };
  }
}

function holdsWords(
  { mac, vendor, comment, rejectedBy }: RejectedDevice,
  words: readonly string[],
): boolean {
  const text = foldForSearch([mac, vendor, comment, rejectedBy].join('\n'));
  // A MAC is typed as it stands on the label.
  return words.every((word) => text.includes(word) || mac.includes(word.replaceAll(/[:.-]/g, '')));
}

function sortKeyOf(
  { rejected, lastAskedAtMs }: ListedRejection,
  sort: RejectionQuery['sort'],
): string | number {
  switch (sort) {
    case 'mac':
      return rejected.mac;
    case 'vendor':
      return rejected.vendor ?? '';
    case 'rejectedBy':
      return foldForSearch(rejected.rejectedBy ?? '');
    case 'rejectedAt':
      return Date.parse(rejected.rejectedAt ?? '1970-01-01T00:00:00Z');
    case 'lastAsked':
      return lastAskedAtMs ?? 0;
  }
}
