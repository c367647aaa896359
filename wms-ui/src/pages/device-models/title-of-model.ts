/** What people call a vendor or model. */
import { vendorCatalogue } from '../../domains/devices/vendor-catalogue.svelte.ts';

export function titleOfModel({
  vendor,
  model,
}: {
  readonly vendor: string;
  readonly model?: string | undefined;
}): string {
  const vendorName = vendorCatalogue.nameOf(vendor) ?? vendor;
  const modelName = vendorCatalogue.findModel(vendor, model)?.name ?? model;
  return modelName === undefined ? vendorName : `${vendorName} ${modelName}`;
}
