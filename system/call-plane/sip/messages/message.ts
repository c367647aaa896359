/**
 * SIP requests and responses (RFC 3261 §7). Header fields are kept as text; the structured ones are
 * parsed when they are first asked for. A message that `parseMessage` returned has been through
 * every getter once: none of them throws.
 */
import { isAllOf, parseDigits, skipBlanks, tokenClass, trimBlanksEnd } from './character-class.ts';
import { HeaderFields, type HeaderLines } from './header-fields.ts';
import { messageLimits } from './message-limits.ts';
import { parseNameAddr, serializeNameAddr, type NameAddr } from './name-addr.ts';
import { firstListValue } from './parameters.ts';
import { reasonPhrase } from './reason-phrase.ts';
import { failParse, SipParseError } from './sip-parse-error.ts';
import type { Uri } from './uri.ts';
import { parseVia, type Via } from './via.ts';

export interface CSeq {
  /** 0 to 2^31 - 1 */
  readonly sequence: number;
  readonly method: string;
}

export const emptyBody: Buffer = Buffer.alloc(0);

/** What requests and responses have in common. */
abstract class MessageFields {
  readonly headers: HeaderFields;
  body: Buffer;

  /* Each parsed value is kept with the text it was parsed from and holds as long as that stands. */
  #viaText: string | undefined;
  #via: Via | undefined;
  #fromText: string | undefined;
  #from: NameAddr | undefined;
  #toText: string | undefined;
  #to: NameAddr | undefined;
  #cseqText: string | undefined;
  #cseq: CSeq | undefined;
  /* Lists hold for one revision of the header fields. */
  #contacts: readonly NameAddr[] | '*' | undefined;
  #contactsRevision = -1;

  constructor(headers: HeaderFields, body: Buffer) {
    this.headers = headers;
    this.body = body;
  }

  /** The top Via. */
  get via(): Via {
    const text = this.#require('Via');
    if (this.#via === undefined || text !== this.#viaText) {
      this.#via = parseVia(firstListValue(text));
      this.#viaText = text;
    }
    return this.#via;
  }

  get from(): NameAddr {
    const text = this.#require('From');
    if (this.#from === undefined || text !== this.#fromText) {
      this.#from = parseNameAddr(text);
      this.#fromText = text;
    }
    return this.#from;
  }

  get to(): NameAddr {
    const text = this.#require('To');
    if (this.#to === undefined || text !== this.#toText) {
      this.#to = parseNameAddr(text);
      this.#toText = text;
    }
    return this.#to;
  }

  get callId(): string {
    return this.#require('Call-ID');
  }

  get cseq(): CSeq {
    const text = this.#require('CSeq');
    if (this.#cseq === undefined || text !== this.#cseqText) {
      this.#cseq = parseCSeq(text);
      this.#cseqText = text;
    }
    return this.#cseq;
  }

  /** 0 to 255; undefined where there is none (RFC 2543 peers). */
  get maxForwards(): number | undefined {
    const text = this.headers.get('Max-Forwards');
    if (text === undefined) {
      return undefined;
    }
    const value = parseDigits(text);
    if (value === undefined || value > 255) {
      failParse('max-forwards', 'Max-Forwards is not a number from 0 to 255');
    }
    return value;
  }

  /** Every value of Contact, or `*`. */
  get contacts(): readonly NameAddr[] | '*' {
    if (this.#contacts === undefined || this.#contactsRevision !== this.headers.revision) {
      const values = this.headers.getAll('Contact');
      this.#contacts = values.length === 1 && values[0] === '*' ? '*' : parseAddresses(values);
      this.#contactsRevision = this.headers.revision;
    }
    return this.#contacts;
  }

  get routes(): readonly NameAddr[] {
    return parseAddresses(this.headers.getAll('Route'));
  }

  get recordRoutes(): readonly NameAddr[] {
    return parseAddresses(this.headers.getAll('Record-Route'));
  }

  /** Type and subtype in lower case, without parameters. */
  get contentType(): string | undefined {
    const text = this.headers.get('Content-Type');
    if (text === undefined) {
      return undefined;
    }
    const semicolon = text.indexOf(';');
    const end = trimBlanksEnd(text, 0, semicolon < 0 ? text.length : semicolon);
    return text.slice(0, end).toLowerCase();
  }

  /**
   * Seconds; undefined where there is no Expires or it is no number. More than 32 bits become
   * 2^32 - 1.
   */
  get expiresSec(): number | undefined {
    const text = this.headers.get('Expires');
    const value = text === undefined ? undefined : parseDigits(text);
    return value === undefined ? undefined : Math.min(value, 0xffff_ffff);
  }

  #require(name: string): string {
    return (
      this.headers.get(name) ?? failParse('missing-header-field', `missing header field ${name}`)
    );
  }
}

export class SipRequest extends MessageFields {
  readonly kind = 'request';
  method: string;
  requestUri: Uri;

  constructor(method: string, requestUri: Uri, headers: HeaderFields, body: Buffer = emptyBody) {
    super(headers, body);
    this.method = method;
    this.requestUri = requestUri;
  }
}

export class SipResponse extends MessageFields {
  readonly kind = 'response';
  /** 100 to 699 */
  status: number;
  reason: string;

  constructor(status: number, reason: string, headers: HeaderFields, body: Buffer = emptyBody) {
    super(headers, body);
    this.status = status;
    this.reason = reason;
  }
}

export type SipMessage = SipRequest | SipResponse;

export function parseCSeq(text: string): CSeq {
  let digitsEnd = 0;
  while (digitsEnd < text.length && text.charCodeAt(digitsEnd) >= 48) {
    digitsEnd++;
  }
  const sequence = parseDigits(text, 0, digitsEnd);
  const methodStart = skipBlanks(text, digitsEnd, text.length);
  if (
    sequence === undefined ||
    sequence >= 2 ** 31 ||
    methodStart === digitsEnd ||
    methodStart === text.length ||
    !isAllOf(text, tokenClass, methodStart)
  ) {
    failParse('cseq', 'CSeq is not a 31 bit number and a method');
  }
  return { sequence, method: text.slice(methodStart) };
}

function parseAddresses(values: readonly string[]): NameAddr[] {
  if (values.length > messageLimits.listValues) {
    failParse('contact', 'too many addresses in a list');
  }
  return values.map(parseNameAddr);
}

export interface RequestParts {
  readonly method: string;
  readonly requestUri: Uri;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  /** The method is the request's own. */
  readonly cseq: number;
  /** 70 where nothing is said. */
  readonly maxForwards?: number;
  readonly headers?: HeaderLines;
  readonly body?: Buffer;
}

/** A request without Via: the transaction layer adds its own. */
export function createRequest(parts: RequestParts): SipRequest {
  const headers = new HeaderFields();
  headers.append('Max-Forwards', String(parts.maxForwards ?? 70));
  headers.append('From', serializeNameAddr(parts.from));
  headers.append('To', serializeNameAddr(parts.to));
  headers.append('Call-ID', parts.callId);
  headers.append('CSeq', `${String(parts.cseq)} ${parts.method}`);
  for (const [name, value] of parts.headers ?? []) {
    headers.append(name, value);
  }
  return new SipRequest(parts.method, parts.requestUri, headers, parts.body);
}

export interface ResponseParts {
  /** Added to To where that has no tag yet; not to a 100. */
  readonly toTag?: string;
  readonly headers?: HeaderLines;
  readonly body?: Buffer;
}

/**
 * A response with what RFC 3261 §8.2.6 has it copy from the request: every Via, From, To, Call-ID
 * and CSeq; in a 100 Timestamp; in other 1xx and 2xx Record-Route. Also answers the incomplete
 * request of a parse error.
 */
export function createResponse(
  request: SipRequest,
  status: number,
  reason?: string,
  parts: ResponseParts = {},
): SipResponse {
  const headers = new HeaderFields();
  copyFields(request, headers, 'Via');
  if (status > 100 && status < 300) {
    copyFields(request, headers, 'Record-Route');
  }
  copyFields(request, headers, 'From');
  const to = request.headers.get('To');
  if (to !== undefined) {
    const isTagAdded = parts.toTag !== undefined && status > 100 && isWithoutTag(request);
    headers.append('To', isTagAdded ? `${to};tag=${parts.toTag}` : to);
  }
  copyFields(request, headers, 'Call-ID');
  copyFields(request, headers, 'CSeq');
  if (status === 100) {
    copyFields(request, headers, 'Timestamp');
  }
  for (const [name, value] of parts.headers ?? []) {
    headers.append(name, value);
  }
  return new SipResponse(status, reason ?? reasonPhrase(status), headers, parts.body);
}

function copyFields(request: SipRequest, headers: HeaderFields, name: string): void {
  for (const line of request.headers.getLines(name)) {
    headers.append(name, line);
  }
}

function isWithoutTag(request: SipRequest): boolean {
  try {
    return !request.to.parameters.has('tag');
  } catch (error) {
    if (error instanceof SipParseError) {
      /* A To that cannot be read goes back as it came. */
      return false;
    }
    throw error;
  }
}
