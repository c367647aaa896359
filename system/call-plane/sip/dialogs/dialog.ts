/**
 * A dialog (RFC 3261 §12): the state two user agents share after an INVITE, and the requests that
 * can be made from it. What the dialog is used for (RFC 5057) is `invite-usage.ts`'s business.
 */
import type { HeaderLines } from '../messages/header-fields.ts';
import { createRequest, type SipRequest, type SipResponse } from '../messages/message.ts';
import { type NameAddr, parseNameAddr } from '../messages/name-addr.ts';
import { serializeUri, type Uri } from '../messages/uri.ts';
import type { Flow } from '../transport.ts';

export type DialogState = 'early' | 'confirmed' | 'terminated';

interface DialogParts {
  readonly callId: string;
  readonly local: NameAddr;
  readonly remote: NameAddr;
  readonly remoteTarget: Uri;
  readonly routeSet: readonly string[];
  readonly localSequence: number;
  readonly remoteSequence: number | undefined;
  readonly flow: Flow;
  readonly account: string | undefined;
  readonly isCallIdOwner: boolean;
}

export class Dialog {
  readonly callId: string;
  readonly localTag: string;
  /** Empty for a peer of RFC 2543 that sends no tag (§12.1.1). */
  readonly remoteTag: string;
  /** Who the peer authenticated as, or registered as; asked again when it shows up elsewhere. */
  readonly account: string | undefined;
  /** Whether we chose the Call-ID: decides who waits longer after a glare (§14.1). */
  readonly isCallIdOwner: boolean;
  /** The way to the peer: where its last request came from, or what its registration names. */
  flow: Flow;
  state: DialogState = 'early';
  #remoteTarget: Uri;
  #routeSet: readonly string[];
  #localSequence: number;
  #remoteSequence: number | undefined;
  readonly #local: NameAddr;
  readonly #remote: NameAddr;

  constructor(parts: DialogParts) {
    this.callId = parts.callId;
    this.localTag = tagOf(parts.local);
    this.remoteTag = tagOf(parts.remote);
    this.account = parts.account;
    this.isCallIdOwner = parts.isCallIdOwner;
    this.flow = parts.flow;
    this.#remoteTarget = parts.remoteTarget;
    this.#routeSet = parts.routeSet;
    this.#localSequence = parts.localSequence;
    this.#remoteSequence = parts.remoteSequence;
    this.#local = parts.local;
    this.#remote = parts.remote;
  }

  get remoteTarget(): Uri {
    return this.#remoteTarget;
  }

  /** The sequence number of our last request. */
  get localSequence(): number {
    return this.#localSequence;
  }

  /**
   * A request inside the dialog (§12.2.1.1) with the next sequence number. Header fields that
   * belong to the operation, Contact among them, are the caller's.
   */
  createRequest(method: string, headers: HeaderLines, body?: Buffer): SipRequest {
    this.#localSequence += 1;
    return this.#create(method, this.#localSequence, headers, body);
  }

  /** The ACK to a 2xx: the sequence number of its INVITE (§13.2.2.4). */
  createAck(inviteSequence: number, headers: HeaderLines, body?: Buffer): SipRequest {
    return this.#create('ACK', inviteSequence, headers, body);
  }

  /**
   * Takes the sequence number of a request from the peer; false when it is out of order, to be
   * answered 500 (§12.2.2).
   */
  acceptSequence(sequence: number): boolean {
    if (this.#remoteSequence !== undefined && sequence <= this.#remoteSequence) {
      return false;
    }
    this.#remoteSequence = sequence;
    return true;
  }

  /** Target refresh (§12.2): the peer's Contact from now on; none leaves it as it is. */
  refreshTarget(message: SipRequest | SipResponse): void {
    const { contacts } = message;
    const contact = contacts === '*' ? undefined : contacts[0];
    if (contact !== undefined) {
      this.#remoteTarget = contact.uri;
    }
  }

  /** The 2xx settles what a provisional response only announced (§13.2.2.4). */
  confirmFrom(response: SipResponse): void {
    this.state = 'confirmed';
    this.#routeSet = response.headers.getAll('Record-Route').reverse();
    this.refreshTarget(response);
  }

  #create(method: string, sequence: number, headers: HeaderLines, body?: Buffer): SipRequest {
    const routed = this.#route();
    return createRequest({
      method,
      requestUri: routed.requestUri,
      from: this.#local,
      to: this.#remote,
      callId: this.callId,
      cseq: sequence,
      headers: routed.headers.length === 0 ? headers : [...routed.headers, ...headers],
      ...(body === undefined ? {} : { body }),
    });
  }

  /** Request-URI and Route from the route set; a strict router first gets its own URI (§12.2.1.1). */
  #route(): { readonly requestUri: Uri; readonly headers: HeaderLines } {
    const [first, ...rest] = this.#routeSet;
    if (first === undefined) {
      return { requestUri: this.#remoteTarget, headers: [] };
    }
    const { uri } = parseNameAddr(first);
    if (uri.scheme === 'sip' && !uri.parameters.has('lr')) {
      const routes = [...rest, `<${serializeUri(this.#remoteTarget)}>`];
      return { requestUri: uri, headers: routes.map((route) => ['Route', route] as const) };
    }
    return {
      requestUri: this.#remoteTarget,
      headers: this.#routeSet.map((route) => ['Route', route] as const),
    };
  }
}

/**
 * The dialog that our response to an INVITE creates (§12.1.1). Undefined without a Contact in the
 * request, which it must have (§8.1.1.8): answer 400.
 */
export function createUasDialog(
  request: SipRequest,
  localTag: string,
  flow: Flow,
  account: string | undefined,
): Dialog | undefined {
  const { contacts } = request;
  const contact = contacts === '*' ? undefined : contacts[0];
  if (contact === undefined) {
    return undefined;
  }
  return new Dialog({
    callId: request.callId,
    local: withTag(request.to, localTag),
    remote: request.from,
    remoteTarget: contact.uri,
    routeSet: request.headers.getAll('Record-Route'),
    localSequence: 0,
    remoteSequence: request.cseq.sequence,
    flow,
    account,
    isCallIdOwner: false,
  });
}

/** The dialog that a response to our INVITE creates (§12.1.2). */
export function createUacDialog(
  request: Pick<SipRequest, 'callId' | 'cseq' | 'from' | 'requestUri'>,
  response: SipResponse,
  flow: Flow,
  account: string | undefined,
): Dialog {
  const { contacts } = response;
  const contact = contacts === '*' ? undefined : contacts[0];
  return new Dialog({
    callId: request.callId,
    local: request.from,
    remote: response.to,
    remoteTarget: contact?.uri ?? request.requestUri,
    routeSet: response.headers.getAll('Record-Route').reverse(),
    localSequence: request.cseq.sequence,
    remoteSequence: undefined,
    flow,
    account,
    isCallIdOwner: true,
  });
}

/** The tag of a From or To; empty when it has none. */
export function tagOf(address: NameAddr): string {
  return address.parameters.get('tag') ?? '';
}

function withTag(address: NameAddr, tag: string): NameAddr {
  return { ...address, parameters: new Map([...address.parameters, ['tag', tag]]) };
}
