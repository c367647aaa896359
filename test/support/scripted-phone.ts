/**
 * A SIP phone that does what the test says and nothing else, over the loopback network. On its own it
 * only acknowledges failures (as its transaction layer would), answers BYE with 200, and gives
 * credentials when challenged.
 */
import { createHash } from 'node:crypto';
import {
  createRequest,
  createResponse,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../../system/call-plane/sip/messages/message.ts';
import { parseNameAddr, type NameAddr } from '../../system/call-plane/sip/messages/name-addr.ts';
import { serializeMessage } from '../../system/call-plane/sip/messages/serialize-message.ts';
import { createSipUri, serializeUri, type Uri } from '../../system/call-plane/sip/messages/uri.ts';
import type { Flow } from '../../system/call-plane/sip/transport.ts';
import type { LoopbackNetwork, LoopbackTransport } from './loopback-transport.ts';

type Headers = readonly (readonly [name: string, value: string])[];

/** An offer or answer of one G.711 stream and telephone-event at `address`. */
export function phoneSdp(
  address: string,
  options: { port?: number; version?: number; direction?: string; formats?: string } = {},
): string {
  const { port = 40_000, version = 1, direction = 'sendrecv', formats = '0 8 101' } = options;
  return [
    'v=0',
    `o=- 77 ${String(version)} IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${String(port)} RTP/AVP ${formats}`,
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    'a=ptime:20',
    `a=${direction}`,
    '',
  ].join('\r\n');
}

export class ScriptedPhone {
  readonly address: string;
  readonly number: string;
  readonly transport: LoopbackTransport;
  /** Calls that came in, in order. */
  readonly incoming: PhoneCall[] = [];
  /** Responses to requests outside of calls. */
  readonly responses: SipResponse[] = [];
  /** Requests outside of calls. */
  readonly strangeRequests: SipRequest[] = [];
  /** Whether it says that it can UPDATE. */
  allowsUpdate = false;
  /** What Supported says. */
  supported: string | undefined;
  answersBye = true;
  readonly #password: string;
  readonly #pbxAddress: string;
  readonly #calls = new Map<string, PhoneCall>();
  readonly #outside = new Map<string, SipRequest>();
  #challenge: { readonly realm: string; readonly nonce: string } | undefined;
  #nonceCount = 0;
  #serial = 0;

  constructor(
    network: LoopbackNetwork,
    address: string,
    number: string,
    password: string,
    pbxAddress: string,
  ) {
    this.address = address;
    this.number = number;
    this.#password = password;
    this.#pbxAddress = pbxAddress;
    this.transport = network.open(address);
    this.transport.start({
      handleMessage: (message) => {
        this.#receive(message);
      },
      handleParseError: (error) => {
        throw error;
      },
      handleConnectionClosed: () => undefined,
    });
  }

  get contact(): string {
    return `<sip:${this.number}@${this.address}:5060>`;
  }

  get flow(): Flow {
    return this.transport.flowTo('udp', this.#pbxAddress, 5060);
  }

  nextSerial(): string {
    this.#serial += 1;
    return `${this.number}-${String(this.#serial)}`;
  }

  /** Registers; the network has to run for it. */
  register(headers: Headers = []): void {
    const domain = createSipUri({ host: this.#pbxAddress });
    const own = this.ownAddress();
    this.sendOutside('REGISTER', domain, own, own, [
      ['Contact', this.contact],
      ['Expires', '300'],
      ...headers,
    ]);
  }

  ownAddress(tag?: string): NameAddr {
    return toNameAddr(createSipUri({ user: this.number, host: 'campanile.local' }), tag);
  }

  /** Sends a request outside of any dialog; its responses are in `responses`. */
  sendOutside(
    method: string,
    requestUri: Uri,
    from: NameAddr,
    to: NameAddr,
    headers: Headers,
    body?: string,
  ): void {
    const callId = `out-${this.nextSerial()}`;
    const request = createRequest({
      method,
      requestUri,
      from: { ...from, parameters: new Map([['tag', `f${callId}`]]) },
      to,
      callId,
      cseq: 1,
      headers,
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
    });
    // A header field that `createRequest` has made is replaced, not repeated.
    for (const [name, value] of headers) {
      request.headers.set(name, value);
    }
    this.#outside.set(callId, request);
    this.send(request);
  }

  /** Calls a number. `sdp` undefined: leaves the offer to the other side. */
  call(number: string, sdp: string | undefined, headers: Headers = []): PhoneCall {
    const call = new PhoneCall(this, `c-${this.nextSerial()}`);
    this.#calls.set(call.callId, call);
    call.start(createSipUri({ user: number, host: this.#pbxAddress }), sdp, headers);
    return call;
  }

  /** The call that came in last. */
  get lastIncoming(): PhoneCall {
    const call = this.incoming.at(-1);
    if (call === undefined) {
      throw new Error(`${this.number} was not called`);
    }
    return call;
  }

  /** Puts a Via and, once challenged, credentials on it. */
  send(request: SipRequest, branch = `z9hG4bK${this.nextSerial()}`): void {
    request.headers.remove('Via');
    request.headers.prepend('Via', `SIP/2.0/UDP ${this.address}:5060;branch=${branch};rport`);
    if (this.#challenge !== undefined && request.method !== 'ACK' && request.method !== 'CANCEL') {
      request.headers.set('Authorization', this.#credentials(request, this.#challenge));
    }
    this.transport.send(serializeMessage(request), this.flow);
  }

  respond(response: SipResponse): void {
    this.transport.send(serializeMessage(response), this.flow);
  }

  /** Sends the request again with credentials for the challenge of `response`. */
  answerChallenge(request: SipRequest, response: SipResponse): SipRequest {
    const value =
      response.headers.getLines('WWW-Authenticate').find((line) => line.includes('MD5')) ?? '';
    this.#challenge = { realm: quoted(value, 'realm'), nonce: quoted(value, 'nonce') };
    this.#nonceCount = 0;
    const { sequence } = request.cseq;
    const again = createRequest({
      method: request.method,
      requestUri: request.requestUri,
      from: request.from,
      to: request.to,
      callId: request.callId,
      cseq: sequence + 1,
      headers: [...request.headers.entries()].filter(([name]) => !generated.has(name)),
      body: request.body,
      ...(request.maxForwards === undefined ? {} : { maxForwards: request.maxForwards }),
    });
    this.send(again);
    return again;
  }

  #credentials(request: SipRequest, { realm, nonce }: { realm: string; nonce: string }): string {
    this.#nonceCount += 1;
    const count = this.#nonceCount.toString(16).padStart(8, '0');
    const uri = serializeUri(request.requestUri);
    const ha1 = md5(`${this.number}:${realm}:${this.#password}`);
    const ha2 = md5(`${request.method}:${uri}`);
    const response = md5(`${ha1}:${nonce}:${count}:cn:auth:${ha2}`);
    return `Digest username="${this.number}",realm="${realm}",nonce="${nonce}",uri="${uri}",response="${response}",algorithm=MD5,qop=auth,nc=${count},cnonce="cn"`;
  }

  #receive(message: SipMessage): void {
    const known = this.#calls.get(message.callId);
    if (known !== undefined) {
      known.receive(message);
      return;
    }
    if (message.kind === 'request') {
      if (message.method === 'INVITE') {
        const call = new PhoneCall(this, message.callId);
        this.#calls.set(message.callId, call);
        this.incoming.push(call);
        call.receive(message);
      } else {
        this.strangeRequests.push(message);
      }
      return;
    }
    const request = this.#outside.get(message.callId);
    if (message.status === 401 && request !== undefined && this.#challengeIsNew(request)) {
      this.#outside.set(message.callId, this.answerChallenge(request, message));
    } else {
      this.responses.push(message);
    }
  }

  #challengeIsNew(request: SipRequest): boolean {
    return !request.headers.has('Authorization');
  }
}

const generated: ReadonlySet<string> = new Set([
  'Via',
  'Max-Forwards',
  'From',
  'To',
  'Call-ID',
  'CSeq',
  'Authorization',
  'Content-Length',
]);

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

function toNameAddr(uri: Uri, tag: string | undefined): NameAddr {
  const address = parseNameAddr(`<${serializeUri(uri)}>`);
  return tag === undefined ? address : { ...address, parameters: new Map([['tag', tag]]) };
}

function quoted(challenge: string, name: string): string {
  return new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
