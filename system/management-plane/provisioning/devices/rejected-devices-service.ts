/** Rejecting devices for good, and allowing them again. Validation and history are the configuration store's. */
import { maximumRejectedDevices } from '../../../configuration/entities/rejected-device.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { AuditLog } from '../../accounts/audit-log.ts';
import type { Actor } from '../../actor.ts';
import type { ChangeOptions } from '../../change-options.ts';
import { type CommitChange, createCommitChange } from '../../commit-change.ts';
import type { ConfigurationStore } from '../../configuration-store/configuration-store.ts';
import type { Operation } from '../../configuration-store/operation.ts';
import type { TemporaryTokens } from '../access/temporary-tokens.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { RejectedDirectory } from '../directory/rejected-directory.ts';
import { isDeviceAddress } from './device-address.ts';
import type { VendorCatalog } from './device-checks.ts';
import { DevicesError, type DevicesIssue } from './devices-error.ts';

export interface RejectedDevicesOptions {
  readonly store: Pick<ConfigurationStore, 'commit'>;
  readonly directory: Pick<DeviceDirectory, 'find' | 'settled'>;
  readonly rejected: RejectedDirectory;
  readonly seen: Pick<SeenDevices, 'find' | 'change'>;
  readonly temporaryTokens: Pick<TemporaryTokens, 'revoke'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly vendors: Pick<VendorCatalog, 'vendorOfMac'>;
  readonly clock: Pick<Clock, 'wallMs'>;
}

type Change = ChangeOptions & { readonly address?: string | undefined };

/** Methods reject with DevicesError, and with ConfigurationError as the store's `commit` does. */
export class RejectedDevicesService {
  readonly #options: RejectedDevicesOptions;
  readonly #commit: CommitChange;

  constructor(options: RejectedDevicesOptions) {
    this.#options = options;
    this.#commit = createCommitChange(options.store, [options.directory, options.rejected]);
  }

  /**
   * Takes devices out of the list, with their accounts and tokens, and keeps them out; those that are
   * not in it are kept out as well. Returns the revision.
   */
  async reject(actor: Actor, macs: readonly string[], options: Change = {}): Promise<number> {
    const { directory, rejected, seen, temporaryTokens } = this.#options;
    const unique = [...new Set(macs)];
    this.#refuseBad(unique);
    if (rejected.size + unique.length > maximumRejectedDevices) {
      throw new DevicesError(
        'conflict',
        `There may be ${String(maximumRejectedDevices)} rejected devices at most.`,
      );
    }
    const operations: Operation[] = [
      ...unique.map((mac): Operation => {
        return {
          kind: 'create',
          entity: 'rejected-device',
          id: mac,
          after: this.#describe(actor, mac),
        };
      }),
      ...unique
        .filter((mac) => directory.find(mac) !== undefined)
        .map((mac): Operation => ({ kind: 'delete', entity: 'device', id: mac })),
    ];
    const { number } = await this.#commit(actor, operations, options);
    for (const mac of unique) {
      temporaryTokens.revoke(mac);
      seen.change(mac, { askedWhileRejected: 0, askedWhileRejectedAtMs: undefined });
    }
    await this.#record('devices-rejected', actor, unique, options);
    return number;
  }

  /** They may come into the list like any other device. Returns the revision. */
  async allow(actor: Actor, macs: readonly string[], options: Change = {}): Promise<number> {
    const unique = [...new Set(macs)];
    const issues = unique
      .filter((mac) => !this.#options.rejected.has(mac))
      .map((mac) => ({ path: mac, code: 'not-found', message: `${mac} is not rejected` }));
    if (issues.length > 0) {
      throw new DevicesError('not-found', 'Some of the devices are not rejected any more.', issues);
    }
    const { number } = await this.#commit(actor, planAllowing(unique), options);
    await this.#record('devices-allowed', actor, unique, options);
    return number;
  }

  #refuseBad(macs: readonly string[]): void {
    const bad = macs.filter((mac) => !isDeviceAddress(mac));
    if (bad.length > 0) {
      throw new DevicesError(
        'invalid',
        'Some MAC addresses are not valid.',
        bad.map((mac) => {
          return { path: mac, code: 'invalid-value', message: `${mac} is no MAC of a device` };
        }),
      );
    }
    refuseRejected(this.#options.rejected, macs);
  }

  #describe(actor: Actor, mac: string) {
    const { directory, seen, vendors, clock } = this.#options;
    const device = directory.find(mac)?.document;
    return {
      mac,
      vendor: device?.vendor ?? seen.find(mac).vendor ?? vendors.vendorOfMac(mac),
      comment: device?.comment,
      rejectedAt: new Date(clock.wallMs()).toISOString(),
      rejectedBy: actor.name,
    };
  }

  async #record(
    action: 'devices-rejected' | 'devices-allowed',
    actor: Actor,
    macs: readonly string[],
    { address = '' }: Change,
  ): Promise<void> {
    const detail = macs.join(', ');
    await this.#options.audit.record({ action, actor, address, detail });
  }
}

/** What lets rejected devices come into the list again. */
export function planAllowing(macs: readonly string[]): Operation[] {
  return macs.map((mac) => ({ kind: 'delete', entity: 'rejected-device', id: mac }));
}

/** Throws DevicesError `conflict` that names those that are rejected. */
export function refuseRejected(
  rejected: Pick<RejectedDirectory, 'has'>,
  macs: readonly string[],
): void {
  const issues = macs.filter((mac) => rejected.has(mac)).map(toRejectedIssue);
  if (issues.length > 0) {
    throw new DevicesError('conflict', 'Some of the devices were rejected.', issues);
  }
}

export function toRejectedIssue(mac: string): DevicesIssue {
  const message = `${mac} was rejected: it has to be allowed again first`;
  return { path: mac, code: 'rejected', message };
}
