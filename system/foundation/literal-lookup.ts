/**
 * The look-up function of our sockets. They are given addresses only, never names, so there is
 * nothing to look up: the answer comes at once, and Node sends a datagram within the call.
 */
import { isIPv6 } from 'node:net';

type Callback = (error: null, address: string, family: number) => void;

export function lookUpLiteral(address: string, _options: unknown, callback: Callback): void {
  callback(null, address, isIPv6(address) ? 6 : 4);
}
