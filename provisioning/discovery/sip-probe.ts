/**
 * OPTIONS (RFC 3261 §11) to a single address, and what its answer tells of the sender. Every answer is
 * good, a refusal as well: it is the User-Agent or Server field that is wanted. Pure.
 */

export interface SipProbe {
  /** Of the answer's Call-ID: whoever does not repeat it was not asked. */
  readonly callId: string;
  readonly target: string;
  /** Our `address:port`. */
  readonly server: string;
  readonly branch: string;
  readonly tag: string;
}

export const sipAnswerLimits = { bytes: 8_192, lines: 64, agentCharacters: 200 } as const;

export function serializeSipProbe({ callId, target, server, branch, tag }: SipProbe): Buffer {
  const lines = [
    `OPTIONS sip:${target} SIP/2.0`,
    `Via: SIP/2.0/UDP ${server};branch=${branch};rport`,
    'Max-Forwards: 70',
    `From: <sip:${server}>;tag=${tag}`,
    `To: <sip:${target}>`,
    `Call-ID: ${callId}`,
    'CSeq: 1 OPTIONS',
    `Contact: <sip:${server}>`,
    'Accept: application/sdp',
    'Content-Length: 0',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}

export interface SipAnswer {
  readonly callId: string;
  /** Missing where the sender does not name itself. */
  readonly userAgent: string | undefined;
}

/** Undefined for what is no answer of SIP. */
export function parseSipAnswer(datagram: Buffer): SipAnswer | undefined {
  const text = datagram.toString('utf8', 0, sipAnswerLimits.bytes);
  const [statusLine = '', ...lines] = text.split(/\r?\n/, sipAnswerLimits.lines);
  if (!/^SIP\/2\.0 [1-6]\d\d /.test(statusLine)) {
    return undefined;
  }
  const find = (names: readonly string[]): string | undefined => {
    for (const line of lines) {
      if (line === '') {
        return undefined;
      }
      const colon = line.indexOf(':');
      if (colon > 0 && names.includes(line.slice(0, colon).trim().toLowerCase())) {
        return line.slice(colon + 1).trim();
      }
    }
    return undefined;
  };
  const callId = find(['call-id', 'i']);
  const agent = find(['user-agent']) ?? find(['server']);
  return callId === undefined ? undefined : { callId, userAgent: toAgent(agent) };
}

function toAgent(text = ''): string | undefined {
  const readable = text.replaceAll(/[^\x20-\x7e]/g, '').slice(0, sipAnswerLimits.agentCharacters);
  return readable === '' ? undefined : readable;
}
