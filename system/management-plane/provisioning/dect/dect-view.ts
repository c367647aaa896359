/** DECT systems and handsets with everything that lists show: names, registrations, models. */
import type { BindingRecord } from '../../../bus/contract.ts';
import type { DectHandset } from '../../../configuration/entities/dect-handset.ts';
import type { DectBase, DectSystem } from '../../../configuration/entities/dect-system.ts';
import { loginNameOf } from '../../../configuration/entities/device.ts';
import { toIpei } from '../../../configuration/entities/ipui.ts';
import { toSyncTree } from '../../../configuration/entities/dect-sync-tree.ts';
import type {
  ConfigurationStore,
  Page,
  Stored,
} from '../../configuration-store/configuration-store.ts';
import {
  foldForSearch,
  toExtensionOrder,
  toSearchWords,
} from '../../configuration-store/search-text.ts';
import { takePage, type PageQuery } from '../../configuration-store/take-page.ts';
import type { RegistrationDirectory } from '../../registrations/registration-directory.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { VendorAndModel } from '../files/device-files.ts';
import type { SeenDevice } from '../device-state/seen-device.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import {
  findDectWarnings,
  toCapacity,
  type DectCapacity,
  type DectWarning,
  type KnownBase,
} from './dect-capacity.ts';
import type { DectDirectory } from '../directory/dect-directory.ts';
import type { DectOpenings, Opening } from './dect-openings.ts';
import { toAccountOwner } from '../../device-accounts/handset-key.ts';

export interface ListedBase {
  readonly base: DectBase;
  /** Level in the tree, 1 is the first; undefined where no tree is planned. */
  readonly level: number | undefined;
  readonly isDevice: boolean;
  readonly comment: string | undefined;
  readonly known: VendorAndModel | undefined;
  readonly seen: SeenDevice;
  /** Handsets that are registered through it now. */
  readonly registeredHandsets: number;
}

export interface ListedSystem {
  readonly stored: Stored<DectSystem>;
  readonly bases: readonly ListedBase[];
  readonly handsets: number;
  readonly registeredHandsets: number;
  readonly unassignedHandsets: number;
  readonly capacity: DectCapacity;
  readonly warnings: readonly DectWarning[];
  readonly opening: Opening | undefined;
  /** How the data master's model does it; undefined while it is not known. */
  readonly opensBy: 'file' | 'hand' | undefined;
  readonly removesBy: 'file' | 'hand' | undefined;
}

/**
 * - `registered`: it can be called now
 * - `away`: it was registered before
 * - `expected`: nothing was heard of it yet
 */
export const handsetStates = ['registered', 'away', 'expected'] as const;
export type HandsetState = (typeof handsetStates)[number];

export interface ListedHandset {
  readonly stored: Stored<DectHandset>;
  readonly system: string | undefined;
  readonly user: HandsetUser | undefined;
  /** Of the user; `loginX` while it is unassigned. */
  readonly extension: string | undefined;
  readonly state: HandsetState;
  readonly binding: BindingRecord | undefined;
  readonly lastSeenAtMs: number | undefined;
  /** The base that it is registered through, where the address tells. */
  readonly base: { readonly mac: string; readonly name: string | undefined } | undefined;
}

export interface HandsetUser {
  readonly id: string;
  readonly name: string;
  readonly extension: string | undefined;
}

export const handsetSortKeys = [
  'place',
  'name',
  'extension',
  'ipui',
  'model',
  'state',
  'system',
] as const;
export type HandsetSortKey = (typeof handsetSortKeys)[number];

export interface HandsetQuery extends PageQuery {
  /** Every word must occur in name, IPUI, IPEI, model, extension or name of the user, base. */
  readonly search?: string | undefined;
  readonly system?: string | undefined;
  readonly userId?: string | undefined;
  readonly assigned?: boolean | undefined;
  readonly state?: HandsetState | undefined;
  readonly sort: HandsetSortKey;
}

export interface DectViewOptions {
  readonly store: Pick<ConfigurationStore, 'findUsers' | 'onRevision'>;
  readonly dect: DectDirectory;
  readonly directory: Pick<DeviceDirectory, 'find'>;
  readonly seen: Pick<SeenDevices, 'find'>;
  readonly registrations: Pick<RegistrationDirectory, 'bindingsOfDevice'>;
  readonly openings: DectOpenings;
  readonly modelOf: (mac: string) => VendorAndModel | undefined;
}

export class DectView {
  readonly #options: DectViewOptions;
  /** Of handsets; forgotten when any user changes. */
  #users = new Map<string, HandsetUser>();

  constructor(options: DectViewOptions) {
    this.#options = options;
    options.store.onRevision((revision) => {
      const isAll = revision.operationCount > revision.operations.length;
      if (isAll || revision.operations.some(({ entity }) => entity === 'user')) {
        this.#users = new Map();
      }
    });
  }

  showSystem(stored: Stored<DectSystem>): ListedSystem {
    const { dect, openings, modelOf, registrations } = this.#options;
    const { document } = stored;
    const tree = document.sync === 'planned' ? toSyncTree(document.bases) : undefined;
    const handsets = dect.handsetsOf(stored.id);
    const addresses = handsets.flatMap(
      ({ id }) => registrations.bindingsOfDevice(id)[0]?.remoteAddress ?? [],
    );
    const bases = document.bases.map((base): ListedBase => {
      const { mac } = base;
      const device = this.#options.directory.find(mac);
      const seen = this.#options.seen.find(mac);
      return {
        base,
        level: tree?.levels.get(mac),
        isDevice: device !== undefined,
        comment: device?.document.comment,
        known: modelOf(mac),
        seen,
        registeredHandsets: addresses.filter((address) => address === seen.address).length,
      };
    });
    const known = bases.map(toKnownBase);
    const master = bases.find(({ base }) => base.mac === document.dataMaster)?.known?.model.dect;
    return {
      stored,
      bases,
      handsets: handsets.length,
      registeredHandsets: addresses.length,
      unassignedHandsets: handsets.filter(({ document: { user } }) => user === undefined).length,
      capacity: toCapacity(document, known),
      warnings: findDectWarnings(document, known, handsets.length),
      opening: openings.find(stored.id),
      opensBy: master?.opensBy,
      removesBy: master?.removesBy,
    };
  }

  async showHandset(stored: Stored<DectHandset>): Promise<ListedHandset> {
    await this.#loadUsers([stored]);
    return this.#show(stored);
  }

  async listHandsets(query: HandsetQuery): Promise<Page<ListedHandset>> {
    const { dect } = this.#options;
    const stored = query.system === undefined ? dect.handsets() : dect.handsetsOf(query.system);
    await this.#loadUsers(stored);
    const words = toSearchWords(query.search);
    const found = stored
      .map((handset) => this.#show(handset))
      .filter(
        (handset) =>
          (query.userId === undefined || handset.stored.document.user === query.userId) &&
          (query.assigned === undefined || (handset.user !== undefined) === query.assigned) &&
          (query.state === undefined || handset.state === query.state) &&
          (words.length === 0 || holdsWords(handset, words)),
      );
    return takePage(
      found,
      query,
      (handset) => sortKeyOf(handset, query.sort),
      (handset) => handset.stored.id,
    );
  }

  #show(stored: Stored<DectHandset>): ListedHandset {
    const { dect, registrations, seen } = this.#options;
    const { id, document } = stored;
    const user = this.#users.get(document.user ?? '');
    const [binding] = registrations.bindingsOfDevice(id);
    const { lastSeenAtMs } = seen.find(id);
    const system = dect.findSystem(document.system)?.document;
    const base =
      binding === undefined
        ? undefined
        : system?.bases.find(({ mac }) => seen.find(mac).address === binding.remoteAddress);
    return {
      stored,
      system: system?.name,
      user,
      extension: user === undefined ? loginNameOf(toAccountOwner(id, document)) : user.extension,
      state:
        binding !== undefined ? 'registered' : lastSeenAtMs === undefined ? 'expected' : 'away',
      binding,
      lastSeenAtMs: binding?.registeredAtMs ?? lastSeenAtMs,
      base: base === undefined ? undefined : { mac: base.mac, name: base.name },
    };
  }

  async #loadUsers(handsets: readonly Stored<DectHandset>[]): Promise<void> {
    const users = this.#users;
    const missing = new Set(
      handsets.flatMap(({ document: { user } }) =>
        user === undefined || users.has(user) ? [] : [user],
      ),
    );
    if (missing.size === 0) {
      return;
    }
    for (const { id, document } of await this.#options.store.findUsers([...missing])) {
      const { name, extension } = document;
      users.set(id, { id, name, extension });
    }
  }
}

function toKnownBase({ base: { mac }, isDevice, known }: ListedBase): KnownBase {
  return { mac, isDevice, model: known?.model.dect === undefined ? undefined : known.model };
}

function holdsWords(handset: ListedHandset, words: readonly string[]): boolean {
  const { name, ipui, model } = handset.stored.document;
  const searched = [
    name,
    ipui,
    ipui === undefined ? undefined : toIpei(ipui).replaceAll(' ', ''),
    model,
    handset.extension,
    handset.user?.name,
    handset.user?.extension,
    handset.base?.name,
    handset.system,
  ];
  const text = foldForSearch(searched.filter((part) => part !== undefined).join('\n'));
  return words.every((word) => text.includes(word));
}

function sortKeyOf(handset: ListedHandset, sort: HandsetSortKey): string | number {
  const { document } = handset.stored;
  switch (sort) {
    case 'place':
      return document.place;
    case 'name':
      return foldForSearch(document.name ?? handset.user?.name ?? '~');
    case 'extension':
      return toExtensionOrder(handset.extension);
    case 'ipui':
      return document.ipui ?? '~';
    case 'model':
      return foldForSearch(document.model ?? '~');
    case 'state':
      return handsetStates.indexOf(handset.state);
    case 'system':
      return foldForSearch(handset.system ?? '~');
  }
}
