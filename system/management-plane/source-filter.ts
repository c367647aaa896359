/** The address filter of the settings, for every door of the management plane that an address knocks at. */
import type { Settings } from '../configuration/entities/settings.ts';
import { createAddressFilter, type TurnsAway } from '../foundation/address-filter.ts';

/** Follows the settings: a change holds from the next connection, datagram or request on. */
export function createSourceFilter(store: { readonly settings: Settings }): TurnsAway {
  let read: Settings | undefined;
  let isDenied: TurnsAway | undefined;
  return (address) => {
    if (read !== store.settings) {
      read = store.settings;
      isDenied = createAddressFilter(read);
    }
    return isDenied?.(address) ?? false;
  };
}
