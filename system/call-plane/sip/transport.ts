/**
 * What the SIP layers above see of a network: flows to send on, never a socket. Implemented by
 * `system/call-plane/net` over real sockets and by `test/support/call-plane/loopback-transport.ts` with loss,
 * duplication and reordering.
 */
import type { SipMessage } from './messages/message.ts';
import type { SipParseError } from './messages/sip-parse-error.ts';

/** `tls`: TLS over TCP. */
export type TransportProtocol = 'udp' | 'tcp' | 'tls';

/** A way to one peer: over UDP an address pair, over TCP and TLS one connection (RFC 5626 §2). */
export interface Flow {
  readonly protocol: TransportProtocol;
  /** Our address as the peer reaches it: what Via, Contact and SDP name. IPv6 without brackets. */
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** The connection of a connection-oriented protocol; absent when one is still to be opened. */
  readonly connectionId?: number;
}

export interface SipTransport {
  /**
   * Sends one serialized message. Over TCP a closed or absent connection is opened again.
   * `onFailure` is called at most once, later, when the message certainly did not leave.
   */
  send(message: Buffer, flow: Flow, onFailure?: (error: Error) => void): void;
  /** The flow over which a request to this address leaves; undefined when no listener fits it. */
  flowTo(protocol: TransportProtocol, address: string, port: number): Flow | undefined;
  /** An open connection to this address and port, whoever opened it. */
  connectionTo(address: string, port: number): Flow | undefined;
}

/** Who a transport hands its input to. */
export interface TransportUser {
  handleMessage(message: SipMessage, flow: Flow): void;
  /** A faulty request that can be answered (`error.request`). Other rubbish is dropped unseen. */
  handleParseError(error: SipParseError, flow: Flow): void;
  /** A connection is gone: bindings and dialogs that used it know that they must find a new flow. */
  handleConnectionClosed(connectionId: number): void;
}

export function isReliable(protocol: TransportProtocol): boolean {
  return protocol !== 'udp';
}
