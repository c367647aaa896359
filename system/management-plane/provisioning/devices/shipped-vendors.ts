/** What the services of devices ask of the vendors' data. */
import type { VendorCatalogue } from '../../../../provisioning/vendors/vendor-catalogue.ts';
import type { VendorCatalog } from './device-checks.ts';

export function describeVendors(catalogue: VendorCatalogue): VendorCatalog {
  return {
    vendorOfMac: (mac, model) => {
      const found = catalogue.findByMac(mac);
      const fitting =
        model === undefined || found.length < 2
          ? found
          : found.filter((vendor) => vendor.findModel(model) !== undefined);
      const [only, ...others] = fitting;
      return others.length === 0 ? only?.data.id : undefined;
    },
    hasVendor: (vendor) => catalogue.find(vendor) !== undefined,
    findModel: (vendor, spelling) => catalogue.find(vendor)?.findModel(spelling)?.id,
  };
}
