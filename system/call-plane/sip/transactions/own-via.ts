/** The Via that we put on a request of ours (RFC 3261 §8.1.1.7, §18.1.1). */
import { randomId } from '../../../foundation/ids.ts';
import { serializeHost } from '../messages/host-port.ts';
import type { SipRequest } from '../messages/message.ts';
import type { Flow } from '../transport.ts';
import { branchCookie } from './transaction-key.ts';

/** `rport` asks for responses at our source port (RFC 3581 §3). */
export function setOwnVia(request: SipRequest, flow: Flow, branch: string): void {
  const sentBy = `${serializeHost(flow.localAddress)}:${String(flow.localPort)}`;
  const via =
    flow.protocol === 'udp'
      ? `SIP/2.0/UDP ${sentBy};branch=${branch};rport`
      : `SIP/2.0/${flow.protocol.toUpperCase()} ${sentBy};branch=${branch}`;
  request.headers.remove('Via');
  request.headers.prepend('Via', via);
}

/** Unique in time and space, beginning with the magic cookie. */
export function createRandomBranch(): string {
  return `${branchCookie}${randomId()}`;
}
