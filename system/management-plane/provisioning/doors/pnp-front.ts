/** Phones that ask by multicast: whether they are answered, and with which address. */
import { networkInterfaces } from 'node:os';
import { identifyDevice } from '../../../../provisioning/identify/identify-device.ts';
import type { PnpRequest } from '../../../../provisioning/pnp/pnp-message.ts';
import {
  PnpServer,
  type PnpDecision,
  type PnpRefusal,
  type PnpServed,
} from '../../../../provisioning/pnp/pnp-server.ts';
import type { VendorCatalogue } from '../../../../provisioning/vendors/vendor-catalogue.ts';
import type { TurnsAway } from '../../../foundation/address-filter.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { isLocalAddress } from '../../accounts/factory-password.ts';
import type { Device } from '../../../configuration/entities/device.ts';
import type { Stored } from '../../configuration-store/configuration-store.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { RejectedDirectory } from '../directory/rejected-directory.ts';
import { isDeviceAddress } from '../devices/device-address.ts';
import type { DoorOpener } from './closed-doors.ts';
import { DoorSwitch } from './door-switch.ts';
import type { FileService } from './file-service.ts';
import type { ProvisioningWindow } from '../access/provisioning-window.ts';
import type { ScanWatch } from '../access/scan-watch.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import type { ServerAddress } from '../access/server-address.ts';
import type { SiteSettingsService } from '../shared-settings/site-settings-service.ts';

export interface PnpFrontOptions {
  readonly catalogue: VendorCatalogue;
  readonly directory: DeviceDirectory;
  readonly rejected: Pick<RejectedDirectory, 'refuses'>;
  readonly files: FileService;
  readonly seen: SeenDevices;
  readonly window: ProvisioningWindow;
  readonly scans: ScanWatch;
  readonly site: Pick<SiteSettingsService, 'current'>;
  readonly address: ServerAddress;
  readonly listenAddresses: readonly string[];
  /** 5060; 0 for any, for tests. */
  readonly port: number;
  readonly turnsAway: TurnsAway;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A sentence for administrators while it cannot listen, undefined when all is well. */
  readonly onProblem: (sentence: string | undefined) => void;
}

export class PnpFront {
  readonly #options: PnpFrontOptions;
  readonly #door: DoorSwitch<PnpServer>;
  #interfaces: readonly string[] = [];

  constructor(options: PnpFrontOptions) {
    this.#options = options;
    this.#door = new DoorSwitch({
      ...options,
      name: 'Plug and play',
      create: () => this.#createServer(),
      listen: (server) => server.start(),
    });
  }

  /** Undefined while it is off. */
  get port(): number | undefined {
    return this.#door.port;
  }

  /** What was heard lately, the newest last, for the page that helps with multicast. */
  get served(): readonly PnpServed[] {
    return this.#door.server?.served ?? [];
  }

  /** Datagrams that were no request of a phone. */
  get unreadableCount(): number {
    return this.#door.server?.unreadableCount ?? 0;
  }

  /** Addresses of ours on which the group is joined; none while it is off. */
  get interfaces(): readonly string[] {
    return this.#door.server === undefined ? [] : this.#interfaces;
  }

  switch(isEnabled: boolean): Promise<void> {
    return this.#door.switch(isEnabled);
  }

  /** For a second attempt where it could not be opened. */
  get opener(): DoorOpener {
    return this.#door;
  }

  #createServer(): PnpServer {
    const { port, turnsAway, clock, logger, listenAddresses } = this.#options;
    this.#interfaces = interfacesOf(listenAddresses);
    return new PnpServer({
      port,
      interfaces: this.#interfaces,
      decide: (request, source, reached) => this.#decide(request, source, reached),
      turnsAway,
      clock,
      logger,
    });
  }

  /** The same rules as for a first contact by HTTP. */
  async #decide(request: PnpRequest, source: string, reached: string): Promise<PnpDecision> {
    const { catalogue, directory, rejected, files, seen, scans, address } = this.#options;
    const { mac, vendor, model, version, userAgent } = request;
    if (mac === undefined || !isDeviceAddress(mac)) {
      return refuse('no-mac');
    }
    if (!isLocalAddress(source)) {
      return refuse('not-local');
    }
    if (rejected.refuses(mac)) {
      return refuse('rejected');
    }
    const identified = identifyDevice(catalogue, {
      announcement: { vendor, model, version, mac },
      ...(userAgent === undefined ? {} : { userAgent }),
    });
    const found = identified.vendor;
    const device = directory.find(mac) ?? (await this.#findNew(mac, found?.data.id, source));
    if (typeof device === 'string') {
      scans.note({ source, isProven: false, wanted: mac });
      return refuse(device);
    }
    if (!device.document.tftpException && !files.isExpected(mac)) {
      return refuse('already-provisioned');
    }
    seen.change(mac, {
      address: source,
      reached,
      ...(found === undefined ? {} : { vendor: found.data.id }),
      ...(identified.model === undefined ? {} : { model: identified.model.id }),
      ...(identified.firmware === undefined ? {} : { firmware: identified.firmware }),
    });
    return { kind: 'answer', url: address.httpUrl(undefined, reached) };
  }

  /** A device that is not in the list, or why it does not come into it. */
  async #findNew(
    mac: string,
    vendor: string | undefined,
    source: string,
  ): Promise<Stored<Device> | PnpRefusal> {
    const { site, window, files } = this.#options;
    if (site.current.pnpAnswers !== 'all') {
      return 'not-listed';
    }
    if (vendor === undefined) {
      return 'unknown-vendor';
    }
    return window.admitNew(mac, source)
      ? ((await files.discover(mac, vendor, source)) ?? 'window-closed')
      : 'window-closed';
  }
}

function refuse(reason: PnpRefusal): PnpDecision {
  return { kind: 'refuse', reason };
}

/** IPv4 addresses on which the group is joined: those that are listened to, or all there are. */
function interfacesOf(listenAddresses: readonly string[]): string[] {
  if (!listenAddresses.includes('0.0.0.0')) {
    return listenAddresses.filter((address) => !address.includes(':'));
  }
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}
