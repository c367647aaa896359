/** The services of DECT, put together; as handlers of routes see them. */
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type { AuditLog } from '../../accounts/audit-log.ts';
import type { ConfigurationStore } from '../../configuration-store/configuration-store.ts';
import type { RegistrationDirectory } from '../../registrations/registration-directory.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { VendorAndModel } from '../files/device-files.ts';
import type { DeviceSync } from '../sync/device-sync.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import type { DectDirectory } from '../directory/dect-directory.ts';
import type { DectOpenings } from './dect-openings.ts';
import { DectSubscription } from './dect-subscription.ts';
import { DectSystemsService } from './dect-systems-service.ts';
import { DectView } from './dect-view.ts';
import { HandsetsImport } from './handsets-import.ts';
import { HandsetsService } from './handsets-service.ts';

export interface DectServicesOptions {
  readonly store: ConfigurationStore;
  readonly dect: DectDirectory;
  readonly openings: DectOpenings;
  readonly directory: DeviceDirectory;
  readonly seen: SeenDevices;
  readonly registrations: RegistrationDirectory;
  readonly sync: DeviceSync;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly modelOf: (mac: string) => VendorAndModel | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class DectServices {
  readonly directory: DectDirectory;
  readonly view: DectView;
  readonly systems: DectSystemsService;
  readonly handsets: HandsetsService;
  readonly handsetsImport: HandsetsImport;
  readonly subscription: DectSubscription;
  readonly #openings: DectOpenings;
  readonly #stopListening: () => void;

  constructor(options: DectServicesOptions) {
    const { dect, seen, registrations, clock } = options;
    this.directory = dect;
    this.#openings = options.openings;
    this.view = new DectView(options);
    this.handsets = new HandsetsService(options);
    this.systems = new DectSystemsService({ ...options, handsets: this.handsets });
    this.handsetsImport = new HandsetsImport({ ...options, handsets: this.handsets });
    this.subscription = new DectSubscription({ ...options, systems: this.systems });
    this.#stopListening = registrations.onDeviceRegistered((id) => {
      if (dect.findHandset(id) !== undefined) {
        seen.change(id, { lastSeenAtMs: clock.wallMs() });
      }
    });
  }

  close(): void {
    this.#stopListening();
    this.#openings.closeAll();
    this.directory.close();
  }
}
