/**
 * A SIP phone that does what the test says and nothing else, over the loopback network. On its own it
 * only acknowledges failures (as its transaction layer would), answers BYE with 200, and gives
 * credentials when challenged.
 */
import { createHash } from 'node:crypto';
import {
  createRequest,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../../../system/call-plane/sip/messages/message.ts';
import type { NameAddr } from '../../../system/call-plane/sip/messages/name-addr.ts';
import { serializeMessage } from '../../../system/call-plane/sip/messages/serialize-message.ts';
import {
  createSipUri,
  serializeUri,
  type Uri,
} from '../../../system/call-plane/sip/messages/uri.ts';
import type { Flow } from '../../../system/call-plane/sip/transport.ts';
import { PhoneCall, toNameAddr, type Headers } from './phone-call.ts';
import type { LoopbackNetwork, LoopbackTransport } from './loopback-transport.ts';

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

function quoted(challenge: string, name: string): string {
  return new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
