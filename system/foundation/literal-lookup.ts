/**
 * The look-up function of our sockets. They are given addresses only, never names, so there is
 * nothing to look up: the answer comes at once, and Node sends a datagram within the call.
 */
type Callback = (error: null, address: string, family: number) => void;

export function lookUpLiteral(address: string, _options: unknown, callback: Callback): void {
  // Cheaper than `isIPv6`, which tries a long pattern; this runs for every datagram sent.
  callback(null, address, address.includes(':') ? 6 : 4);
}
