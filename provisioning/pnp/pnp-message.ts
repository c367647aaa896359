/**
 * SIP PnP (multicast ua-profile, RFC 6080 as phones speak it): reads the SUBSCRIBE that a phone sends
 * to 224.0.1.75, writes the 200 and the NOTIFY with the address of its files. Small on purpose: what
 * is not such a SUBSCRIBE is not answered. Pure.
 */

/** What a phone says of itself. */
export interface PnpRequest {
  /** 12 hexadecimal digits, lower case; not every phone names it. */
  readonly mac: string | undefined;
  readonly vendor: string;
  readonly model: string;
  readonly version: string;
  readonly userAgent: string | undefined;
  /** Header fields that the answers repeat, as they came. */
  readonly vias: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly cseq: string;
  /** Where the NOTIFY goes. */
  readonly contact: { readonly uri: string; readonly host: string; readonly port: number };
}

export const pnpLimits = { bytes: 4096, lines: 64, lineCharacters: 512 } as const;

const macPattern = /MAC(?:%3a|:|=)?([0-9a-f]{12})(?![0-9a-f])/i;
const eventPattern = /^ua-profile\s*(?:;|$)/i;
/** IPv4 only: the group is one of IPv4. */
const contactPattern =
  /<?(sip:(?:[^@<>\s;]{0,128}@)?(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?(?:;[^<>\s,]{0,200})?)>?/i;

/** Undefined for everything else. */
export function parsePnpRequest(datagram: Buffer): PnpRequest | undefined {
  if (datagram.length > pnpLimits.bytes) {
    return undefined;
  }
  const [startLine = '', ...lines] = datagram.toString('utf8').split('\r\n');
  const requestUri = /^SUBSCRIBE (\S{1,256}) SIP\/2\.0$/.exec(startLine)?.[1];
  if (requestUri === undefined || lines.length > pnpLimits.lines) {
    return undefined;
  }
  const fields = readFields(lines);
  const single = (name: string): string => fields.get(name)?.[0] ?? '';
  const event = single('event');
  const contact = readContact(single('contact'));
  const from = single('from');
  const callId = single('call-id');
  const cseq = single('cseq');
  if (
    !eventPattern.test(event) ||
    contact === undefined ||
    from === '' ||
    callId === '' ||
    !/^\d{1,10}\s+SUBSCRIBE$/.test(cseq)
  ) {
    return undefined;
  }
  const userAgent = fields.get('user-agent')?.[0];
  const mac = [requestUri, from, single('to'), userAgent ?? '']
    .map((text) => macPattern.exec(text)?.[1])
    .find((found) => found !== undefined);
  return {
    mac: mac?.toLowerCase(),
    vendor: parameterOf(event, 'vendor'),
    model: parameterOf(event, 'model'),
    version: parameterOf(event, 'version'),
    userAgent,
    vias: fields.get('via') ?? [],
    from,
    to: single('to'),
    callId,
    cseq,
    contact,
  };
}

/** The 200 that goes back to where the SUBSCRIBE came from. */
export function serializePnpAnswer(request: PnpRequest, server: string, tag: string): Buffer {
  return serialize('SIP/2.0 200 OK', [
    ...request.vias.map((via) => `Via: ${via}`),
    `From: ${request.from}`,
    `To: ${request.to};tag=${tag}`,
    `Call-ID: ${request.callId}`,
    `CSeq: ${request.cseq}`,
    `Contact: <sip:${server}>`,
    'Expires: 0',
  ]);
}

/** `server`: our `address:port`; `branch` begins with the magic cookie z9hG4bK. */
export function serializePnpNotify(
  request: PnpRequest,
  options: {
    readonly server: string;
    readonly tag: string;
    readonly branch: string;
    readonly url: string;
  },
): Buffer {
  const { server, tag, branch, url } = options;
  return serialize(
    `NOTIFY ${request.contact.uri} SIP/2.0`,
    [
      `Via: SIP/2.0/UDP ${server};branch=${branch};rport`,
      `From: ${request.to};tag=${tag}`,
      `To: ${request.from}`,
      `Call-ID: ${request.callId}`,
      'CSeq: 1 NOTIFY',
      'Max-Forwards: 70',
      `Contact: <sip:${server}>`,
      'Event: ua-profile;profile-type="device"',
      'Subscription-State: terminated;reason=timeout',
      'Content-Type: application/url',
    ],
    url,
  );
}

/** Whether a datagram is an answer to our NOTIFY of this branch. */
export function isAnswerTo(datagram: Buffer, branch: string): boolean {
  const text = datagram.toString('utf8', 0, pnpLimits.bytes);
  return /^SIP\/2\.0 [2-6]\d\d /.test(text) && text.includes(`branch=${branch}`);
}

function serialize(startLine: string, fields: readonly string[], body = ''): Buffer {
  const length = `Content-Length: ${String(Buffer.byteLength(body))}`;
  return Buffer.from([startLine, ...fields, length, '', body].join('\r\n'));
}

const longNames: ReadonlyMap<string, string> = new Map([
  ['v', 'via'],
  ['f', 'from'],
  ['t', 'to'],
  ['i', 'call-id'],
  ['m', 'contact'],
  ['o', 'event'],
]);

function readFields(lines: readonly string[]): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const line of lines) {
    if (line === '') {
      break;
    }
    const match =
      line.length > pnpLimits.lineCharacters ? null : /^([A-Za-z-]{1,40})\s*:\s*(.*)$/.exec(line);
    const [, written = '', value = ''] = match ?? [];
    const name = longNames.get(written.toLowerCase()) ?? written.toLowerCase();
    // What could end a line of the answer is not repeated.
    if (match !== null && !/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
      fields.set(name, [...(fields.get(name) ?? []), value.trim()]);
    }
  }
  return fields;
}

function readContact(text: string): PnpRequest['contact'] | undefined {
  const [, uri = '', host = '', portText] = contactPattern.exec(text) ?? [];
  const port = portText === undefined ? 5060 : Number(portText);
  return uri === '' || port < 1 || port > 65_535 ? undefined : { uri, host, port };
}

function parameterOf(event: string, name: string): string {
  const quoted = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]{0,100})"|([^;\\s"]{1,100}))`, 'i');
  const [, inQuotes, plain] = quoted.exec(event) ?? [];
  return inQuotes ?? plain ?? '';
}
