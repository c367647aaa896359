/**
 * From the bytes of one message to a `SipMessage` (RFC 3261 §7, §25). The head is decoded once and
 * scanned once, line by line. Strict where two readings would be possible (line ends, start line,
 * repeated fields), tolerant where there is only one.
 */
import { isUtf8 } from 'node:buffer';
import { isAllOf, parseDigits, skipBlanks, tokenClass, trimBlanksEnd } from './character-class.ts';
import { HeaderFields } from './header-fields.ts';
import { findCanonicalName } from './header-name.ts';
import { emptyBody, SipRequest, SipResponse, type SipMessage } from './message.ts';
import { messageLimits } from './message-limits.ts';
import { failParse, SipParseError } from './sip-parse-error.ts';
import { parseUri, type Uri } from './uri.ts';

const headEnd = Buffer.from('\r\n\r\n');

/** Header fields that must not stand in a message twice. */
const singleFields = new Set([
  'From',
  'To',
  'Call-ID',
  'CSeq',
  'Max-Forwards',
  'Content-Length',
  'Content-Type',
  'Expires',
]);

/**
 * Parses one datagram, or one message out of a stream. Octets behind Content-Length are ignored
 * (RFC 3261 §18.3).
 *
 * @throws SipParseError and nothing else
 */
export function parseMessage(datagram: Buffer): SipMessage {
  if (datagram.length > messageLimits.messageBytes) {
    failParse('too-large', 'message too large', { status: 513 });
  }
  const start = skipLineEnds(datagram);
  const separator = datagram.indexOf(headEnd, start);
  if (separator < 0) {
    failParse('framing', 'no empty line after the header fields', { offset: datagram.length });
  }
  if (separator - start > messageLimits.headBytes) {
    failParse('too-large', 'header fields too large', { status: 513 });
  }
  const head = decodeHead(datagram, start, separator + 2);
  const startLineEnd = findLineEnd(head, 0);
  if (head.startsWith('SIP/')) {
    return parseResponse(head, startLineEnd, datagram, separator + 4);
  }
  return parseRequest(head, startLineEnd, datagram, separator + 4);
}

/** Empty lines before the start line are ignored (RFC 3261 §7.5). */
function skipLineEnds(datagram: Buffer): number {
  let index = 0;
  while (datagram[index] === 13 && datagram[index + 1] === 10) {
    index += 2;
  }
  return index;
}

/** UTF-8; where it is not, ISO 8859-1, which old devices put into display names. */
function decodeHead(datagram: Buffer, start: number, end: number): string {
  const head = datagram.toString('utf8', start, end);
  return head.includes('\ufffd') && !isUtf8(datagram.subarray(start, end))
    ? datagram.toString('latin1', start, end)
    : head;
}

/** The position of the CR that ends the line; lone CRs and LFs are refused. */
function findLineEnd(head: string, start: number): number {
  const carriageReturn = head.indexOf('\r', start);
  const lineFeed = head.indexOf('\n', start);
  if (carriageReturn < 0 || lineFeed !== carriageReturn + 1) {
    failParse('framing', 'line does not end with CRLF', { offset: start });
  }
  return carriageReturn;
}

function parseRequest(
  head: string,
  lineEnd: number,
  datagram: Buffer,
  bodyStart: number,
): SipRequest {
  const methodEnd = head.indexOf(' ');
  const versionStart = head.lastIndexOf(' ', lineEnd - 1) + 1;
  if (
    methodEnd <= 0 ||
    methodEnd > lineEnd ||
    versionStart <= methodEnd + 1 ||
    !isAllOf(head, tokenClass, 0, methodEnd)
  ) {
    failParse('start-line', 'not a request line', { offset: 0 });
  }
  const method = head.slice(0, methodEnd);
  const uriText = head.slice(methodEnd + 1, versionStart - 1);
  const version = head.slice(versionStart, lineEnd);
  const isVersion = version.length >= 7 && version.slice(0, 4).toUpperCase() === 'SIP/';
  const request = new SipRequest(
    method,
    { scheme: 'other', text: uriText },
    new HeaderFields(),
    emptyBody,
  );
  try {
    parseHeaderFields(head, lineEnd + 2, request.headers);
    if (!isVersion) {
      failParse('start-line', 'no SIP version in the request line', { offset: versionStart });
    }
    if (version.slice(4) !== '2.0') {
      failParse('version', 'SIP version is not 2.0', { status: 505, offset: versionStart });
    }
    request.requestUri = parseRequestUri(uriText);
    validateFields(request);
    if (request.cseq.method !== method) {
      failParse('cseq', 'the method of CSeq is not that of the request');
    }
    request.body = cutBody(request.headers, datagram, bodyStart);
    return request;
  } catch (error) {
    if (error instanceof SipParseError && isAnswerable(request)) {
      error.request = request;
    }
    throw error;
  }
}

function parseRequestUri(text: string): Uri {
  const uri = parseUri(text);
  if (uri.scheme !== 'other' && uri.scheme !== 'tel' && uri.headers !== '') {
    failParse('uri', 'headers are not allowed in the Request-URI');
  }
  return uri;
}

function parseResponse(
  head: string,
  lineEnd: number,
  datagram: Buffer,
  bodyStart: number,
): SipResponse {
  if (!head.startsWith('SIP/2.0 ')) {
    failParse('version', 'SIP version is not 2.0', { offset: 0, status: 505 });
  }
  const status = parseDigits(head, 8, 11);
  const isSpaced = head.charCodeAt(11) === 32 || lineEnd === 11;
  if (status === undefined || status < 100 || status > 699 || !isSpaced) {
    failParse('start-line', 'not a status line', { offset: 8 });
  }
  const reason = lineEnd > 12 ? head.slice(12, lineEnd) : '';
  const response = new SipResponse(status, reason, new HeaderFields(), emptyBody);
  parseHeaderFields(head, lineEnd + 2, response.headers);
  validateFields(response);
  response.body = cutBody(response.headers, datagram, bodyStart);
  return response;
}

/**
 * Scans the lines from `start` to the end of `head`, which ends with the CRLF of the last one. A
 * repeated field is refused only after the others were read, so that the request can be answered.
 */
function parseHeaderFields(head: string, start: number, headers: HeaderFields): void {
  let lineStart = start;
  let count = 0;
  let repeatedName: string | undefined;
  while (lineStart < head.length) {
    let lineEnd = findLineEnd(head, lineStart);
    const firstLineEnd = lineEnd;
    let next = lineEnd + 2;
    while (next < head.length && skipBlanks(head, next, next + 1) > next) {
      lineEnd = findLineEnd(head, next);
      next = lineEnd + 2;
    }
    if (lineEnd - lineStart > messageLimits.headerFieldChars) {
      failParse('header-field', 'header field too long', { offset: lineStart, status: 513 });
    }
    const colon = head.indexOf(':', lineStart);
    if (colon < 0 || colon > firstLineEnd) {
      failParse('header-field', 'header field without a colon', { offset: lineStart });
    }
    const name = findCanonicalName(head.slice(lineStart, trimBlanksEnd(head, lineStart, colon)));
    if (name === undefined) {
      failParse('header-field', 'header field name is not a token', { offset: lineStart });
    }
    if (++count > messageLimits.headerFields) {
      failParse('header-field', 'too many header fields', { offset: lineStart, status: 513 });
    }
    if (singleFields.has(name) && headers.has(name)) {
      repeatedName ??= name;
    } else {
      const isFolded = lineEnd !== firstLineEnd;
      headers.appendParsed(
        name,
        isFolded ? unfold(head, colon + 1, lineEnd) : sliceTrimmed(head, colon + 1, lineEnd),
      );
    }
    lineStart = next;
  }
  if (repeatedName !== undefined) {
    failParse('repeated-header-field', `repeated header field ${repeatedName}`);
  }
}

function sliceTrimmed(head: string, start: number, end: number): string {
  const valueStart = skipBlanks(head, start, end);
  return head.slice(valueStart, trimBlanksEnd(head, valueStart, end));
}

/** Each line break with the white space around it stands for one space (RFC 3261 §7.3.1). */
function unfold(head: string, start: number, end: number): string {
  let value = '';
  let lineStart = start;
  while (lineStart < end) {
    const lineEnd = Math.min(findLineEnd(head, lineStart), end);
    const line = sliceTrimmed(head, lineStart, lineEnd);
    value += value === '' || line === '' ? line : ` ${line}`;
    lineStart = lineEnd + 2;
  }
  return value;
}

/** Has every structured header field parsed once; what they hold stays in the message's cache. */
function validateFields(message: SipMessage): void {
  const { headers } = message;
  for (const name of ['Via', 'From', 'To', 'Call-ID', 'CSeq']) {
    if (!headers.has(name)) {
      failParse('missing-header-field', `missing header field ${name}`);
    }
  }
  if (message.callId === '') {
    failParse('header-field', 'empty Call-ID');
  }
  for (const parse of structuredFields) {
    parse(message);
  }
}

/** The getters throw what they find; what they return stays in the message for later. */
const structuredFields: readonly ((message: SipMessage) => unknown)[] = [
  (message) => message.via,
  (message) => message.from,
  (message) => message.to,
  (message) => message.cseq,
  (message) => message.maxForwards,
  (message) => message.contacts,
  (message) => message.routes,
  (message) => message.recordRoutes,
];

function cutBody(headers: HeaderFields, datagram: Buffer, start: number): Buffer {
  const text = headers.get('Content-Length');
  const available = datagram.length - start;
  if (text === undefined) {
    return available === 0 ? emptyBody : datagram.subarray(start);
  }
  const length = parseDigits(text);
  if (length === undefined) {
    failParse('content-length', 'Content-Length is not a number');
  }
  if (length > available) {
    failParse('content-length', 'the body is shorter than Content-Length');
  }
  return length === 0 ? emptyBody : datagram.subarray(start, start + length);
}

/** Whether a response to this incomplete request can be built and routed. */
function isAnswerable(request: SipRequest): boolean {
  const { headers } = request;
  if (
    request.method === 'ACK' ||
    !['Via', 'From', 'To', 'Call-ID', 'CSeq'].every((name) => headers.has(name))
  ) {
    return false;
  }
  try {
    return request.via.host !== '';
  } catch (error) {
    if (error instanceof SipParseError) {
      return false;
    }
    throw error;
  }
}
