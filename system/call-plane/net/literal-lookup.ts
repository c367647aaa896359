/**
 * The look-up function of our UDP sockets. They are given addresses only, never names, so there is
 * nothing to look up: the answer comes at once, and Node sends a datagram within the call.
 */
import { isIpv6 } from './listen-address.ts';

type Callback = (error: null, address: string, family: number) => void;

export function lookUpLiteral(address: string, _options: unknown, callback: Callback): void {
  callback(null, address, isIpv6(address) ? 6 : 4);
}
