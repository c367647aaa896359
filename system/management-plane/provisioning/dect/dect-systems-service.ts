/**
 * What can be done with DECT systems: add, change, delete, open for new handsets, show the access
 * code. Validation and history are the configuration store's; nothing here knows HTTP.
 */
import { randomInt } from 'node:crypto';
import type { DectBase, DectSystem } from '../../../configuration/entities/dect-system.ts';
import type { Device } from '../../../configuration/entities/device.ts';
import { randomId } from '../../../foundation/ids.ts';
import type { Secret } from '../../../foundation/secret.ts';
import type { AuditLog } from '../../accounts/audit-log.ts';
import type { Actor } from '../../actor.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import type { DectSystemChanges, Operation } from '../../configuration-store/operation.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { VendorAndModel } from '../files/device-files.ts';
import { DevicesError, type DevicesIssue } from '../devices/devices-error.ts';
import type { ChangeOptions, RecordChangeOptions } from '../../change-options.ts';
import { type CommitChange, createCommitChange } from '../../commit-change.ts';
import type { DectDirectory } from '../directory/dect-directory.ts';
import type { HandsetsService, NewHandset } from './handsets-service.ts';
import {
  createAccessCode,
  openAccessCode,
  placeOfAccessCode,
} from '../../device-accounts/handset-key.ts';

export type DectSystemInput = {
  readonly [Name in 'name' | 'comment' | 'bases' | 'dataMaster' | 'sync' | 'chainId']?:
    | DectSystem[Name]
    | null
    | undefined;
} & {
  /** Four digits; a random one for a new system. */
  readonly accessCode?: Secret | undefined;
};

export interface DectSystemsServiceOptions {
  readonly store: ConfigurationStore;
  readonly dect: DectDirectory;
  readonly handsets: HandsetsService;
  readonly directory: Pick<DeviceDirectory, 'find' | 'settled'>;
  readonly modelOf: (mac: string) => VendorAndModel | undefined;
  readonly audit: Pick<AuditLog, 'record'>;
}

/** Chain ids are taken from here: nobody gives out extensions of five digits that begin with 6. */
const chainIds = { first: 60_000, beyond: 70_000 } as const;

/** Methods reject with DevicesError, and with ConfigurationError as the store's `commit` does. */
export class DectSystemsService {
  readonly #options: DectSystemsServiceOptions;
  readonly #commit: CommitChange;

  constructor(options: DectSystemsServiceOptions) {
    this.#options = options;
    this.#commit = createCommitChange(options.store, [options.dect, options.directory]);
  }

  require(id: string): Stored<DectSystem> {
    const stored = this.#options.dect.findSystem(id);
    if (stored === undefined) {
      throw new DevicesError('not-found', 'There is no such DECT system.');
    }
    return stored;
  }

  async create(
    actor: Actor,
    input: DectSystemInput,
    options: ChangeOptions = {},
  ): Promise<Stored<DectSystem>> {
    const id = randomId();
    const { accessCode, ...fields } = input;
    const bases = input.bases ?? [];
    const after = {
      name: '',
      ...fields,
      dataMaster: fields.dataMaster ?? bases[0]?.mac,
      chainId: fields.chainId ?? this.#freeChainId(),
      accessCode: this.#seal(id, accessCode ?? createAccessCode()),
    };
    this.#requireBases(bases);
    await this.#commit(
      actor,
      [
        { kind: 'create', entity: 'dect-system', id, after },
        ...this.#takeLines(id, bases, []),
      ] as readonly Operation[],
      options,
    );
    return this.require(id);
  }

  async update(
    actor: Actor,
    id: string,
    input: DectSystemInput,
    options: RecordChangeOptions = {},
  ): Promise<Stored<DectSystem>> {
    const { document } = this.require(id);
    const { accessCode, ...fields } = input;
    const after: DectSystemChanges = {
      ...fields,
      ...(accessCode === undefined ? {} : { accessCode: this.#seal(id, accessCode) }),
      ...masterAfter(document, input),
    };
    const bases = input.bases ?? document.bases;
    if (input.bases !== undefined) {
      this.#requireBases(bases);
    }
    const { ifVersion } = options;
    await this.#commit(
      actor,
      [
        { kind: 'update', entity: 'dect-system', id, after, ifVersion },
        ...this.#takeLines(id, bases, document.bases),
      ],
      options,
    );
    return this.require(id);
  }

  /** With their handsets. The bases stay in the list of devices. Returns the revision. */
  async delete(
    actor: Actor,
    ids: readonly string[],
    options: RecordChangeOptions = {},
  ): Promise<number> {
    const { ifVersion } = options;
    const operations = [...new Set(ids)].flatMap((id): Operation[] => {
      this.require(id);
      return [
        { kind: 'delete', entity: 'dect-system', id, ifVersion },
        ...this.#options.dect.handsetsOf(id).map((handset): Operation => {
          return { kind: 'delete', entity: 'dect-handset', id: handset.id };
        }),
      ];
    });
    const { number } = await this.#commit(actor, operations, options);
    return number;
  }

  /** The code that a handset subscribes with; noted in the audit trail. */
  async revealAccessCode(actor: Actor, id: string, address: string): Promise<Secret | undefined> {
    const { document } = this.require(id);
    await this.#options.audit.record({
      action: 'dect-code-shown',
      actor,
      address,
      detail: document.name,
    });
    return openAccessCode(id, document, this.#options.store);
  }

  /** DECT bases in the list of devices that belong to no system. */
  freeBases(devices: Iterable<Stored<Device>>): string[] {
    const { dect, modelOf } = this.#options;
    return [...devices]
      .map(({ id }) => id)
      .filter(
        (mac) => dect.systemOfBase(mac) === undefined && modelOf(mac)?.model.dect !== undefined,
      );
  }

  #seal(id: string, code: Secret): string {
    return this.#options.store.seal(code, placeOfAccessCode(id));
  }

  #freeChainId(): number {
    const taken = new Set(this.#options.dect.systems().map(({ document }) => document.chainId));
    let chainId: number;
    do {
      chainId = randomInt(chainIds.first, chainIds.beyond);
    } while (taken.has(chainId));
    return chainId;
  }

  /** Each is a device and a DECT base, all of one vendor, and not more than their model allows. */
  #requireBases(bases: readonly DectBase[]): void {
    const { directory, modelOf } = this.#options;
    const issues: DevicesIssue[] = [];
    let vendor: string | undefined;
    let limit = Number.POSITIVE_INFINITY;
    for (const [index, { mac }] of bases.entries()) {
      const path = `bases.${String(index)}.mac`;
      const known = modelOf(mac);
      if (directory.find(mac) === undefined) {
        issues.push({ path, code: 'not-found', message: `there is no device ${mac}` });
        continue;
      }
      if (known?.model.dect === undefined) {
        const what = known?.model.name ?? 'a device of an unknown model';
        issues.push({ path, code: 'contradiction', message: `${mac} is ${what}, no DECT base` });
        continue;
      }
      if ((directory.find(mac)?.document.externalLines.length ?? 0) > 0) {
        const message = `${mac} has external lines: take them away first`;
        issues.push({ path, code: 'contradiction', message });
      }
      vendor ??= known.vendor.data.id;
      limit = Math.min(limit, known.model.dect.bases);
      if (known.vendor.data.id !== vendor) {
        const message = 'bases of different vendors cannot work together';
        issues.push({ path, code: 'contradiction', message });
      }
    }
    if (bases.length > limit) {
      const message =
        limit === 1
          ? 'a base of this model works alone only'
          : `bases of this model work together up to ${String(limit)}`;
      issues.push({ path: 'bases', code: 'contradiction', message });
    }
    if (issues.length > 0) {
      throw new DevicesError('invalid', 'Some values are not valid.', issues);
    }
  }

  /** Users that a base had as its lines become handsets of the system, in their places. */
  #takeLines(id: string, bases: readonly DectBase[], before: readonly DectBase[]): Operation[] {
    const { directory, handsets } = this.#options;
    const had = new Set(before.map(({ mac }) => mac));
    const operations: Operation[] = [];
    const taken: NewHandset[] = [];
    for (const { mac } of bases) {
      const device = had.has(mac) ? undefined : directory.find(mac)?.document;
      if (device === undefined || (device.lines.length === 0 && device.handsets.length === 0)) {
        continue;
      }
      for (const [index, user] of device.lines.entries()) {
        const handset = device.handsets.find(({ line }) => line === index + 1);
        taken.push({ user, name: handset?.name, ipui: handset?.ipui?.toUpperCase() });
      }
      const after = { lines: [], handsets: [] };
      operations.push({ kind: 'update', entity: 'device', id: mac, after });
    }
    return [...operations, ...handsets.planCreation(id, taken)];
  }
}

/** The first base takes over when the data master leaves; without bases there is none. */
function masterAfter(
  { bases, dataMaster }: DectSystem,
  input: DectSystemInput,
): Pick<DectSystemChanges, 'dataMaster'> {
  const after = input.bases ?? bases;
  const wanted = input.dataMaster === undefined ? dataMaster : input.dataMaster;
  if (input.dataMaster !== undefined && input.dataMaster !== null) {
    return { dataMaster: input.dataMaster };
  }
  return after.some(({ mac }) => mac === wanted) ? {} : { dataMaster: after[0]?.mac ?? null };
}
