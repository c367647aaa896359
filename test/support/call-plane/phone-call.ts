/** A call of a scripted phone: what came is looked at, what it sends the test says. */
import {
  createRequest,
  createResponse,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../../../system/call-plane/sip/messages/message.ts';
import { parseNameAddr, type NameAddr } from '../../../system/call-plane/sip/messages/name-addr.ts';
import { serializeUri, type Uri } from '../../../system/call-plane/sip/messages/uri.ts';
import type { ScriptedPhone } from './scripted-phone.ts';

export type Headers = readonly (readonly [name: string, value: string])[];

/** One dialog of a phone, from the first INVITE on, in either role. */
export class PhoneCall {
  readonly phone: ScriptedPhone;
  readonly callId: string;
  /** Everything that came, in order. */
  readonly requests: SipRequest[] = [];
  readonly responses: SipResponse[] = [];
  /** The tag in this phone's responses; a proxy that forks would show several. */
  tag: string;
  #invite: SipRequest | undefined;
  #inviteBranch = '';
  #local: NameAddr | undefined;
  #remote: NameAddr | undefined;
  #target: Uri | undefined;
  #sequence = 1;
  readonly #seen = new Set<string>();

  constructor(phone: ScriptedPhone, callId: string) {
    this.phone = phone;
    this.callId = callId;
    this.tag = `t-${phone.nextSerial()}`;
  }

  /** `180 183 200` */
  get statuses(): string {
    return this.responses.map(({ status }) => String(status)).join(' ');
  }

  /** `INVITE ACK BYE` */
  get methods(): string {
    return this.requests.map(({ method }) => method).join(' ');
  }

  get lastResponse(): SipResponse {
    const response = this.responses.at(-1);
    if (response === undefined) {
      throw new Error('no response came');
    }
    return response;
  }

  requireRequest(method: string): SipRequest {
    const request = this.requests.findLast((candidate) => candidate.method === method);
    if (request === undefined) {
      throw new Error(`no ${method} came, only ${this.methods}`);
    }
    return request;
  }

  start(requestUri: Uri, sdp: string | undefined, headers: Headers): void {
    this.#local = this.phone.ownAddress(this.tag);
    this.#remote = toNameAddr(requestUri, undefined);
    this.#target = requestUri;
    this.#sendInvite(
      createRequest({
        method: 'INVITE',
        requestUri,
        from: this.#local,
        to: this.#remote,
        callId: this.callId,
        cseq: this.#sequence,
        headers: [...this.#sessionHeaders(sdp), ...headers],
        ...(sdp === undefined ? {} : { body: Buffer.from(sdp) }),
      }),
    );
  }

  /** Retransmissions of requests are absorbed, as a transaction layer would; those of ACKs are new. */
  receive(message: SipMessage): void {
    if (message.kind === 'request') {
      const transaction = `${message.method} ${message.via.branch ?? ''}`;
      if (this.#seen.has(transaction)) {
        return;
      }
      this.#seen.add(transaction);
      this.requests.push(message);
      this.#receiveRequest(message);
    } else {
      this.#receiveResponse(message);
    }
  }

  /** A provisional response to the INVITE. */
  progress(status: number, sdp?: string): void {
    this.#answerInvite(status, sdp, []);
  }

  answer(sdp: string | undefined, headers: Headers = []): void {
    this.#answerInvite(200, sdp, headers);
  }

  reject(status: number, headers: Headers = []): void {
    this.#answerInvite(status, undefined, headers);
  }

  /** The ACK to the last 2xx. */
  ack(sdp?: string): void {
    const sequence = this.#invite?.cseq.sequence ?? 1;
    this.phone.send(this.#create('ACK', sequence, sdp === undefined ? [] : sdpHeader, sdp));
  }

  cancel(): void {
    const invite = this.#requireInvite();
    const cancel = createRequest({
      method: 'CANCEL',
      requestUri: invite.requestUri,
      from: invite.from,
      to: invite.to,
      callId: this.callId,
      cseq: invite.cseq.sequence,
    });
    this.phone.send(cancel, this.#inviteBranch);
  }

  bye(headers: Headers = []): void {
    this.request('BYE', undefined, headers);
  }

  reinvite(sdp: string | undefined, headers: Headers = []): void {
    this.#sequence += 1;
    const request = this.#create(
      'INVITE',
      this.#sequence,
      [...this.#sessionHeaders(sdp), ...headers],
      sdp,
    );
    this.#sendInvite(request);
  }

  update(sdp: string | undefined, headers: Headers = []): void {
    this.request('UPDATE', sdp, [...this.#sessionHeaders(sdp), ...headers]);
  }

  request(method: string, body: string | undefined, headers: Headers): void {
    this.#sequence += 1;
    this.phone.send(this.#create(method, this.#sequence, headers, body));
  }

  respondTo(request: SipRequest, status: number, headers: Headers = [], sdp?: string): void {
    this.phone.respond(
      createResponse(request, status, undefined, {
        toTag: this.tag,
        headers: [...(sdp === undefined ? [] : sdpHeader), ...headers],
        ...(sdp === undefined ? {} : { body: Buffer.from(sdp) }),
      }),
    );
  }

  #sendInvite(request: SipRequest): void {
    this.#invite = request;
    this.#inviteBranch = `z9hG4bK${this.phone.nextSerial()}`;
    this.phone.send(request, this.#inviteBranch);
  }

  #receiveRequest(request: SipRequest): void {
    const { contacts } = request;
    if (request.method === 'INVITE') {
      this.#invite = request;
      this.#local ??= toNameAddr(request.to.uri, this.tag);
      this.#remote = request.from;
      this.#target = contacts === '*' ? undefined : contacts[0]?.uri;
    } else if (request.method === 'BYE' && this.phone.answersBye) {
      this.respondTo(request, 200);
    }
  }

  #receiveResponse(response: SipResponse): void {
    if (
      response.status === 401 &&
      this.#invite !== undefined &&
      !this.#invite.headers.has('Authorization')
    ) {
      this.#acknowledgeFailure(response);
      const again = this.phone.answerChallenge(this.#invite, response);
      this.#invite = again;
      this.#sequence = again.cseq.sequence;
      this.#inviteBranch = again.via.branch ?? '';
      return;
    }
    this.responses.push(response);
    if (response.cseq.method !== 'INVITE') {
      return;
    }
    if (response.status >= 300) {
      this.#acknowledgeFailure(response);
    } else if (response.status > 100) {
      const { contacts } = response;
      this.#remote = response.to;
      this.#target = (contacts === '*' ? undefined : contacts[0]?.uri) ?? this.#target;
    }
  }

  /** §17.1.1.3 */
  #acknowledgeFailure(response: SipResponse): void {
    const invite = this.#requireInvite();
    const ack = createRequest({
      method: 'ACK',
      requestUri: invite.requestUri,
      from: invite.from,
      to: response.to,
      callId: this.callId,
      cseq: invite.cseq.sequence,
    });
    this.phone.send(ack, this.#inviteBranch);
  }

  #answerInvite(status: number, sdp: string | undefined, headers: Headers): void {
    const invite = this.#requireInvite();
    this.#remote ??= invite.from;
    this.#local = { ...(this.#local ?? invite.to), parameters: new Map([['tag', this.tag]]) };
    const own = status < 300 ? this.#contactHeaders() : [];
    this.respondTo(invite, status, [...own, ...headers], sdp);
  }

  #contactHeaders(): Headers {
    const headers: (readonly [string, string])[] = [
      ['Contact', this.phone.contact],
      [
        'Allow',
        this.phone.allowsUpdate ? 'INVITE, ACK, BYE, CANCEL, UPDATE' : 'INVITE, ACK, BYE, CANCEL',
      ],
    ];
    if (this.phone.supported !== undefined) {
      headers.push(['Supported', this.phone.supported]);
    }
    return headers;
  }

  #sessionHeaders(sdp: string | undefined): Headers {
    return [...this.#contactHeaders(), ...(sdp === undefined ? [] : sdpHeader)];
  }

  #create(method: string, sequence: number, headers: Headers, body?: string): SipRequest {
    if (this.#local === undefined || this.#remote === undefined || this.#target === undefined) {
      throw new Error('there is no dialog yet');
    }
    return createRequest({
      method,
      requestUri: this.#target,
      from: this.#local,
      to: this.#remote,
      callId: this.callId,
      cseq: sequence,
      headers,
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
    });
  }

  #requireInvite(): SipRequest {
    if (this.#invite === undefined) {
      throw new Error('there is no INVITE');
    }
    return this.#invite;
  }
}

const sdpHeader: Headers = [['Content-Type', 'application/sdp']];

/** `tag` undefined: without one. */
export function toNameAddr(uri: Uri, tag: string | undefined): NameAddr {
  const address = parseNameAddr(`<${serializeUri(uri)}>`);
  return tag === undefined ? address : { ...address, parameters: new Map([['tag', tag]]) };
}
