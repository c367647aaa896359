/** Who may come in: of the networks that are turned away only the exceptions. */
import { createAddressMatcher } from './address-list.ts';

/** Whether nothing of this address is read; written as sockets tell it. */
export type TurnsAway = (address: string) => boolean;

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
}: AddressFilterLists): TurnsAway | undefined {
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
