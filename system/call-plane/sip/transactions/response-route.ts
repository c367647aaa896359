/**
 * Where responses go: what the server writes into the top Via of a request that it has received
 * (RFC 3261 §18.2.1, RFC 3581 §4) and the flow that the response takes (RFC 3261 §18.2.2).
 */
import type { SipRequest } from '../messages/message.ts';
import { serializeVia } from '../messages/via.ts';
import { isReliable, type Flow } from '../transport.ts';

const defaultSipPort = 5060;

/**
 * Writes `received` where the source address is not the sent-by, and both `received` and `rport`
 * where the client asked for `rport`. What the client wrote into them itself is replaced.
 */
export function stampTopVia(request: SipRequest, flow: Flow): void {
  const { via } = request;
  const wantsPort = via.parameters.has('rport');
  const hasReceived = via.parameters.has('received');
  if (!wantsPort && !hasReceived && via.host === flow.remoteAddress) {
    return;
  }
  const parameters = new Map(via.parameters);
  if (wantsPort) {
    parameters.set('rport', String(flow.remotePort));
  }
  if (wantsPort || via.host !== flow.remoteAddress) {
    parameters.set('received', flow.remoteAddress);
  } else {
    parameters.delete('received');
  }
  request.headers.replaceFirst('Via', serializeVia({ ...via, parameters }));
}

/**
 * Always to the address that the request came from. With `rport`, to its port as well; without, to
 * the port of the sent-by. `maddr` is not followed: it would let anyone send our responses to third
 * parties. Over a connection: over that one, and when it is gone, over a new one to the sent-by.
 */
export function toResponseFlow(request: SipRequest, flow: Flow): Flow {
  const { via } = request;
  if (via.parameters.has('rport') && !isReliable(flow.protocol)) {
    return flow;
  }
  const remotePort = via.port ?? defaultSipPort;
  return remotePort === flow.remotePort ? flow : { ...flow, remotePort };
}
