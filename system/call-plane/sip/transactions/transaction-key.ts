/**
 * Which transaction a message belongs to (RFC 3261 §17.1.3 and §17.2.3), as keys of maps. INVITE
 * transactions and all others live in maps of their own, so their keys need not tell them apart.
 */
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { serializeUri } from '../messages/uri.ts';
import type { Via } from '../messages/via.ts';

/** Marks a branch that is unique by itself (§8.1.1.7). */
export const branchCookie = 'z9hG4bK';

/** An ACK or a CANCEL has the key of its INVITE. */
export function toInviteServerKey(request: SipRequest): string {
  const { via } = request;
  return isUnique(via)
    ? joinKey([via.branch, via.host, toPortText(via.port)])
    : toRfc2543Key(request);
}

/** A non-INVITE request's key; a CANCEL's own, too, by which its retransmissions are found. */
export function toNonInviteServerKey(request: SipRequest): string {
  const { via } = request;
  return isUnique(via)
    ? joinKey([via.branch, via.host, toPortText(via.port), request.method])
    : joinKey([toRfc2543Key(request), request.method]);
}

/** Branches of ours are unique, so that the sent-by need not be compared. */
export function toNonInviteClientKey(branch: string, method: string): string {
  return joinKey([branch, method]);
}

/** The key of the client transaction that this response answers; undefined without a branch. */
export function toClientKey(response: SipResponse): string | undefined {
  const { branch } = response.via;
  const { method } = response.cseq;
  if (branch === undefined || method === 'INVITE') {
    return branch;
  }
  return toNonInviteClientKey(branch, method);
}

/**
 * §17.2.3 for peers of RFC 2543, whose branches are not unique: Request-URI, From tag, Call-ID,
 * CSeq number and top Via. The To tag is left out, because an ACK has the tag of the response; the
 * other fields already tell the requests of one client apart.
 */
function toRfc2543Key(request: SipRequest): string {
  const { via } = request;
  return joinKey([
    serializeUri(request.requestUri),
    request.from.parameters.get('tag') ?? '',
    request.callId,
    String(request.cseq.sequence),
    via.protocol,
    via.host,
    toPortText(via.port),
    via.branch ?? '',
  ]);
}

function isUnique(via: Via): via is Via & { readonly branch: string } {
  return via.branch?.startsWith(branchCookie) === true;
}

/**
 * Joined, not concatenated: a key outlives its message by half a minute, and only a joined string
 * has its own characters. A concatenated one would hold on to the text of the whole message.
 */
function joinKey(parts: readonly string[]): string {
  return parts.join('|');
}

function toPortText(port: number | undefined): string {
  return port === undefined ? '' : String(port);
}
