/** Every vendor, compiled. The registry is this list; a new vendor is one import and one entry. */
import { ProvisioningError } from '../provisioning-error.ts';
import { CompiledVendor } from './compile-vendor.ts';
import type { Vendor } from './vendor.ts';
import { aastra } from './aastra/aastra.ts';
import { audiocodes } from './audiocodes/audiocodes.ts';
import { bria } from './bria/bria.ts';
import { cisco79xx } from './cisco-79xx/cisco-79xx.ts';
import { ciscoMpp } from './cisco-mpp/cisco-mpp.ts';
import { ciscoSpa } from './cisco-spa/cisco-spa.ts';
import { clearone } from './clearone/clearone.ts';
import { fanvil } from './fanvil/fanvil.ts';
import { gigaset } from './gigaset/gigaset.ts';
import { grandstream } from './grandstream/grandstream.ts';
import { gtek } from './gtek/gtek.ts';
import { htek } from './htek/htek.ts';
import { jitsi } from './jitsi/jitsi.ts';
import { ipdialog } from './ipdialog/ipdialog.ts';
import { isphone } from './isphone/isphone.ts';
import { karel } from './karel/karel.ts';
import { lgNortel } from './lg-nortel/lg-nortel.ts';
import { nortel } from './nortel/nortel.ts';
import { poly } from './poly/poly.ts';
import { snom } from './snom/snom.ts';
import { snomM } from './snom-m/snom-m.ts';
import { snomM3 } from './snom-m3/snom-m3.ts';
import { unidata } from './unidata/unidata.ts';
import { wAir } from './w-air/w-air.ts';
import { wp4x0 } from './wp4x0/wp4x0.ts';
import { yealink } from './yealink/yealink.ts';

export const shippedVendors: readonly Vendor[] = [
  yealink,
  snom,
  snomM,
  grandstream,
  fanvil,
  poly,
  ciscoSpa,
  ciscoMpp,
  gigaset,
  wp4x0,
  wAir,
  htek,
  audiocodes,
  aastra,
  cisco79xx,
  snomM3,
  jitsi,
  bria,
  nortel,
  lgNortel,
  karel,
  unidata,
  gtek,
  clearone,
  ipdialog,
  isphone,
];

export class VendorCatalogue {
  readonly vendors: readonly CompiledVendor[];

  /** Throws `template` or `vendor-data` for shipped data that contradicts itself. */
  constructor(vendors: readonly Vendor[] = shippedVendors) {
    this.vendors = vendors.map((vendor) => new CompiledVendor(vendor));
  }

  find(id: string): CompiledVendor | undefined {
    return this.vendors.find((vendor) => vendor.data.id === id);
  }

  /** Throws `unknown-vendor`. */
  require(id: string): CompiledVendor {
    const vendor = this.find(id);
    if (vendor === undefined) {
      throw new ProvisioningError('unknown-vendor', `there is no vendor ${id}`);
    }
    return vendor;
  }

  /** The vendors whose MAC prefix fits; among several only those with the longest. */
  findByMac(mac: string): readonly CompiledVendor[] {
    const upper = mac.toUpperCase();
    let longest = 1;
    let found: CompiledVendor[] = [];
    for (const vendor of this.vendors) {
      for (const prefix of vendor.data.identification.macPrefixes) {
        if (prefix.length < longest || !upper.startsWith(prefix)) {
          continue;
        }
        if (prefix.length > longest) {
          longest = prefix.length;
          found = [];
        }
        found.push(vendor);
      }
    }
    return found;
  }
}
