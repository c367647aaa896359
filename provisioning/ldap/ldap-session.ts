/**
 * One connection's conversation (RFC 4511): read only, nothing before a bind with a password but the
 * root entry. The shell owns the socket and hands whole messages in, one at a time.
 */
import { Secret } from '../../system/foundation/secret.ts';
import type { LdapDirectory, LdapReader } from './ldap-directory.ts';
import {
  bindResponse,
  extendedResponse,
  otherResponse,
  pagedResultsOid,
  resultCode,
  searchDone,
  searchEntry,
  startTlsOid,
  whoAmIOid,
  type LdapEntry,
  type LdapRequest,
  type LdapResult,
  type SearchRequest,
} from './ldap-message.ts';

/** What the shell does with a message. */
export interface SessionAnswer {
  readonly messages: readonly Buffer[];
  /** Afterwards the connection is encrypted, or ends. */
  readonly then?: 'start-tls' | 'close';
}

/** Entries of one answer without pages, and of one page. */
export const maximumEntries = 500;
/** A cookie names where the next page begins. */
const cookieBytes = 4;

export interface LdapSessionOptions {
  readonly directory: LdapDirectory;
  /** Whether StartTLS is possible. */
  readonly hasTls: boolean;
  readonly isEncrypted: boolean;
  /** Told of every attempt to log in; false: too many failed, the password is not even looked at. */
  readonly mayTry: () => boolean;
  readonly onBind: (isSuccess: boolean, name: string) => void;
}

export class LdapSession {
  readonly #options: LdapSessionOptions;
  #reader: LdapReader | undefined;
  #isEncrypted: boolean;

  constructor(options: LdapSessionOptions) {
    this.#options = options;
    this.#isEncrypted = options.isEncrypted;
  }

  get isBound(): boolean {
    return this.#reader !== undefined;
  }

  get isEncrypted(): boolean {
    return this.#isEncrypted;
  }

  /** StartTLS is done. Who was logged in before is not any more. */
  encrypted(): void {
    this.#isEncrypted = true;
    this.#reader = undefined;
  }

  async handle(request: LdapRequest): Promise<SessionAnswer> {
    const { id, operation } = request;
    if (request.hasUnknownCriticalControl) {
      return this.#refuseCritical(request);
    }
    switch (operation.kind) {
      case 'bind':
        return { messages: [bindResponse(id, await this.#bind(operation))] };
      case 'unbind':
        return { messages: [], then: 'close' };
      case 'abandon':
        return { messages: [] };
      case 'search':
        return { messages: await this.#search(id, operation) };
      case 'extended':
        return this.#extended(id, operation.name);
      case 'other': {
        const message = 'The phonebook is read only.';
        const result = { code: resultCode.unwillingToPerform, message };
        return { messages: [otherResponse(id, operation.responseTag, result)] };
      }
    }
  }

  async #bind({
    version,
    name,
    password,
  }: {
    readonly version: number;
    readonly name: string;
    readonly password: string | undefined;
  }): Promise<LdapResult> {
    const { directory, mayTry, onBind } = this.#options;
    this.#reader = undefined;
    if (version !== 3) {
      return { code: resultCode.protocolError, message: 'Only version 3 is spoken here.' };
    }
    if (password === undefined) {
      return { code: resultCode.authMethodNotSupported, message: 'Only simple binds.' };
    }
    if (name === '' && password === '') {
      // An anonymous bind opens nothing; the root entry may be read without any.
      return { code: resultCode.success };
    }
    if (password === '') {
      // RFC 4513 §5.1.2: a name without password is no login.
      return { code: resultCode.unwillingToPerform, message: 'A password is required.' };
    }
    if (!this.#isEncrypted && !directory.mayBindUnencrypted) {
      const message = 'Use StartTLS or LDAPS: passwords do not pass in clear.';
      return { code: resultCode.confidentialityRequired, message };
    }
    if (!mayTry()) {
      return { code: resultCode.busy, message: 'Too many failed logins. Try again later.' };
    }
    const reader = await directory.bind(name, new Secret(password));
    onBind(reader !== undefined, name);
    if (reader === undefined) {
      return { code: resultCode.invalidCredentials };
    }
    this.#reader = reader;
    return { code: resultCode.success };
  }

  #extended(id: number, name: string): SessionAnswer {
    if (name === startTlsOid && this.#options.hasTls) {
      if (this.#isEncrypted) {
        const result = { code: resultCode.operationsError, message: 'It is encrypted already.' };
        return { messages: [extendedResponse(id, result, startTlsOid)] };
      }
      const messages = [extendedResponse(id, { code: resultCode.success }, startTlsOid)];
      return { messages, then: 'start-tls' };
    }
    if (name === whoAmIOid) {
      const who = this.#reader === undefined ? '' : `u:${this.#reader.name}`;
      const message = extendedResponse(id, { code: resultCode.success }, undefined, who);
      return { messages: [message] };
    }
    const result = { code: resultCode.protocolError, message: 'An operation that nobody knows.' };
    return { messages: [extendedResponse(id, result)] };
  }

  async #search(id: number, request: SearchRequest): Promise<Buffer[]> {
    const done = (code: LdapResult['code'], message?: string): Buffer =>
      searchDone(id, { code, ...(message === undefined ? {} : { message }) });
    const base = normaliseDn(request.base);
    if (base === '' && request.scope === 'base') {
      return [this.#entry(id, this.#rootEntry(), request), done(resultCode.success)];
    }
    const reader = this.#reader;
    if (reader === undefined) {
      return [done(resultCode.insufficientAccessRights, 'Log in first.')];
    }
    const own = normaliseDn(this.#options.directory.base);
    if (base !== own && base !== '') {
      const entry = base.endsWith(`,${own}`)
        ? await this.#options.directory.find(reader, request.base)
        : undefined;
      return entry === undefined
        ? [searchDone(id, { code: resultCode.noSuchObject, matchedDn: own })]
        : [
            ...(request.scope === 'one' ? [] : [this.#entry(id, entry, request)]),
            done(resultCode.success),
          ];
    }
    if (request.scope === 'base') {
      return [this.#entry(id, this.#baseEntry(), request), done(resultCode.success)];
    }
    return this.#searchContacts(id, request, reader);
  }

  async #searchContacts(id: number, request: SearchRequest, reader: LdapReader): Promise<Buffer[]> {
    const { page, sizeLimit, filter } = request;
    const offset = page === undefined || page.cookie.length === 0 ? 0 : readCookie(page.cookie);
    if (offset === undefined) {
      const message = 'The cookie is not one of ours.';
      return [searchDone(id, { code: resultCode.unwillingToPerform, message })];
    }
    const wanted = sizeLimit === 0 ? Number.POSITIVE_INFINITY : sizeLimit - offset;
    const onPage = page === undefined ? maximumEntries : Math.min(page.size, maximumEntries);
    const limit = Math.max(0, Math.min(wanted, onPage));
    // One more tells whether that was all.
    const found = await this.#options.directory.search(reader, filter, {
      offset,
      limit: limit + 1,
    });
    const messages = found.slice(0, limit).map((entry) => this.#entry(id, entry, request));
    const hasMore = found.length > limit;
    const isCutShort = hasMore && (page === undefined || limit < onPage || limit === wanted);
    const code = isCutShort ? resultCode.sizeLimitExceeded : resultCode.success;
    const cookie = hasMore && !isCutShort ? writeCookie(offset + limit) : Buffer.alloc(0);
    return [...messages, searchDone(id, { code }, page === undefined ? undefined : cookie)];
  }

  #refuseCritical({ id, operation }: LdapRequest): SessionAnswer {
    const result = { code: resultCode.unavailableCriticalExtension };
    switch (operation.kind) {
      case 'bind':
        return { messages: [bindResponse(id, result)] };
      case 'search':
        return { messages: [searchDone(id, result)] };
      case 'extended':
        return { messages: [extendedResponse(id, result)] };
      case 'other':
        return { messages: [otherResponse(id, operation.responseTag, result)] };
      case 'unbind':
        return { messages: [], then: 'close' };
      case 'abandon':
        return { messages: [] };
    }
  }

  #entry(id: number, { dn, attributes }: LdapEntry, request: SearchRequest): Buffer {
    return searchEntry(id, { dn, attributes: select(attributes, request.attributes) }, request);
  }

  #rootEntry(): LdapEntry {
    return {
      dn: '',
      attributes: new Map([
        ['objectClass', ['top']],
        ['namingContexts', [this.#options.directory.base]],
        ['supportedLDAPVersion', ['3']],
        ['supportedControl', [pagedResultsOid]],
        ['supportedExtension', this.#options.hasTls ? [startTlsOid, whoAmIOid] : [whoAmIOid]],
        ['vendorName', ['Campanile']],
      ]),
    };
  }

  #baseEntry(): LdapEntry {
    const { base } = this.#options.directory;
    const [type = '', value = ''] = (base.split(',', 1)[0] ?? '').split('=');
    return {
      dn: base,
      attributes: new Map([
        ['objectClass', ['top', 'organization', 'dcObject']],
        [type, [value]],
        ...(type.toLowerCase() === 'o' ? [] : [['o', ['Campanile']] as const]),
      ]),
    };
  }
}

/** RFC 4511 §4.5.1.8: none or `*` means all, `1.1` none. */
function select(
  attributes: ReadonlyMap<string, readonly string[]>,
  wanted: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  if (wanted.length === 0 || wanted.includes('*') || wanted.includes('+')) {
    return attributes;
  }
  return new Map([...attributes].filter(([name]) => wanted.includes(name.toLowerCase())));
}

/** Lower case, without spaces around commas and equals signs. */
export function normaliseDn(dn: string): string {
  return dn
    .slice(0, 512)
    .toLowerCase()
    .replace(/\s*([,=])\s*/g, '$1')
    .trim();
}

function writeCookie(offset: number): Buffer {
  const cookie = Buffer.alloc(cookieBytes);
  cookie.writeUInt32BE(offset);
  return cookie;
}

function readCookie(cookie: Buffer): number | undefined {
  return cookie.length === cookieBytes ? cookie.readUInt32BE() : undefined;
}
