/** Which firmware a device runs: what its newest registration or its newest fetch told. */
import { identifyDevice } from '../../../../../provisioning/identify/identify-device.ts';
import type { VendorCatalogue } from '../../../../../provisioning/vendors/vendor-catalogue.ts';
import type { ListedDevice } from '../../directory/listed-device.ts';

/** User-Agents of one site are few; more are some device that counts in it. */
const maximumKnown = 2_000;

export class RunningFirmware {
  readonly #catalogue: VendorCatalogue;
  readonly #known = new Map<string, string | undefined>();

  constructor(catalogue: VendorCatalogue) {
    this.#catalogue = catalogue;
  }

  /** As the device spells it; undefined when it never told. */
  of({ binding, seen }: Pick<ListedDevice, 'binding' | 'seen'>): string | undefined {
    const registered = binding === undefined ? undefined : this.#read(binding.userAgent);
    if (registered === undefined || seen.firmware === undefined || binding === undefined) {
      return registered ?? seen.firmware;
    }
    return binding.registeredAtMs >= (seen.lastSeenAtMs ?? 0) ? registered : seen.firmware;
  }

  #read(userAgent: string): string | undefined {
    if (this.#known.has(userAgent)) {
      return this.#known.get(userAgent);
    }
    if (this.#known.size >= maximumKnown) {
      this.#known.clear();
    }
    const { firmware } = identifyDevice(this.#catalogue, { userAgent });
    this.#known.set(userAgent, firmware);
    return firmware;
  }
}
