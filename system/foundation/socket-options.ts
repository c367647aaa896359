/** Socket options that Node has no function for. */
import { loadNativeAddon } from './native-addon.ts';

interface SocketOptionsAddon {
  setSocketOptions(
    fd: number,
    dscp: number | undefined,
    device: string | undefined,
    allowsMulticast: true | undefined,
  ): void;
}

export interface SocketOptions {
  /** Differentiated services code point, 0 to 63 (RFC 2474): 46 for voice, 24 for signalling. */
  readonly dscp?: number;
  /** Network interface to which the socket is bound (SO_BINDTODEVICE); needs CAP_NET_RAW. */
  readonly device?: string;
  /**
   * Another socket may join a multicast group on the port of this one, whose datagrams then reach
   * only that other (SO_REUSEADDR, IP_MULTICAST_ALL). For bound sockets of UDP over IPv4; nothing
   * happens to others.
   */
  readonly allowsMulticastBeside?: true;
}

/**
 * Throws an Error whose `code` is the system's (`EPERM`, `ENODEV`, `EBADF` …) or NativeAddonError.
 */
export function setSocketOptions(fd: number, options: SocketOptions): void {
  const { dscp, device, allowsMulticastBeside } = options;
  if (dscp !== undefined && !(Number.isInteger(dscp) && dscp >= 0 && dscp <= 63)) {
    throw new RangeError(`DSCP must be 0 to 63, not ${String(dscp)}`);
  }
  const addon = loadNativeAddon() as SocketOptionsAddon;
  addon.setSocketOptions(fd, dscp, device, allowsMulticastBeside);
}
