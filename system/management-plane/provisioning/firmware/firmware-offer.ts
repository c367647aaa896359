/**
 * Which firmware a device is told to run, now: by a rollout that has reached it, or by the label that
 * device, group or model has. Only a device that runs another version is told anything.
 */
import type { Origin } from '../../../../provisioning/scope/origin.ts';
import type { Scope } from '../../../../provisioning/scope/resolve-scopes.ts';
import type { OfferedDevice } from '../files/device-files.ts';
import type { ServerAddress } from '../access/server-address.ts';
import type { FirmwareLibrary } from './library/firmware-library.ts';
import {
  firmwareLabelVariable,
  imageFor,
  type FirmwareImage,
  type FirmwareSet,
} from './library/firmware-set.ts';
import type { RolloutPlace } from './rollout/rollout-place.ts';

export interface FirmwareOfferOptions {
  readonly library: FirmwareLibrary;
  readonly address: ServerAddress;
  readonly placeOf: (mac: string) => RolloutPlace | undefined;
}

/** What a device shall run, and why it is or is not told so. */
export interface FirmwareTarget {
  readonly label: string;
  readonly origin: Origin | { readonly source: 'rollout'; readonly name: string };
  /** Undefined: the library has no active image of that label for the model. */
  readonly image: FirmwareImage | undefined;
  /** It is in the device's files. */
  readonly isOffered: boolean;
}

export class FirmwareOffer {
  readonly #options: FirmwareOfferOptions;

  constructor(options: FirmwareOfferOptions) {
    this.#options = options;
  }

  targetOf(device: OfferedDevice): FirmwareTarget | undefined {
    const { library, placeOf } = this.#options;
    const { mac, vendor, model, settings } = device;
    const place = placeOf(mac);
    if (place !== undefined) {
      // A rollout decides alone, so that a label that is there already cannot run ahead of it.
      const set = library.findByLabel(vendor.data.id, place.label);
      const image = activeImage(set, model.id);
      const origin = { source: 'rollout', name: place.rolloutId } as const;
      const isOffered = place.isTold && image !== undefined;
      return { label: place.label, origin, image, isOffered };
    }
    const setting = settings.get(firmwareLabelVariable);
    if (typeof setting?.value !== 'string' || setting.value === '') {
      return undefined;
    }
    const { origin, value: label } = setting;
    const image = activeImage(library.findByLabel(vendor.data.id, label), model.id);
    return { label, origin, image, isOffered: this.#isNeeded(device, image) };
  }

  /** The variables of the files, where the label or the rollout comes from; undefined: none. */
  scopeFor(
    device: OfferedDevice,
    options: { readonly reached: string | undefined; readonly isUnencrypted: boolean },
  ): Scope | undefined {
    const target = this.targetOf(device);
    const { image } = target ?? {};
    if (target === undefined || image === undefined) {
      return undefined;
    }
    const urlOf = ({ set, file }: FirmwareImage): string => this.urlOf(set, file.fileName, options);
    const handset = imageFor(image.set, device.model.id, 'handset');
    const values = {
      ...(target.isOffered
        ? { 'firmware.url': urlOf(image), 'firmware.version': image.file.version }
        : {}),
      ...(handset === undefined ? {} : { 'firmware.handsetUrl': urlOf(handset) }),
    };
    if (Object.keys(values).length === 0) {
      return undefined;
    }
    const { source, name } = target.origin;
    const isScope =
      source === 'default' || source === 'vendor' || source === 'model' || source === 'group';
    return { level: isScope ? source : 'device', name, values };
  }

  /** Where devices fetch the file; works for whoever was told it. */
  urlOf(
    set: FirmwareSet,
    fileName: string,
    options: { readonly reached: string | undefined; readonly isUnencrypted: boolean },
  ): string {
    const { address } = this.#options;
    const folder = `firmware/${set.id}`;
    const base = options.isUnencrypted
      ? address.httpUrl(folder, options.reached)
      : address.httpsUrl(folder, options.reached);
    return base + encodeURIComponent(fileName);
  }

  #isNeeded({ vendor, running }: OfferedDevice, image: FirmwareImage | undefined): boolean {
    if (image === undefined || running === undefined) {
      // Of a device that does not tell, only it can know; it fetches what differs.
      return image !== undefined;
    }
    const { id, firmware } = vendor.data;
    const difference = this.#options.library.compare(id, running, image.file.version);
    return difference < 0 || (difference > 0 && firmware.canGoBack);
  }
}

function activeImage(set: FirmwareSet | undefined, model: string): FirmwareImage | undefined {
  return set?.isActive === true ? imageFor(set, model, 'application') : undefined;
}
