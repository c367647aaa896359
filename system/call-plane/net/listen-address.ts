/** Where SIP is listened for. */
import type { TransportProtocol } from '../sip/transport.ts';

export interface ListenAddress {
  readonly protocol: TransportProtocol;
  /** An IP address of ours, or `0.0.0.0` or `::` for all of one family. */
  readonly address: string;
  /** 0 lets the system choose one. */
  readonly port: number;
}

export function isIpv6(address: string): boolean {
  return address.includes(':');
}

export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}
