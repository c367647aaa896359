/**
 * What can be done with DECT handsets: add places, name them, give them to users, move them, delete
 * them. Validation and history are the configuration store's; nothing here knows HTTP.
 */
import { type DectHandset, maximumHandsets } from '../../../configuration/entities/dect-handset.ts';
import { parseIpui } from '../../../configuration/entities/ipui.ts';
import { sipUsernameOf } from '../../../configuration/entities/user.ts';
import type { Actor } from '../../actor.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import type { DectHandsetChanges, Operation } from '../../configuration-store/operation.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { VendorAndModel } from '../files/device-files.ts';
import { DevicesError, type DevicesIssue } from '../devices/devices-error.ts';
import type { ChangeOptions, RecordChangeOptions } from '../../change-options.ts';
import { type CommitChange, createCommitChange } from '../../commit-change.ts';
import { placesOf } from './dect-capacity.ts';
import type { DectDirectory } from '../directory/dect-directory.ts';
import { createHandsetId, sealNewHandsetKey } from '../../device-accounts/handset-key.ts';

export type HandsetInput = {
  readonly [Name in 'place' | 'name' | 'ipui' | 'model' | 'user']?:
    | DectHandset[Name]
    | null
    | undefined;
} & { readonly system?: string | undefined };

export type NewHandset = Omit<HandsetInput, 'system'>;

export interface HandsetsServiceOptions {
  readonly store: ConfigurationStore;
  readonly dect: DectDirectory;
  readonly directory: Pick<DeviceDirectory, 'nextLoginNumber'>;
  readonly modelOf: (mac: string) => VendorAndModel | undefined;
}

/** Methods reject with DevicesError, and with ConfigurationError as the store's `commit` does. */
export class HandsetsService {
  readonly #options: HandsetsServiceOptions;
  readonly #commit: CommitChange;

  constructor(options: HandsetsServiceOptions) {
    this.#options = options;
    this.#commit = createCommitChange(options.store, [options.dect]);
  }

  require(id: string): Stored<DectHandset> {
    const stored = this.#options.dect.findHandset(id);
    if (stored === undefined) {
      throw new DevicesError('not-found', 'There is no such handset.');
    }
    return stored;
  }

  /** Adds handsets to a system, each in the next free place unless it names one. */
  async create(
    actor: Actor,
    system: string,
    handsets: readonly NewHandset[],
    options: ChangeOptions = {},
  ): Promise<{ readonly ids: readonly string[]; readonly revision: number }> {
    this.#requireSystem(system);
    this.requireRoom(system, handsets.length);
    await this.#requireUsers(
      handsets.map(({ user }) => user ?? undefined),
      'handsets',
    );
    const operations = this.planCreation(
      system,
      handsets.map((handset, index) => withIpui(handset, `handsets.${String(index)}.ipui`)),
    );
    const { number: revision } = await this.#commit(actor, operations, options);
    return { ids: operations.map(({ id }) => id), revision };
  }

  /** The operations that add handsets, without a look at the room that there is. */
  planCreation(system: string, handsets: readonly NewHandset[]): Operation[] {
    const { store, dect, directory } = this.#options;
    const used = new Set(dect.handsetsOf(system).map(({ document }) => document.place));
    for (const { place } of handsets) {
      used.add(place ?? 0);
    }
    let next = 1;
    let loginNumber = directory.nextLoginNumber();
    return handsets.map(({ place, ...fields }): Operation => {
      while (used.has(next)) {
        next += 1;
      }
      const own = place ?? next;
      used.add(own);
      const id = createHandsetId();
      const after = {
        system,
        place: own,
        ...withoutNull(fields),
        loginNumber,
        credentials: sealNewHandsetKey(id, store),
      };
      loginNumber += 1;
      return { kind: 'create', entity: 'dect-handset', id, after };
    });
  }

  async update(
    actor: Actor,
    id: string,
    input: HandsetInput,
    options: RecordChangeOptions = {},
  ): Promise<Stored<DectHandset>> {
    const { document } = this.require(id);
    await this.#requireUsers([input.user ?? undefined]);
    const { place, system, ...fields } = withIpui(input, 'ipui');
    const isMoving = system !== undefined && system !== document.system;
    if (isMoving) {
      this.#requireSystem(system);
      this.requireRoom(system, 1);
    }
    const after: DectHandsetChanges = {
      ...fields,
      ...(isMoving
        ? { system, place: place ?? this.#freePlace(system) }
        : { place: place ?? undefined }),
    };
    const { ifVersion } = options;
    await this.#commit(
      actor,
      [{ kind: 'update', entity: 'dect-handset', id, after, ifVersion }],
      options,
    );
    return this.require(id);
  }

  /** Gives each handset its user; none makes it unassigned. Returns the revision. */
  async assign(
    actor: Actor,
    assignments: readonly { readonly id: string; readonly user: string | null }[],
    options: ChangeOptions = {},
  ): Promise<number> {
    this.#requireAll(assignments.map(({ id }) => id));
    await this.#requireUsers(
      assignments.map(({ user }) => user ?? undefined),
      'assignments',
    );
    const operations = assignments.map(({ id, user }): Operation => {
      return { kind: 'update', entity: 'dect-handset', id, after: { user } };
    });
    const { number } = await this.#commit(actor, operations, options);
    return number;
  }

  /** Returns the revision. What the handset itself remembers, the base takes away if it can. */
  async delete(
    actor: Actor,
    ids: readonly string[],
    options: RecordChangeOptions = {},
  ): Promise<number> {
    const { ifVersion } = options;
    const operations = this.#requireAll(ids).map(({ id }): Operation => ({
      kind: 'delete',
      entity: 'dect-handset',
      id,
      ifVersion,
    }));
    const { number } = await this.#commit(actor, operations, options);
    return number;
  }

  /** Rejects with `conflict` when the system cannot take so many more. */
  requireRoom(system: string, count: number): void {
    const { dect, modelOf } = this.#options;
    const { bases, dataMaster } = this.#requireSystem(system).document;
    const master = modelOf(dataMaster ?? '')?.model;
    const limit = placesOf(master, bases.length > 1) ?? maximumHandsets;
    const wanted = dect.handsetsOf(system).length + count;
    if (wanted > limit) {
      throw new DevicesError(
        'conflict',
        `The system takes ${String(limit)} handsets; with these it would have ${String(wanted)}.`,
      );
    }
  }

  #freePlace(system: string): number {
    const used = new Set(
      this.#options.dect.handsetsOf(system).map(({ document }) => document.place),
    );
    let place = 1;
    while (used.has(place)) {
      place += 1;
    }
    return place;
  }

  #requireSystem(id: string) {
    const stored = this.#options.dect.findSystem(id);
    if (stored === undefined) {
      throw new DevicesError('not-found', 'There is no such DECT system.');
    }
    return stored;
  }

  #requireAll(ids: readonly string[]): Stored<DectHandset>[] {
    const { dect } = this.#options;
    const unique = [...new Set(ids)];
    const found = unique.flatMap((id) => dect.findHandset(id) ?? []);
    if (found.length < unique.length) {
      const issues = unique
        .filter((id) => dect.findHandset(id) === undefined)
        .map((id) => ({ path: id, code: 'not-found', message: `there is no handset ${id}` }));
      throw new DevicesError('not-found', 'Some of the handsets are not there any more.', issues);
    }
    return found;
  }

  /** Users that are there and have a SIP account. */
  async #requireUsers(users: readonly (string | undefined)[], list?: string): Promise<void> {
    const wanted = users.filter((id) => id !== undefined);
    const found = new Map(
      (await this.#options.store.findUsers(wanted)).map((user) => [user.id, user.document]),
    );
    const issues = users.flatMap((id, index): DevicesIssue[] => {
      const path = list === undefined ? 'user' : `${list}.${String(index)}.user`;
      if (id === undefined) {
        return [];
      }
      const user = found.get(id);
      if (user === undefined) {
        return [{ path, code: 'not-found', message: `there is no user ${id}` }];
      }
      return sipUsernameOf(user) === undefined
        ? [{ path, code: 'contradiction', message: `${user.name} has no extension` }]
        : [];
    });
    if (issues.length > 0) {
      throw new DevicesError('invalid', 'Some values are not valid.', issues);
    }
  }
}

/** The identity as it is stored, out of any spelling. */
function withIpui<Input extends Pick<HandsetInput, 'ipui'>>(input: Input, path: string): Input {
  if (typeof input.ipui !== 'string') {
    return input;
  }
  const ipui = parseIpui(input.ipui);
  if (ipui === undefined) {
    const message = `${input.ipui} is neither an IPUI nor an IPEI`;
    throw new DevicesError('invalid', 'Some values are not valid.', [
      { path, code: 'invalid-value', message },
    ]);
  }
  return { ...input, ipui };
}

function withoutNull<T extends object>(value: T): { [Name in keyof T]?: NonNullable<T[Name]> } {
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== null && part !== undefined),
  ) as { [Name in keyof T]?: NonNullable<T[Name]> };
}
