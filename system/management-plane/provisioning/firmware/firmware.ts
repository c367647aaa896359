/** Firmware put together: library, offers to devices, rollouts. Its database is made when it is needed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { VendorCatalogue } from '../../../../provisioning/vendors/vendor-catalogue.ts';
import type { ManagementPlaneBus } from '../../../bus/ends.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type { AuditLog } from '../../accounts/audit-log.ts';
import type { ConfigurationStore } from '../../configuration-store/configuration-store.ts';
import type { AudioQuality } from '../../records/audio-quality.ts';
import { openDatabase } from '../../storage/database.ts';
import { firmwareMigrations } from '../../storage/migrations/firmware/firmware-migrations.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { ListedDevice } from '../directory/listed-device.ts';
import type { DeviceFiles, VendorAndModel } from '../files/device-files.ts';
import type { DeviceHistory } from '../device-state/device-history.ts';
import type { DeviceSync } from '../sync/device-sync.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import type { ServerAddress } from '../access/server-address.ts';
import type { SiteSettingsService } from '../shared-settings/site-settings-service.ts';
import { FirmwareLibrary } from './library/firmware-library.ts';
import { FirmwareOffer } from './firmware-offer.ts';
import type { FirmwareImage } from './library/firmware-set.ts';
import { FirmwareStore } from './library/firmware-store.ts';
import type { FirmwareDatabase, FirmwareTables } from './library/firmware-tables.ts';
import { ImageFolder } from './library/image-folder.ts';
import { LabelWriter } from './rollout/label-writer.ts';
import { PlanRollout } from './rollout/plan-rollout.ts';
import { RolloutObserver } from './rollout/rollout-observer.ts';
import { RolloutStore } from './rollout/rollout-store.ts';
import { Rollouts } from './rollout/rollouts.ts';
import { RunningFirmware } from './rollout/running-firmware.ts';
import { ServedImages } from './served-images.ts';

export interface FirmwareOptions {
  readonly dataDirectory: string;
  readonly catalogue: VendorCatalogue;
  readonly store: ConfigurationStore;
  readonly directory: DeviceDirectory;
  readonly files: DeviceFiles;
  readonly seen: SeenDevices;
  readonly site: Pick<SiteSettingsService, 'current'>;
  readonly address: ServerAddress;
  readonly sync: DeviceSync;
  readonly history: DeviceHistory;
  readonly audit: AuditLog;
  readonly audio: AudioQuality;
  readonly callPlane: Pick<ManagementPlaneBus, 'request'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChange: () => void;
  /** A sentence for administrators, or undefined when it is over. */
  readonly onProblem: (sentence: string | undefined) => void;
}

export class Firmware {
  readonly library: FirmwareLibrary;
  readonly running: RunningFirmware;
  readonly offer: FirmwareOffer;
  readonly images: ServedImages;
  readonly rollouts: Rollouts;
  readonly #database: LazyDatabase;

  /** Rejects with StorageError. Nothing is opened while nothing was ever uploaded. */
  static async open(options: FirmwareOptions): Promise<Firmware> {
    const { dataDirectory, clock, logger } = options;
    const path = join(dataDirectory, 'firmware');
    const folder = new ImageFolder(path);
    const database = new LazyDatabase(() =>
      openDatabase<FirmwareTables>({
        path: join(path, 'firmware.db'),
        migrations: firmwareMigrations,
        clock,
        logger,
      }),
    );
    const openStore = async () =>
      FirmwareStore.open(await database.open(), async (hash) => !(await folder.exists(hash)));
    if (!existsSync(join(path, 'firmware.db'))) {
      // The very first upload may have been cut short.
      await folder.sweep(undefined);
      return new Firmware(options, { folder, database, openStore });
    }
    const store = await openStore();
    const removed = await folder.sweep(store.referred());
    if (removed.length > 0) {
      logger.info('Unfinished uploads of firmware were removed', { files: removed.length });
    }
    const rolloutStore = await RolloutStore.open(await database.open());
    return new Firmware(options, { folder, database, openStore, store, rolloutStore });
  }

  private constructor(options: FirmwareOptions, opened: Opened) {
    const { catalogue, directory, files, seen, history, audit, clock, logger } = options;
    const { folder, database, openStore, store, rolloutStore } = opened;
    this.#database = database;
    this.running = new RunningFirmware(catalogue);
    this.library = new FirmwareLibrary({ catalogue, openStore, folder, audit, clock }, store);
    const { library, running } = this;
    const observer = new RolloutObserver({ ...options, running });
    this.rollouts = new Rollouts(
      {
        catalogue,
        library,
        openStore: async () => RolloutStore.open(await database.open()),
        observer,
        planner: new PlanRollout({ library, directory, files, running, observer }),
        labels: new LabelWriter({ store: options.store, observer, files }),
        sync: options.sync,
        history,
        audit,
        clock,
        logger,
        onChange: options.onChange,
        onProblem: options.onProblem,
      },
      rolloutStore,
    );
    const placeOf = (mac: string) => this.rollouts.placeOf(mac);
    this.offer = new FirmwareOffer({ library, address: options.address, placeOf });
    this.images = new ServedImages({
      catalogue,
      library,
      directory,
      files,
      observer,
      placeOf,
      seen,
      history,
      clock,
    });
  }

  /** An image that devices of the model may get, and that is newer than what the device runs. */
  newerFor(device: ListedDevice, known: VendorAndModel | undefined): FirmwareImage | undefined {
    const running = this.running.of(device);
    if (running === undefined || known === undefined) {
      return undefined;
    }
    const vendor = known.vendor.data.id;
    const image = this.library.newestFor(vendor, known.model.id);
    return image !== undefined && this.library.compare(vendor, image.file.version, running) > 0
      ? image
      : undefined;
  }

  async close(): Promise<void> {
    await this.rollouts.close();
    await this.#database.close();
  }
}

interface Opened {
  readonly folder: ImageFolder;
  readonly database: LazyDatabase;
  readonly openStore: () => Promise<FirmwareStore>;
  readonly store?: FirmwareStore;
  readonly rolloutStore?: RolloutStore;
}

/** Opened by whoever needs it first. */
class LazyDatabase {
  readonly #open: () => Promise<FirmwareDatabase>;
  #opened: Promise<FirmwareDatabase> | undefined;

  constructor(open: () => Promise<FirmwareDatabase>) {
    this.#open = open;
  }

  open(): Promise<FirmwareDatabase> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async close(): Promise<void> {
    await (await this.#opened)?.close();
  }
}
