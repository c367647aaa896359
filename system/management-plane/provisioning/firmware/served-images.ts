/**
 * Images for devices. Their address holds the random id of the set, so that only who was told it finds
 * them; they hold no secret, and so go by every protocol. Devices that ask for a name of their own
 * beside their files get the image of that name from the set that is meant for them.
 */
import { identifyDevice } from '../../../../provisioning/identify/identify-device.ts';
import type { StoredFile } from '../../../../provisioning/http/serve-file.ts';
import type { VendorCatalogue } from '../../../../provisioning/vendors/vendor-catalogue.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { DeviceFiles } from '../files/device-files.ts';
import type { DeviceHistory } from '../device-state/device-history.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import type { FirmwareLibrary } from './library/firmware-library.ts';
import {
  type FirmwareFile,
  firmwareLabelVariable,
  type FirmwareSet,
} from './library/firmware-set.ts';
import type { RolloutObserver } from './rollout/rollout-observer.ts';
import type { RolloutPlace } from './rollout/rollout-place.ts';

export interface ServedImagesOptions {
  readonly catalogue: VendorCatalogue;
  readonly library: FirmwareLibrary;
  readonly directory: DeviceDirectory;
  readonly files: Pick<DeviceFiles, 'modelOf'>;
  readonly observer: Pick<RolloutObserver, 'plainSettings'>;
  readonly placeOf: (mac: string) => RolloutPlace | undefined;
  readonly seen: SeenDevices;
  readonly history: DeviceHistory;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export interface ImageRequest {
  readonly path: string;
  readonly protocol: string;
  readonly userAgent: string | undefined;
  readonly source: string;
}

const pathPattern = /^firmware\/(?<id>[A-Za-z0-9_-]{16})\/(?<name>[^/]{1,120})$/;
/** Devices fetch an image in hundreds of parts: that is one event. */
const noteEveryMs = 600_000;
const maximumNoted = 5_000;

export class ServedImages {
  readonly #options: ServedImagesOptions;
  readonly #noted = new Map<string, number>();

  constructor(options: ServedImagesOptions) {
    this.#options = options;
  }

  /** By an address of the library. */
  find(request: ImageRequest): StoredFile | undefined {
    const { id = '', name = '' } = pathPattern.exec(request.path)?.groups ?? {};
    const set = this.#options.library.find(id);
    const file = fileOf(set, name);
    if (file === undefined) {
      return undefined;
    }
    this.#note(request, file);
    return this.#toStored(file);
  }

  /** By its bare name, for a device that showed that it is this one. */
  async findFor(mac: string, request: ImageRequest): Promise<StoredFile | undefined> {
    const { library, directory, files, observer, placeOf } = this.#options;
    const stored = directory.find(mac);
    const known = stored === undefined ? undefined : files.modelOf(stored);
    if (stored === undefined || known === undefined) {
      return undefined;
    }
    const vendor = known.vendor.data.id;
    const place = placeOf(mac);
    const settings = await observer.plainSettings();
    const { value } = settings.find(stored.document, vendor, known.model.id, firmwareLabelVariable);
    const label = place === undefined ? value : place.isTold ? place.label : undefined;
    const set = typeof label === 'string' ? library.findByLabel(vendor, label) : undefined;
    const file = fileOf(set, request.path.slice(request.path.lastIndexOf('/') + 1));
    if (file === undefined) {
      return undefined;
    }
    this.#note(request, file, mac);
    return this.#toStored(file);
  }

  #toStored({ sha256, sizeBytes, uploadedAtMs }: FirmwareFile): StoredFile {
    return {
      path: this.#options.library.folder.pathOf(sha256),
      sizeBytes,
      contentType: 'application/octet-stream',
      entityTag: sha256.slice(0, 32),
      modifiedMs: uploadedAtMs,
    };
  }

  #note(request: ImageRequest, { fileName }: FirmwareFile, known?: string): void {
    const { clock, history } = this.#options;
    const key = `${request.source} ${fileName}`;
    const nowMs = clock.nowMs();
    if (nowMs - (this.#noted.get(key) ?? -noteEveryMs) < noteEveryMs) {
      return;
    }
    if (this.#noted.size >= maximumNoted) {
      this.#noted.clear();
    }
    this.#noted.set(key, nowMs);
    const mac = known ?? this.#whoIs(request);
    if (mac !== undefined) {
      const facts = { file: fileName, protocol: request.protocol.toUpperCase() };
      const notes = [{ code: 'by-protocol', facts }] as const;
      history.add({ mac, kind: 'firmware-fetched', address: request.source, notes });
    }
  }

  #whoIs({ userAgent, source }: ImageRequest): string | undefined {
    const { catalogue, directory, seen } = this.#options;
    const told = userAgent === undefined ? undefined : identifyDevice(catalogue, { userAgent }).mac;
    if (told !== undefined) {
      return directory.find(told)?.id;
    }
    const there = [...directory.all()].filter(({ id }) => seen.find(id).address === source);
    return there.length === 1 ? there[0]?.id : undefined;
  }
}

function fileOf(set: FirmwareSet | undefined, name: string): FirmwareFile | undefined {
  return set?.isActive === true
    ? set.files.find(({ fileName, isMissing }) => fileName === name && !isMissing)
    : undefined;
}
