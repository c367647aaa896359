/** Files as shared memory, for journals that must outlive the process without disk writes. */
import { loadNativeAddon } from './native-addon.ts';

interface MapFileAddon {
  mapFile(path: string, sizeBytes: number): ArrayBuffer;
}

/**
 * Maps the first `sizeBytes` of a file as shared memory (`mmap` with MAP_SHARED); the file is
 * created with mode 0600 and grown to that size with zeros. What is stored in the buffer survives
 * the death of the process at once, and that of the machine some seconds later. Several mappings of
 * one file, also in other threads, show the same bytes. The mapping ends when the buffer is
 * collected. Throws an Error whose `code` is the system's (`ENOENT`, `ENOSPC` …) or NativeAddonError.
 */
export function mapFile(path: string, sizeBytes: number): ArrayBuffer {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes <= 0) {
    throw new RangeError(`cannot map ${String(sizeBytes)} bytes`);
  }
  return (loadNativeAddon() as MapFileAddon).mapFile(path, sizeBytes);
}
