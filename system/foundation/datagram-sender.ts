/** Many datagrams from one socket with one system call, which Node has no function for. */
import { loadNativeAddon } from './native-addon.ts';

export interface DatagramSender {
  /**
   * Sends the messages from `first` on, each to the destination of the same index, 32 at most. Returns
   * how many left, or, when not even the first did, the negative number of the system's error.
   */
  sendDatagrams(
    fd: number,
    messages: readonly Buffer[],
    destinations: readonly Buffer[],
    first: number,
  ): number;
  /** A destination, from a numeric address without brackets or zone; undefined for anything else. */
  toSocketAddress(address: string, port: number): Buffer | undefined;
}

/** Throws NativeAddonError. */
export function loadDatagramSender(): DatagramSender {
  return loadNativeAddon() as DatagramSender;
}
