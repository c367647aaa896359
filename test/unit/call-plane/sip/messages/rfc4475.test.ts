/**
 * The torture messages of RFC 4475 §3, all 49, each with what becomes of it here. Notes say where we
 * are stricter or laxer than the RFC suggests. What the RFC leaves to the layers above the parser
 * (unknown methods, schemes and extensions) is accepted here and refused there.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  createResponse,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../../../../../system/call-plane/sip/messages/message.ts';
import { parseMessage } from '../../../../../system/call-plane/sip/messages/parse-message.ts';
import { serializeMessage } from '../../../../../system/call-plane/sip/messages/serialize-message.ts';
import { SipParseError } from '../../../../../system/call-plane/sip/messages/sip-parse-error.ts';
import type { SipUri } from '../../../../../system/call-plane/sip/messages/uri.ts';

const directory = new URL('../../../../fixtures/rfc4475/', import.meta.url);

interface Accepted {
  readonly section: string;
  readonly note?: string;
  readonly check: (message: SipMessage) => void;
}

interface Rejected {
  readonly section: string;
  readonly note?: string;
  readonly code: string;
  readonly status: number;
  /** Whether a response with that status can be sent. */
  readonly isAnswerable: boolean;
}

const accepted: Readonly<Record<string, Accepted>> = {
  wsinv: {
    section: '3.1.1.1',
    check(message) {
      expect(message.via).toMatchObject({
        protocol: 'UDP',
        host: '192.0.2.2',
        branch: '390skdjuw',
      });
      expect(message.headers.getAll('Via')).toHaveLength(3);
      expect(message.headers.getAll('Via')[2]).toMatch(/192\.168\.255\.111.*z9hG4bK30239$/);
      expect(message.from.displayName).toBe('J Rosenberg \\"');
      expect(message.from.parameters.get('tag')).toBe('98asjd8');
      expect(message.to.parameters.get('tag')).toBe('1918181833n');
      expect(message.cseq).toEqual({ sequence: 9, method: 'INVITE' });
      expect(message.maxForwards).toBe(68);
      expect(message.headers.get('Subject')).toBe('');
      expect(message.headers.get('newfangledheader')).toBe(
        'newfangled value continued newfangled value',
      );
      expect(message.headers.get('UnknownHeaderWithUnusualValue')).toBe(';;,,;;,;');
      const [contact] = message.contacts as ReturnType<typeof contactsOf>;
      expect(contact?.displayName).toBe('Quoted string ""');
      expect([...(contact?.parameters ?? [])]).toEqual([
        ['newparam', 'newvalue'],
        ['secondparam', undefined],
        ['q', '0.33'],
      ]);
      expect((message.routes[0]?.uri as SipUri).parameters.has('unknown-no-value')).toBe(true);
      expect(message.body).toHaveLength(150);
    },
  },
  intmeth: {
    section: '3.1.1.2',
    check(message) {
      const request = requireRequest(message);
      expect(request.method).toBe("!interesting-Method0123456789_*+`.%indeed'~");
      expect(request.requestUri).toMatchObject({
        user: "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*",
        password: "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)",
        host: 'example.com',
      });
      expect(message.to.displayName).toBe('BEL:\x07 NUL:\x00 DEL:\x7f');
      expect(message.from.displayName).toBe("token1~` token2'+_ token3*%!.-");
      expect(message.from.parameters.get("fromparam''~+*_!.-%")).toBe('работающий');
      expect(message.callId).toBe('intmeth.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{');
      expect(message.headers.get("extensionHeader-!.%*+_`'~")).toBe('\ufeff大停電');
    },
  },
  esc01: {
    section: '3.1.1.3',
    check(message) {
      expect(requireRequest(message).requestUri).toMatchObject({
        user: 'sips:user@example.com',
        host: 'example.net',
      });
      expect(message.to.uri).toMatchObject({ user: 'user' });
      expect(message.from.uri).toMatchObject({ user: 'I have spaces' });
      const uri = contactsOf(message)[0]?.uri as SipUri;
      expect(uri.user).toBe('caller');
      expect([...uri.parameters]).toEqual([
        ['lr', undefined],
        ['name', 'value%41'],
      ]);
    },
  },
  escnull: {
    section: '3.1.1.4',
    check(message) {
      expect(message.to.uri).toMatchObject({ user: 'null-\0-null' });
      expect(contactsOf(message).map(({ uri }) => (uri as SipUri).user)).toEqual(['\0', '\0\0']);
    },
  },
  esc02: {
    section: '3.1.1.5',
    check(message) {
      expect(requireRequest(message).method).toBe('RE%47IST%45R');
      expect(message.to.displayName).toBe('%Z%45');
      expect(message.via.branch).toBe('z9hG4bK209%fzsnel234');
      expect(contactsOf(message)).toHaveLength(2);
      expect(message.headers.has('C%6Fntact')).toBe(true);
    },
  },
  lwsdisp: {
    section: '3.1.1.6',
    check(message) {
      expect(message.from.displayName).toBe('caller');
    },
  },
  longreq: {
    section: '3.1.1.7',
    check(message) {
      expect(message.headers.getAll('Via')).toHaveLength(34);
      expect(message.from.parameters.get('tag')).toHaveLength(155);
      expect(message.body).toHaveLength(150);
    },
  },
  dblreq: {
    section: '3.1.1.8',
    check(message) {
      expect(requireRequest(message).method).toBe('REGISTER');
      expect(message.body).toHaveLength(0);
    },
  },
  semiuri: {
    section: '3.1.1.9',
    check(message) {
      expect(requireRequest(message).requestUri).toMatchObject({
        user: 'user;par=u@example.net',
        host: 'example.com',
      });
      expect(message.headers.getAll('Accept')).toHaveLength(6);
    },
  },
  transports: {
    section: '3.1.1.10',
    check(message) {
      expect(message.via.protocol).toBe('UDP');
      expect(message.headers.getAll('Via')).toHaveLength(5);
    },
  },
  mpart01: {
    section: '3.1.1.11',
    check(message) {
      expect(message.contentType).toBe('multipart/mixed');
      expect(message.body).toHaveLength(553);
      expect(message.body.includes(Buffer.from([0x30, 0x82, 0x01, 0x52]))).toBe(true);
    },
  },
  unreason: {
    section: '3.1.1.12',
    check(message) {
      expect(requireResponse(message).reason).toBe(
        '= 2**3 * 5**2 но сто девяносто девять - простое',
      );
      expect(message.body).toHaveLength(154);
    },
  },
  noreason: {
    section: '3.1.1.13',
    check(message) {
      expect(requireResponse(message)).toMatchObject({ status: 100, reason: '' });
    },
  },
  baddate: {
    section: '3.1.2.12',
    note: 'Laxer: nothing here depends on Date, so it is not looked at.',
    check(message) {
      expect(message.headers.get('Date')).toBe('Fri, 01 Jan 2010 16:00:00 EST');
    },
  },
  badbranch: {
    section: '3.2.1',
    note: 'The transaction layer treats such a branch as one of RFC 2543.',
    check(message) {
      expect(message.via.branch).toBe('z9hG4bK');
    },
  },
  unkscm: {
    section: '3.3.2',
    note: 'The layers above answer 416.',
    check(message) {
      expect(requireRequest(message).requestUri).toEqual({
        scheme: 'other',
        text: 'nobodyKnowsThisScheme:totallyopaquecontent',
      });
    },
  },
  novelsc: {
    section: '3.3.3',
    note: 'The layers above answer 416.',
    check(message) {
      expect(requireRequest(message).requestUri.scheme).toBe('other');
    },
  },
  unksm2: {
    section: '3.3.4',
    note: 'The registrar refuses such an address-of-record.',
    check(message) {
      expect(message.to.uri).toEqual({ scheme: 'other', text: 'isbn:2983792873' });
      expect(message.from.uri).toEqual({ scheme: 'other', text: 'http://www.example.com' });
    },
  },
  bext01: {
    section: '3.3.5',
    note: 'The layers above answer 420.',
    check(message) {
      expect(message.headers.getAll('Require')).toEqual([
        'nothingSupportsThis',
        'nothingSupportsThisEither',
      ]);
    },
  },
  invut: {
    section: '3.3.6',
    note: 'The layers above answer 415.',
    check(message) {
      expect(message.contentType).toBe('application/unknownformat');
      expect(message.body).toHaveLength(40);
    },
  },
  regaut01: {
    section: '3.3.7',
    note: 'Answered with a challenge in schemes that we know.',
    check(message) {
      expect(message.headers.get('Authorization')).toBe('NoOneKnowsThisScheme opaque-data=here');
    },
  },
  bcast: {
    section: '3.3.10',
    note: 'Dropped above: it matches no transaction.',
    check(message) {
      expect(message.headers.getAll('Via')).toHaveLength(2);
    },
  },
  zeromf: {
    section: '3.3.11',
    note: 'We are the endpoint: 0 is enough to reach us.',
    check(message) {
      expect(message.maxForwards).toBe(0);
    },
  },
  cparam01: {
    section: '3.3.12',
    check(message) {
      const [contact] = contactsOf(message);
      expect(contact?.parameters.has('unknownparam')).toBe(true);
      expect((contact?.uri as SipUri).parameters.size).toBe(0);
    },
  },
  cparam02: {
    section: '3.3.13',
    check(message) {
      const [contact] = contactsOf(message);
      expect(contact?.parameters.size).toBe(0);
      expect((contact?.uri as SipUri).parameters.has('unknownparam')).toBe(true);
    },
  },
  regescrt: {
    section: '3.3.14',
    check(message) {
      expect((contactsOf(message)[0]?.uri as SipUri).headers).toBe(
        'Route=%3Csip:sip.example.com%3E',
      );
    },
  },
  sdp01: {
    section: '3.3.15',
    note: 'The layers above answer 406: we have no body of that type to offer.',
    check(message) {
      expect(message.headers.getAll('Accept')).toEqual(['text/nobodyKnowsThis']);
    },
  },
  inv2543: {
    section: '3.4.1',
    note: 'No branch, no tags, no Max-Forwards, no Content-Length: RFC 2543.',
    check(message) {
      expect(message.via.branch).toBeUndefined();
      expect(message.maxForwards).toBeUndefined();
      expect(message.body.toString()).toMatch(/^v=0\r\n.*RTP\/AVP 0\r\n$/s);
    },
  },
};

const rejected: Readonly<Record<string, Rejected>> = {
  badinv01: {
    section: '3.1.2.1',
    note: 'No response: its Via cannot be read.',
    code: 'parameter',
    status: 400,
    isAnswerable: false,
  },
  clerr: { section: '3.1.2.2', code: 'content-length', status: 400, isAnswerable: true },
  ncl: { section: '3.1.2.3', code: 'content-length', status: 400, isAnswerable: true },
  scalar02: { section: '3.1.2.4', code: 'cseq', status: 400, isAnswerable: true },
  scalarlg: {
    section: '3.1.2.5',
    note: 'A response: dropped.',
    code: 'cseq',
    status: 400,
    isAnswerable: false,
  },
  quotbal: { section: '3.1.2.6', code: 'name-addr', status: 400, isAnswerable: true },
  ltgtruri: {
    section: '3.1.2.7',
    note: 'Stricter: the RFC would allow to take the URI out of the brackets.',
    code: 'uri',
    status: 400,
    isAnswerable: true,
  },
  lwsruri: {
    section: '3.1.2.8',
    note: 'Stricter: the RFC would allow to remove the white space.',
    code: 'uri',
    status: 400,
    isAnswerable: true,
  },
  lwsstart: {
    section: '3.1.2.9',
    note: 'Stricter: the RFC would allow to remove the white space.',
    code: 'uri',
    status: 400,
    isAnswerable: true,
  },
  trws: {
    section: '3.1.2.10',
    note: 'Stricter: the RFC would allow to remove the white space.',
    code: 'start-line',
    status: 400,
    isAnswerable: true,
  },
  escruri: {
    section: '3.1.2.11',
    note: 'Stricter: the RFC would allow to ignore the headers in the URI.',
    code: 'uri',
    status: 400,
    isAnswerable: true,
  },
  regbadct: { section: '3.1.2.13', code: 'name-addr', status: 400, isAnswerable: true },
  badaspec: {
    section: '3.1.2.14',
    note: 'Stricter: the RFC would allow to remove the white space.',
    code: 'uri',
    status: 400,
    isAnswerable: true,
  },
  baddn: {
    section: '3.1.2.15',
    note: 'Stricter: the RFC would allow to guess what was meant.',
    code: 'name-addr',
    status: 400,
    isAnswerable: true,
  },
  badvers: { section: '3.1.2.16', code: 'version', status: 505, isAnswerable: true },
  mismatch01: { section: '3.1.2.17', code: 'cseq', status: 400, isAnswerable: true },
  mismatch02: {
    section: '3.1.2.18',
    note: '400 rather than 501: the fault is found before the method is looked at.',
    code: 'cseq',
    status: 400,
    isAnswerable: true,
  },
  bigcode: {
    section: '3.1.2.19',
    note: 'A response: dropped.',
    code: 'start-line',
    status: 400,
    isAnswerable: false,
  },
  insuf: {
    section: '3.3.1',
    note: 'No response: there is nothing to put into From, To and Call-ID.',
    code: 'missing-header-field',
    status: 400,
    isAnswerable: false,
  },
  multi01: { section: '3.3.8', code: 'repeated-header-field', status: 400, isAnswerable: true },
  mcl01: { section: '3.3.9', code: 'repeated-header-field', status: 400, isAnswerable: true },
};

function read(name: string): Buffer {
  return readFileSync(new URL(`${name}.dat`, directory));
}

function contactsOf(message: SipMessage) {
  if (message.contacts === '*') {
    throw new Error('expected addresses');
  }
  return message.contacts;
}

function requireRequest(message: SipMessage): SipRequest {
  if (message.kind !== 'request') {
    throw new Error('expected a request');
  }
  return message;
}

function requireResponse(message: SipMessage): SipResponse {
  if (message.kind !== 'response') {
    throw new Error('expected a response');
  }
  return message;
}

function parseFailure(bytes: Buffer): SipParseError {
  try {
    parseMessage(bytes);
  } catch (error) {
    if (error instanceof SipParseError) {
      return error;
    }
    throw error;
  }
  throw new Error('expected a parse error');
}

test('every message of the RFC has its expected outcome here', () => {
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.dat'))
    .map((name) => name.slice(0, -4));
  expect(files).toHaveLength(49);
  expect([...Object.keys(accepted), ...Object.keys(rejected)].sort()).toEqual(files.sort());
});

test.each(Object.entries(accepted))('[SIP-001] accepts %s', (name, { check }) => {
  const message = parseMessage(read(name));
  check(message);
  /* What was accepted survives being written and read again. */
  const again = parseMessage(serializeMessage(message));
  check(again);
  expect(again.body.equals(message.body)).toBe(true);
});

test.each(Object.entries(rejected))(
  '[SIP-001] rejects %s with the rule it breaks',
  (name, { code, status, isAnswerable }) => {
    const error = parseFailure(read(name));
    expect(error).toMatchObject({ code, status });
    expect(error.request !== undefined).toBe(isAnswerable);
    if (error.request !== undefined) {
      const bytes = serializeMessage(
        createResponse(error.request, status, undefined, { toTag: 't' }),
      );
      expect(bytes.toString()).toMatch(new RegExp(`^SIP/2.0 ${String(status)} .*\r\nVia: `));
    }
  },
);
