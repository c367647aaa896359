/** Responses that no transaction sends and nobody repeats (RFC 3261 §8.2.7). */
import type { HeaderLines } from '../messages/header-fields.ts';
import { createResponse, type SipRequest } from '../messages/message.ts';
import { serializeMessage } from '../messages/serialize-message.ts';
import type { Flow, SipTransport } from '../transport.ts';
import { toResponseFlow } from './response-route.ts';

export interface StatelessResponse {
  readonly status: number;
  /** The usual one of the status if missing. */
  readonly reason?: string | undefined;
  readonly headers?: HeaderLines | undefined;
}

/** Answers a request whose top Via is stamped already; its tag is the same for every retransmission. */
export function respondStatelessly(
  transport: SipTransport,
  request: SipRequest,
  flow: Flow,
  { status, reason, headers = [] }: StatelessResponse,
): void {
  const toTag = statelessTag(`${request.callId} ${request.via.branch ?? ''}`);
  const response = createResponse(request, status, reason, { toTag, headers });
  transport.send(serializeMessage(response), toResponseFlow(request, flow));
}

/** FNV-1a: all that is asked of it is to be the same for the same request. */
function statelessTag(text: string): string {
  let code = 0x81_1c_9d_c5;
  for (let index = 0; index < text.length; index++) {
    code = Math.imul(code ^ text.charCodeAt(index), 0x01_00_01_93);
  }
  return (code >>> 0).toString(36);
}
