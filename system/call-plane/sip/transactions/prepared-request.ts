/** A request of ours as it leaves: its top Via, its bytes, the flow that takes them (RFC 3261 §18.1.1). */
import type { SipRequest } from '../messages/message.ts';
import { serializeMessage } from '../messages/serialize-message.ts';
import type { Flow, SipTransport } from '../transport.ts';
import { setOwnVia } from './own-via.ts';

export interface PreparedRequest {
  readonly bytes: Buffer;
  readonly flow: Flow;
}

/** §18.1.1: a request above this goes over a congestion-controlled transport if it can. */
const largestDatagramBytes = 1_300;

/** Gives a request its top Via, in place of any that is there, and turns it into bytes. */
export function prepareRequest(
  transport: SipTransport,
  request: SipRequest,
  flow: Flow,
  branch: string,
): PreparedRequest {
  setOwnVia(request, flow, branch);
  const bytes = serializeMessage(request);
  if (flow.protocol !== 'udp' || bytes.length <= largestDatagramBytes) {
    return { bytes, flow };
  }
  const connection = transport.connectionTo(flow.remoteAddress, flow.remotePort);
  if (connection === undefined) {
    return { bytes, flow };
  }
  setOwnVia(request, connection, branch);
  return { bytes: serializeMessage(request), flow: connection };
}
