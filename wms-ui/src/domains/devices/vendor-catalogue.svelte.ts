/** Vendors and their models as the API lists them; fetched once. */
import type { z } from 'zod';
import type { vendorListSchema } from '../../../../system/management-plane/api/routes/provisioning/schema.ts';
import { api } from '../../lib/api/client.ts';

export type Vendor = z.infer<typeof vendorListSchema>['items'][number];
export type VendorModel = Vendor['models'][number];

class VendorCatalogueState {
  #vendors = $state.raw<readonly Vendor[]>([]);
  #loading: Promise<void> | undefined;

  get vendors(): readonly Vendor[] {
    return this.#vendors;
  }

  find(id: string | undefined): Vendor | undefined {
    return this.#vendors.find((vendor) => vendor.id === id);
  }

  /** The id itself until the catalogue is here. */
  nameOf(id: string | undefined): string | undefined {
    return this.find(id)?.name ?? id;
  }

  /** By id or name. */
  findModel(vendor: string | undefined, model: string | undefined): VendorModel | undefined {
    return this.find(vendor)?.models.find(({ id, name }) => id === model || name === model);
  }

  /** Failing is no error of the page: ids are shown then, and the next call tries again. */
  async load(): Promise<void> {
    this.#loading ??= this.#fetch();
    await this.#loading;
  }

  async #fetch(): Promise<void> {
    try {
      const { items } = await api.get<z.infer<typeof vendorListSchema>>('/provisioning/vendors');
      this.#vendors = items;
    } catch {
      this.#loading = undefined;
    }
  }
}

export const vendorCatalogue = new VendorCatalogueState();
