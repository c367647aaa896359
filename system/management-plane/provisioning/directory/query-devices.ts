/** Search, filters, order and pages of the list of devices. Pure. */
import type { Device } from '../../../configuration/entities/device.ts';
import type { Page, Stored } from '../../configuration-store/configuration-store.ts';
import {
  foldForSearch,
  toExtensionOrder,
  toSearchWords,
} from '../../configuration-store/search-text.ts';
import { takePage, type PageQuery } from '../../configuration-store/take-page.ts';
import type { ListedDevice } from './listed-device.ts';

export const deviceSortKeys = [
  'mac',
  'comment',
  'model',
  'extension',
  'address',
  'firmware',
  'status',
  'lastSeen',
] as const;
export type DeviceSortKey = (typeof deviceSortKeys)[number];

export interface DeviceQuery extends PageQuery {
  /** Every word must occur in MAC, comment, vendor, model, firmware, address, extension or name. */
  readonly search?: string | undefined;
  readonly group?: string | undefined;
  readonly userId?: string | undefined;
  readonly assigned?: boolean | undefined;
  readonly registered?: boolean | undefined;
  /** Whether it has got its own files with the passwords that are valid now. */
  readonly provisioned?: boolean | undefined;
  /** Whether it may fetch without encryption. */
  readonly tftpException?: boolean | undefined;
  readonly sort: DeviceSortKey;
}

/** `show` joins a device with the rest: only those that the configuration does not rule out. */
export function queryDevices(
  devices: Iterable<Stored<Device>>,
  show: (stored: Stored<Device>) => ListedDevice,
  query: DeviceQuery,
): Page<ListedDevice> {
  const words = toSearchWords(query.search);
  const found: ListedDevice[] = [];
  for (const stored of devices) {
    const { document } = stored;
    if (
      (query.group !== undefined && !document.groups.includes(query.group)) ||
      (query.userId !== undefined && !document.lines.includes(query.userId))
    ) {
      continue;
    }
    const device = show(stored);
    if (!hasWantedState(device, query)) {
      continue;
    }
    if (words.length === 0 || holdsWords(device, words)) {
      found.push(device);
    }
  }
  return takePage(
    found,
    query,
    (device) => sortKeyOf(device, query.sort),
    ({ stored }) => stored.id,
  );
}

function hasWantedState(device: ListedDevice, query: DeviceQuery): boolean {
  const { stored, seen, users, binding } = device;
  return (
    (query.assigned ?? users.length > 0) === users.length > 0 &&
    (query.registered ?? binding !== undefined) === (binding !== undefined) &&
    (query.provisioned ?? seen.provisionedAtMs !== undefined) ===
      (seen.provisionedAtMs !== undefined) &&
    (query.tftpException ?? stored.document.tftpException) === stored.document.tftpException
  );
}

function holdsWords(device: ListedDevice, words: readonly string[]): boolean {
  const { document } = device.stored;
  const { seen } = device;
  const searched = [
    document.mac,
    document.comment,
    document.vendor,
    document.model,
    seen.vendor,
    seen.model,
    seen.firmware,
    seen.address,
    device.extension,
    ...device.users.flatMap(({ name, extension }) => [name, extension]),
  ];
  const text = foldForSearch(searched.filter((part) => part !== undefined).join('\n'));
  return words.every((word) => text.includes(word) || text.includes(word.replaceAll(/[:-]/g, '')));
}

function sortKeyOf(device: ListedDevice, sort: DeviceSortKey): string | number {
  const { stored, seen } = device;
  switch (sort) {
    case 'mac':
      return stored.id;
    case 'comment':
      return foldForSearch(stored.document.comment ?? '');
    case 'model':
      return foldForSearch(seen.model ?? stored.document.model ?? '');
    case 'extension':
      return toExtensionOrder(device.extension);
    case 'address':
      return toAddressOrder(seen.address);
    case 'firmware':
      return seen.firmware ?? '';
    case 'status':
      return device.binding === undefined ? 1 : 0;
    case 'lastSeen':
      return seen.lastSeenAtMs ?? 0;
  }
}

/** Sorts 10.0.0.9 before 10.0.0.10. */
function toAddressOrder(address: string | undefined): string {
  return (address ?? '~').replaceAll(/\d+/g, (digits) => digits.padStart(3, '0'));
}
