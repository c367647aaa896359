/** What the services of devices ask of the vendors' data. */
import type { VendorCatalogue } from '../../../../provisioning/vendors/vendor-catalogue.ts';
import type { VendorCatalog } from './device-checks.ts';

export function describeVendors(catalogue: VendorCatalogue): VendorCatalog {
  return {
    vendorOfMac: (mac) => {
      const [only, ...others] = catalogue.findByMac(mac);
      return others.length === 0 ? only?.data.id : undefined;
    },
    hasVendor: (vendor) => catalogue.find(vendor) !== undefined,
    findModel: (vendor, spelling) => catalogue.find(vendor)?.findModel(spelling)?.id,
  };
}
