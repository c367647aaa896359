/** When an offer of the peer has to be refused at once, and how (RFC 3261 §14.2, RFC 3311 §5.2). */
import type { SipRequest } from '../../messages/message.ts';
import type { HeaderLines } from '../../messages/header-fields.ts';

/** What is under way in the dialog. */
export interface OpenOffers {
  readonly isEarly: boolean;
  /** We sent the INVITE that created the dialog. */
  readonly isCaller: boolean;
  /** An offer of ours, or a request for one, waits for its answer. */
  readonly isOursOpen: boolean;
  /** The peer's offer waits for our answer. */
  readonly isTheirsOpen: boolean;
}

export interface OfferRefusal {
  readonly status: number;
  readonly headers: HeaderLines;
}

/** `request`: INVITE or UPDATE. `minSec`: set when its session interval is too small. */
export function refuseOffer(
  request: SipRequest,
  open: OpenOffers,
  minSec: number | undefined,
  random: () => number,
): OfferRefusal | undefined {
  const hasBody = request.body.length > 0;
  if (hasBody && request.contentType !== 'application/sdp') {
    return { status: 415, headers: [['Accept', 'application/sdp']] };
  }
  if (minSec !== undefined) {
    return { status: 422, headers: [['Min-SE', String(minSec)]] };
  }
  if (request.method === 'UPDATE' && !hasBody) {
    return undefined;
  }
  // Until the INVITE is answered, its own offer is the open one: reliable provisional responses,
  // which could have closed it, are not offered.
  if (open.isOursOpen || (open.isEarly && open.isCaller)) {
    return { status: 491, headers: [] };
  }
  if (open.isTheirsOpen || open.isEarly) {
    return { status: 500, headers: [['Retry-After', String(Math.floor(random() * 11))]] };
  }
  return undefined;
}
