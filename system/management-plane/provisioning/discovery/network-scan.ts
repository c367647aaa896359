/**
 * The scan of the network: one at a time, started and cancelled by administrators, its result kept until the
 * next. What it found comes into the list when somebody chooses it, never by itself.
 */
import { DiscoveryError } from '../../../../provisioning/discovery/discovery-error.ts';
import type { FoundHost } from '../../../../provisioning/discovery/network-scanner.ts';
import { isCalledPhone, recogniseHost } from '../../../../provisioning/identify/recognise-host.ts';
import { parseScanRange, suggestRange } from '../../../../provisioning/discovery/scan-range.ts';
import { isInSubnet, type Ipv4Address } from '../../../../provisioning/ipv4.ts';
import type { VendorCatalogue } from '../../../../provisioning/vendors/vendor-catalogue.ts';
import { toErrorMessage } from '../../../foundation/app-error.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { readIpv6Neighbours } from '../../../foundation/neighbour-table.ts';
import type { AuditLog } from '../../accounts/audit-log.ts';
import type { Actor } from '../../actor.ts';
import type { ChangeOptions } from '../../change-options.ts';
import type { ConfigurationStore } from '../../configuration-store/configuration-store.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import { DevicesError } from '../devices/devices-error.ts';
import type { DevicesService } from '../devices/devices-service.ts';
import { refuseRejected } from '../devices/rejected-devices-service.ts';
import type { RejectedDirectory } from '../directory/rejected-directory.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import { readOwnNetworks, type InterfaceNetwork } from './own-networks.ts';

export interface NetworkScanOptions {
  readonly catalogue: VendorCatalogue;
  readonly store: Pick<ConfigurationStore, 'commit'>;
  readonly directory: Pick<DeviceDirectory, 'find' | 'settled'>;
  readonly rejected: Pick<RejectedDirectory, 'has'>;
  readonly devices: Pick<DevicesService, 'planCreation' | 'announce'>;
  readonly seen: Pick<SeenDevices, 'change'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A host that is a phone or gateway, or may be one. */
export interface FoundDevice {
  readonly mac: string;
  readonly address: string;
  /** Ids of the vendors' data. */
  readonly vendor: string | undefined;
  /** Those that are as likely, while none of them is told. */
  readonly possibleVendors: readonly string[];
  readonly model: string | undefined;
  readonly firmware: string | undefined;
  /** What it told of itself: by SIP, or the title of its web page. */
  readonly description: string | undefined;
  readonly speaksSip: boolean;
}

export type ScanOutcome = 'running' | 'finished' | 'cancelled' | 'failed';

export interface ScanState {
  readonly outcome: ScanOutcome;
  readonly range: string;
  readonly startedBy: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | undefined;
  readonly checked: number;
  readonly total: number;
  /** Why it failed. */
  readonly problem: string | undefined;
  readonly found: readonly FoundDevice[];
  /** Hosts that answered and are nothing that phones or gateways are. */
  readonly otherHosts: number;
}

interface Run {
  readonly range: string;
  readonly startedBy: string;
  readonly startedAtMs: number;
  readonly total: number;
  readonly controller: AbortController;
  readonly found: Map<string, FoundDevice>;
  readonly others: Set<string>;
  outcome: ScanOutcome;
  endedAtMs: number | undefined;
  checked: number;
  problem: string | undefined;
}

export class NetworkScan {
  readonly #options: NetworkScanOptions;
  #run: Run | undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(options: NetworkScanOptions) {
    this.#options = options;
  }

  /** Undefined before the first. */
  get state(): ScanState | undefined {
    const run = this.#run;
    if (run === undefined) {
      return undefined;
    }
    const { outcome, range, startedBy, startedAtMs, endedAtMs, checked, total, problem } = run;
    return {
      outcome,
      range,
      startedBy,
      startedAtMs,
      endedAtMs,
      checked,
      total,
      problem,
      found: [...run.found.values()],
      otherHosts: run.others.size,
    };
  }

  /** What can be offered. */
  get ranges(): readonly string[] {
    return [...new Set(readOwnNetworks().map(suggestRange))];
  }

  /** Returns at once. Throws DevicesError `invalid` for a range that may not be, `conflict` while one runs. */
  start(actor: Actor, range: string, source: string): void {
    const { audit, clock } = this.#options;
    if (this.#run?.outcome === 'running') {
      throw new DevicesError('conflict', 'A scan is running already.');
    }
    const own = readOwnNetworks();
    const addresses = toAddresses(range, own);
    const run: Run = {
      range,
      startedBy: actor.name,
      startedAtMs: clock.wallMs(),
      total: addresses.length,
      controller: new AbortController(),
      found: new Map(),
      others: new Set(),
      outcome: 'running',
      endedAtMs: undefined,
      checked: 0,
      problem: undefined,
    };
    this.#run = run;
    this.#working = this.#scan(run, addresses, own);
    void audit.record({ action: 'network-scanned', actor, address: source, detail: range });
  }

  /** What was found up to now is kept. Nothing happens where none runs. */
  cancel(): void {
    const run = this.#run;
    if (run?.outcome === 'running') {
      run.outcome = 'cancelled';
      run.endedAtMs = this.#options.clock.wallMs();
      run.controller.abort();
    }
  }

  async close(): Promise<void> {
    this.cancel();
    await this.#working;
  }

  /**
   * Puts found devices into the list, each as what it was recognised; their first contact needs no window
   * then. Rejects with DevicesError and as the store's `commit` does.
   */
  async add(
    actor: Actor,
    macs: readonly string[],
    { reason = '', confirmWithinSec }: ChangeOptions,
  ): Promise<{ readonly macs: readonly string[]; readonly revision: number }> {
    const { store, directory, rejected, devices, seen, clock } = this.#options;
    const chosen = [...new Set(macs)].map((mac) => this.#require(mac));
    refuseRejected(rejected, macs);
    const operations = devices.planCreation(
      chosen.map(({ mac, vendor, model }) => ({ mac, input: { vendor, model } })),
    );
    const added = chosen.map(({ mac }) => mac);
    const { number } = await devices.announce(added, () =>
      store.commit({ author: actor, reason, confirmWithinSec, operations }),
    );
    for (const { mac, address } of chosen) {
      seen.change(mac, { address, lastSeenAtMs: clock.wallMs() });
    }
    await directory.settled();
    return { macs: added, revision: number };
  }

  #require(mac: string): FoundDevice {
    const found = this.#run?.found.get(mac);
    if (found === undefined) {
      throw new DevicesError('not-found', `The last scan did not find ${mac}.`);
    }
    return found;
  }

  /** Never rejects. */
  async #scan(
    run: Run,
    addresses: readonly Ipv4Address[],
    own: readonly InterfaceNetwork[],
  ): Promise<void> {
    const { catalogue, clock, logger } = this.#options;
    try {
      const { NetworkScanner } =
        await import('../../../../provisioning/discovery/network-scanner.ts');
      const scanner = new NetworkScanner({
        clock,
        logger,
        // Whatever the hardware address: no list of makers is complete, some have hundreds of ranges.
        wantsWebPage: ({ mac, userAgent }) =>
          recogniseHost(catalogue, { mac, userAgent, webTexts: [] }).model === undefined,
      });
      await scanner.run({
        addresses,
        own,
        signal: run.controller.signal,
        onChecked: (count) => {
          run.checked += count;
        },
        onFound: (host) => {
          this.#note(run, host);
        },
      });
      await this.#noteIpv6(run, addresses, own);
    } catch (error) {
      logger.error('The network could not be scanned', { error });
      run.problem = toErrorMessage(error);
    }
    if (run.outcome === 'running') {
      run.outcome = run.problem === undefined ? 'finished' : 'failed';
      run.endedAtMs = clock.wallMs();
    }
  }

  /**
   * Who is a neighbour by IPv6 on the interfaces that were scanned, and gave no answer by IPv4: nobody asks
   * through 2^64 addresses, the kernel knows those that have spoken with the PBX.
   */
  async #noteIpv6(
    run: Run,
    addresses: readonly Ipv4Address[],
    own: readonly InterfaceNetwork[],
  ): Promise<void> {
    const scanned = own
      .filter(({ subnet }) => addresses.some((address) => isInSubnet(address, subnet)))
      .map(({ interfaceName }) => interfaceName);
    const near = (await readIpv6Neighbours()).filter(({ mac, interfaceName }) => {
      const isPhone = this.#options.catalogue.findByMac(mac).length > 0;
      return isPhone && scanned.includes(interfaceName);
    });
    // An address that serves beyond the cable first.
    near.sort((a, b) => Number(isLinkLocal(a.address)) - Number(isLinkLocal(b.address)));
    for (const { mac, address } of near) {
      if (run.outcome === 'running' && !run.found.has(mac)) {
        this.#note(run, { mac, address, userAgent: undefined, web: undefined, speaksSip: false });
      }
    }
  }

  #note(run: Run, { mac, address, userAgent, web, speaksSip }: FoundHost): void {
    const { catalogue } = this.#options;
    const webTexts = [web?.title, web?.server].filter((text) => text !== undefined);
    const host = recogniseHost(catalogue, { mac, userAgent, webTexts });
    const { vendor, possible, model, firmware } = host;
    const isPhone = speaksSip || model !== undefined || isCalledPhone(webTexts);
    // A vendor's name alone may stand on the page of a switch, too.
    if (!isPhone && catalogue.findByMac(mac).length === 0) {
      run.others.add(mac);
      return;
    }
    run.found.set(mac, {
      mac,
      address,
      vendor: vendor?.data.id,
      possibleVendors: possible.map(({ data }) => data.id),
      model: model?.id,
      firmware,
      description: userAgent ?? web?.title ?? web?.server,
      speaksSip,
    });
  }
}

function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}

function toAddresses(range: string, own: readonly InterfaceNetwork[]): readonly Ipv4Address[] {
  try {
    return parseScanRange(range, own);
  } catch (error) {
    if (error instanceof DiscoveryError) {
      const { message } = error;
      throw new DevicesError('invalid', message, [{ path: 'range', code: 'not-allowed', message }]);
    }
    throw error;
  }
}
