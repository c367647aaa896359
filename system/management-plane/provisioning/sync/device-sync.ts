/**
 * "Configure / Sync": tells devices to fetch their files now. Only registered ones hear it; one in a
 * call is left alone unless that is asked for.
 */
import type { BindingRecord } from '../../../bus/contract.ts';
import type { ManagementPlaneBus } from '../../../bus/ends.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type { AuditLog } from '../../accounts/audit-log.ts';
import type { Actor } from '../../actor.ts';
import type { DeviceFiles } from '../files/device-files.ts';
import type { ListedDevice } from '../directory/listed-device.ts';
import type { DeviceHistory } from '../device-state/device-history.ts';
import type { DevicesService } from '../devices/devices-service.ts';
import type { SyncGrants } from '../access/sync-grants.ts';

export interface DeviceSyncOptions {
  readonly devices: Pick<DevicesService, 'require' | 'find'>;
  readonly files: Pick<DeviceFiles, 'modelOf'>;
  readonly history: DeviceHistory;
  readonly grants: SyncGrants;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly callPlane: Pick<ManagementPlaneBus, 'request'>;
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
    const { devices, audit, grants } = this.#options;
    const listed = [...new Set(request.macs)].map((mac) => devices.require(mac));
    const busy = request.duringCalls ? [] : await this.#remotesInCalls();
    for (const { stored, seen, way } of listed) {
      const addresses = [seen.address, way?.remoteAddress];
      // Also for one that fetches by itself: it may know only its address of before a reset.
      grants.give(
        stored.id,
        addresses.filter((one) => one !== undefined),
      );
    }
    const results = await this.#syncAll(actor, listed, request.reboots, busy);
    const accepted = results.filter(({ outcome }) => outcome === 'accepted').length;
    await audit.record({
      action: 'devices-synced',
      actor,
      address: request.address,
      notes: [{ code: 'sync-count', facts: { accepted, total: results.length } }],
    });
    return results;
  }

  /**
   * The same because the configuration has changed, and nobody asks: what a reset has made worthless
   * stays so. Those in a call are only named; unknown ones are left out.
   */
  async push(actor: Actor, macs: readonly string[]): Promise<SyncResult[]> {
    const { devices } = this.#options;
    const busy = await this.#remotesInCalls();
    const listed = macs.flatMap((mac) => devices.find(mac) ?? []);
    const [inCall, others] = partition(
      listed,
      ({ way }) => way !== undefined && isInCall(way, busy),
    );
    const results = await this.#syncAll(actor, others, false, busy);
    return [
      ...results,
      ...inCall.map(({ stored }): SyncResult => ({
        mac: stored.id,
        outcome: 'in-call',
        status: undefined,
      })),
    ];
  }

  async #remotesInCalls(): Promise<string[]> {
    const { callPlane } = this.#options;
    const { calls } = await callPlane.request('calls.list', { limit: maximumCalls });
    return calls.flatMap((call) => call.legs.map(({ remote }) => remote));
  }

  async #syncAll(
    actor: Actor,
    listed: readonly ListedDevice[],
    reboots: boolean,
    busy: readonly string[],
  ): Promise<SyncResult[]> {
    const results: SyncResult[] = [];
    const waiting = listed.values();
    const work = async (): Promise<void> => {
      for (const device of waiting) {
        results.push(await this.#syncOne(actor, device, reboots, busy));
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, listed.length) }, work));
    return results;
  }

  async #syncOne(
    actor: Actor,
    { stored, way }: ListedDevice,
    reboots: boolean,
    busy: readonly string[],
  ): Promise<SyncResult> {
    const { files, history } = this.#options;
    const mac = stored.id;
    const known = files.modelOf(stored);
    const resync = known?.vendor.data.resync;
    const events = resync?.families?.[known?.model.family ?? ''] ?? resync;
    const { outcome, status } = await this.#notify(
      way,
      events?.[reboots ? 'reboot' : 'fetch'],
      busy,
    );
    history.add({
      mac,
      kind: outcome === 'accepted' ? 'sync-sent' : 'sync-failed',
      address: way?.remoteAddress ?? '',
      notes: [
        { code: 'sync-outcome', facts: { outcome } },
        ...(status === undefined ? [] : [{ code: 'sync-status', facts: { status } } as const]),
        actor.kind === 'system'
          ? { code: 'asked-for-by-system', facts: {} }
          : { code: 'asked-for-by', facts: { name: actor.name } },
      ],
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
    const { contact } = binding;
    if (isInCall(binding, busy)) {
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

/** `busy`: where the phones of calls are, as `udp 192.0.2.4:5060`. */
function isInCall({ remoteAddress, remotePort }: BindingRecord, busy: readonly string[]): boolean {
  return busy.some((remote) => remote.endsWith(`${remoteAddress}:${String(remotePort)}`));
}

function partition<Item>(
  items: readonly Item[],
  isFirst: (item: Item) => boolean,
): readonly [first: readonly Item[], second: readonly Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
