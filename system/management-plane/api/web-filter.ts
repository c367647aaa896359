/** Nobody shuts himself out by the address filter. */
import type { Settings } from '../../configuration/entities/settings.ts';
import { createAddressFilter, type AddressFilterLists } from '../../foundation/address-filter.ts';
import type { EntityChange } from '../configuration-store/revision.ts';
import { ApiError } from './errors/api-error.ts';

/** Throws ApiError `invalid` when the one who asks for this filter could not take it back. */
export function requireNotLockedOut(lists: AddressFilterLists, source: string): void {
  if (createAddressFilter(lists)?.(source) === true) {
    throw new ApiError('invalid', 'The address filter would lock you out.', [
      {
        path: 'deniedAddresses',
        code: 'locks-out',
        message: `turns away ${source}, from where you are connected`,
      },
    ]);
  }
}

/** The same for changes of an import (`after`), or for those that are taken back (`before`). */
export function requireChangesLetIn(
  settings: Settings,
  changes: readonly EntityChange[],
  side: 'before' | 'after',
  source: string,
): void {
  const fields = changes.find(({ entity }) => entity === 'settings')?.fields ?? [];
  const listOf = (name: keyof AddressFilterLists): readonly string[] => {
    const change = fields.find(({ field }) => field === name);
    const list = change === undefined ? settings[name] : change[side];
    return Array.isArray(list) ? list.map(String) : [];
  };
  const lists = {
    deniedAddresses: listOf('deniedAddresses'),
    allowedAddresses: listOf('allowedAddresses'),
  };
  requireNotLockedOut(lists, source);
}
