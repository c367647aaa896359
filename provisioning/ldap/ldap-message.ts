/** LDAP messages (RFC 4511 §4): requests out of bytes, responses into bytes. Pure. */
import { berElement, berInteger, BerReader, tag } from './ber.ts';
import { LdapError } from './ldap-error.ts';
import { readFilter, type LdapFilter } from './ldap-filter.ts';

export const resultCode = {
  success: 0,
  operationsError: 1,
  protocolError: 2,
  timeLimitExceeded: 3,
  sizeLimitExceeded: 4,
  authMethodNotSupported: 7,
  confidentialityRequired: 13,
  unavailableCriticalExtension: 12,
  noSuchObject: 32,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  busy: 51,
  unavailable: 52,
  unwillingToPerform: 53,
} as const;
export type ResultCode = (typeof resultCode)[keyof typeof resultCode];

export const startTlsOid = '1.3.6.1.4.1.1466.20037';
export const whoAmIOid = '1.3.6.1.4.1.4203.1.11.3';
export const pagedResultsOid = '1.2.840.113556.1.4.319';

export interface SearchRequest {
  readonly kind: 'search';
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  /** 0: the client sets none. */
  readonly sizeLimit: number;
  readonly typesOnly: boolean;
  readonly filter: LdapFilter;
  /** Lower case; empty: all. */
  readonly attributes: readonly string[];
  readonly page: { readonly size: number; readonly cookie: Buffer } | undefined;
}

export type LdapOperation =
  | {
      readonly kind: 'bind';
      readonly version: number;
      readonly name: string;
      /** Undefined: another method than a simple password. */
      readonly password: string | undefined;
    }
  | { readonly kind: 'unbind' }
  | SearchRequest
  | { readonly kind: 'extended'; readonly name: string }
  /** Changes, comparisons: `responseTag` is that of its response. */
  | { readonly kind: 'other'; readonly responseTag: number }
  | { readonly kind: 'abandon' };

export interface LdapRequest {
  readonly id: number;
  readonly operation: LdapOperation;
  /** A control that must be understood and is not. */
  readonly hasUnknownCriticalControl: boolean;
}

export interface LdapEntry {
  readonly dn: string;
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

export interface LdapResult {
  readonly code: ResultCode;
  readonly message?: string;
  readonly matchedDn?: string;
}

const responseTag = { bind: 0x61, entry: 0x64, done: 0x65, extended: 0x78 } as const;
/** Request tag → response tag of operations that are refused: modify, add, delete, rename, compare. */
const refusedOperations: ReadonlyMap<number, number> = new Map([
  [0x66, 0x67],
  [0x68, 0x69],
  [0x4a, 0x6b],
  [0x6c, 0x6d],
  [0x6e, 0x6f],
]);

const maximumAttributes = 64;
const maximumControls = 16;

/** `bytes`: one whole message. Throws LdapError. */
export function parseRequest(bytes: Buffer): LdapRequest {
  const message = new BerReader(bytes).readSequence();
  const id = message.readInteger();
  if (id < 0) {
    throw new LdapError('malformed', 'a negative message id');
  }
  const { tag: found, value } = message.readAny();
  const controls = message.nextTag === 0xa0 ? readControls(message.readSequence(0xa0)) : [];
  const page = controls.find(({ type }) => type === pagedResultsOid);
  const hasUnknownCriticalControl = controls.some(
    ({ type, isCritical }) => isCritical && type !== pagedResultsOid,
  );
  return {
    id,
    operation: parseOperation(found, value, page?.value),
    hasUnknownCriticalControl,
  };
}

function parseOperation(found: number, value: Buffer, page: Buffer | undefined): LdapOperation {
  const reader = new BerReader(value);
  switch (found) {
    case 0x60: {
      const version = reader.readInteger();
      const name = reader.readString();
      const password = reader.nextTag === 0x80 ? reader.readString(0x80) : undefined;
      return { kind: 'bind', version, name, password };
    }
    case 0x42:
      return { kind: 'unbind' };
    case 0x50:
      return { kind: 'abandon' };
    case 0x63:
      return parseSearch(reader, page);
    case 0x77:
      return { kind: 'extended', name: reader.readString(0x80) };
    default: {
      const refused = refusedOperations.get(found);
      if (refused === undefined) {
        throw new LdapError('malformed', 'an operation of no known kind');
      }
      return { kind: 'other', responseTag: refused };
    }
  }
}

function parseSearch(reader: BerReader, page: Buffer | undefined): SearchRequest {
  const base = reader.readString();
  const scope = (['base', 'one', 'sub'] as const)[reader.readInteger(tag.enumerated)];
  // How aliases are followed: there are none.
  reader.readInteger(tag.enumerated);
  const sizeLimit = reader.readInteger();
  // Searches here are short; the server's own limit is enough.
  reader.readInteger();
  const typesOnly = reader.readBoolean();
  const filter = readFilter(reader);
  const list = reader.readSequence();
  const attributes: string[] = [];
  while (!list.isAtEnd) {
    if (attributes.length === maximumAttributes) {
      throw new LdapError('too-large', 'too many attributes');
    }
    attributes.push((list.readString().split(';', 1)[0] ?? '').toLowerCase());
  }
  if (scope === undefined || sizeLimit < 0) {
    throw new LdapError('malformed', 'a scope or limit that does not exist');
  }
  return {
    kind: 'search',
    base,
    scope,
    sizeLimit,
    typesOnly,
    filter,
    attributes,
    page: page === undefined ? undefined : parsePage(page),
  };
}

interface Control {
  readonly type: string;
  readonly isCritical: boolean;
  readonly value: Buffer | undefined;
}

function readControls(reader: BerReader): Control[] {
  const controls: Control[] = [];
  while (!reader.isAtEnd) {
    if (controls.length === maximumControls) {
      throw new LdapError('too-large', 'too many controls');
    }
    const control = reader.readSequence();
    const type = control.readString();
    const isCritical = control.nextTag === tag.boolean ? control.readBoolean() : false;
    const value =
      control.nextTag === tag.octetString ? control.readValue(tag.octetString) : undefined;
    controls.push({ type, isCritical, value });
  }
  return controls;
}

/** RFC 2696 §2 */
function parsePage(value: Buffer): { readonly size: number; readonly cookie: Buffer } {
  const reader = new BerReader(value).readSequence();
  const size = reader.readInteger();
  if (size < 0) {
    throw new LdapError('malformed', 'a negative page');
  }
  return { size, cookie: reader.readValue(tag.octetString) };
}

export function bindResponse(id: number, result: LdapResult): Buffer {
  return toMessage(id, berElement(responseTag.bind, ...toResult(result)));
}

/** `page`: the cookie with which the next page is asked; empty: this was the last. */
export function searchDone(id: number, result: LdapResult, page?: Buffer): Buffer {
  const done = berElement(responseTag.done, ...toResult(result));
  if (page === undefined) {
    return toMessage(id, done);
  }
  const value = berElement(tag.sequence, berInteger(0), berElement(tag.octetString, page));
  const control = berElement(
    tag.sequence,
    berElement(tag.octetString, pagedResultsOid),
    berElement(tag.octetString, value),
  );
  return toMessage(id, done, berElement(0xa0, control));
}

export function searchEntry(
  id: number,
  { dn, attributes }: LdapEntry,
  { typesOnly }: Pick<SearchRequest, 'typesOnly'>,
): Buffer {
  const list = [...attributes].map(([name, values]) =>
    berElement(
      tag.sequence,
      berElement(tag.octetString, name),
      berElement(
        tag.set,
        ...(typesOnly ? [] : values.map((value) => berElement(tag.octetString, value))),
      ),
    ),
  );
  return toMessage(
    id,
    berElement(
      responseTag.entry,
      berElement(tag.octetString, dn),
      berElement(tag.sequence, ...list),
    ),
  );
}

export function extendedResponse(
  id: number,
  result: LdapResult,
  name?: string,
  value?: string,
): Buffer {
  return toMessage(
    id,
    berElement(
      responseTag.extended,
      ...toResult(result),
      ...(name === undefined ? [] : [berElement(0x8a, name)]),
      ...(value === undefined ? [] : [berElement(0x8b, value)]),
    ),
  );
}

export function otherResponse(id: number, responseOf: number, result: LdapResult): Buffer {
  return toMessage(id, berElement(responseOf, ...toResult(result)));
}

/** RFC 4511 §4.4.1: the last word before the connection is closed. */
export function noticeOfDisconnection(result: LdapResult): Buffer {
  return extendedResponse(0, result, '1.3.6.1.4.1.1466.20036');
}

function toMessage(id: number, ...parts: readonly Buffer[]): Buffer {
  return berElement(tag.sequence, berInteger(id), ...parts);
}

function toResult({ code, message = '', matchedDn = '' }: LdapResult): Buffer[] {
  return [
    berInteger(code, tag.enumerated),
    berElement(tag.octetString, matchedDn),
    berElement(tag.octetString, message),
  ];
}
