/** Who may come in: of the networks that are turned away only the exceptions. */
import { createAddressMatcher } from './address-list.ts';

export interface AddressFilterLists {
  readonly deniedAddresses: readonly string[];
  readonly allowedAddresses: readonly string[];
}

/**
 * A function that says whether an address is turned away; undefined when nobody is. This machine
 * itself always comes in: from it a filter that shut everybody out is mended.
 */
export function createAddressFilter({
  deniedAddresses,
  allowedAddresses,
}: AddressFilterLists): ((address: string) => boolean) | undefined {
  if (deniedAddresses.length === 0) {
    return undefined;
  }
  const isDenied = createAddressMatcher(deniedAddresses);
  const isAllowed = createAddressMatcher([...allowedAddresses, '127.0.0.1', '::1']);
  return (written) => {
    const address = written.startsWith('::ffff:') ? written.slice('::ffff:'.length) : written;
    return isDenied(address) && !isAllowed(address);
  };
}
