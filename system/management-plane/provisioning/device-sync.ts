/**
 * "Configure / Sync": tells devices to fetch their files now. Only registered ones hear it; one in a
 * call is left alone unless that is asked for.
 */
import type { BindingRecord } from '../../bus/contract.ts';
import type { ManagementPlaneBus } from '../../bus/ends.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Actor } from '../actor.ts';
import type { DeviceFiles } from './device-files.ts';
import type { RegistrationDirectory } from '../registrations/registration-directory.ts';
import type { ListedDevice } from './device-directory.ts';
import type { DeviceHistory } from './device-history.ts';
import type { DevicesService } from './devices-service.ts';
import type { SyncGrants } from './sync-grants.ts';

export interface DeviceSyncOptions {
  readonly devices: Pick<DevicesService, 'require'>;
  readonly files: Pick<DeviceFiles, 'modelOf'>;
  readonly history: DeviceHistory;
  readonly grants: SyncGrants;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly callPlane: Pick<ManagementPlaneBus, 'request'>;
  readonly registrations: Pick<RegistrationDirectory, 'endedBindingOf'>;
  readonly logger: Logger;
}

export interface SyncRequest {
  readonly macs: readonly string[];
  readonly reboots: boolean;
  /** Also devices that are in a call. */
  readonly duringCalls: boolean;
  readonly address: string;
}

export const syncOutcomes = [
  'accepted',
  'refused',
  'no-answer',
  'not-registered',
  'in-call',
  'unknown-vendor',
] as const;
export type SyncOutcome = (typeof syncOutcomes)[number];

export interface SyncResult {
  readonly mac: string;
  readonly outcome: SyncOutcome;
  /** Of the device's answer. */
  readonly status: number | undefined;
}

/** So many at once: a thousand phones that fetch in the same second help nobody. */
const atOnce = 20;
/** Longer than timer F of the call plane's transaction. */
const answerTimeoutMs = 40_000;
const maximumCalls = 5_000;

export class DeviceSync {
  readonly #options: DeviceSyncOptions;

  constructor(options: DeviceSyncOptions) {
    this.#options = options;
  }

  /** Rejects with DevicesError `not-found`; what happens to each device is in the result. */
  async sync(actor: Actor, request: SyncRequest): Promise<SyncResult[]> {
    const { devices, audit, callPlane } = this.#options;
    const listed = [...new Set(request.macs)].map((mac) => devices.require(mac));
    const { calls } = request.duringCalls
      ? { calls: [] }
      : await callPlane.request('calls.list', { limit: maximumCalls });
    const busy = calls.flatMap((call) => call.legs.map(({ remote }) => remote));
    const results: SyncResult[] = [];
    const waiting = listed.values();
    const work = async (): Promise<void> => {
      for (const device of waiting) {
        results.push(await this.#syncOne(actor, device, request, busy));
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, listed.length) }, work));
    const accepted = results.filter(({ outcome }) => outcome === 'accepted').length;
    await audit.record({
      action: 'devices-synced',
      actor,
      address: request.address,
      detail: `${String(accepted)} of ${String(results.length)} devices`,
    });
    return results;
  }

  async #syncOne(
    actor: Actor,
    { stored, binding, seen }: ListedDevice,
    request: SyncRequest,
    busy: readonly string[],
  ): Promise<SyncResult> {
    const { files, history, grants, registrations } = this.#options;
    const mac = stored.id;
    const way = binding ?? registrations.endedBindingOf(mac);
    const known = files.modelOf(stored);
    const addresses = [seen.address, way?.remoteAddress].filter((one) => one !== undefined);
    // Also for one that fetches by itself: it may know only its address of before a reset.
    grants.give(mac, addresses);
    const { outcome, status } = await this.#notify(
      way,
      known?.vendor.data.resync[request.reboots ? 'reboot' : 'fetch'],
      busy,
    );
    const answer = status === undefined ? '' : ` (${String(status)})`;
    history.add({
      mac,
      kind: outcome === 'accepted' ? 'sync-sent' : 'sync-failed',
      address: way?.remoteAddress ?? '',
      detail: `${outcome}${answer}, asked for by ${actor.name}`,
    });
    return { mac, outcome, status };
  }

  async #notify(
    binding: BindingRecord | undefined,
    event: string | undefined,
    busy: readonly string[],
  ): Promise<Omit<SyncResult, 'mac'>> {
    if (binding === undefined) {
      return { outcome: 'not-registered', status: undefined };
    }
    if (event === undefined) {
      return { outcome: 'unknown-vendor', status: undefined };
    }
    const { contact, remoteAddress, remotePort } = binding;
    if (busy.some((remote) => remote.endsWith(`${remoteAddress}:${String(remotePort)}`))) {
      return { outcome: 'in-call', status: undefined };
    }
    try {
      const { outcome, status } = await this.#options.callPlane.request(
        'devices.notify',
        { binding, event },
        answerTimeoutMs,
      );
      return { outcome, status };
    } catch (error) {
      this.#options.logger.warn('A device could not be told to fetch its files', {
        contact,
        error,
      });
      return { outcome: 'no-answer', status: undefined };
    }
  }
}
