/**
 * A datagram of syslog (RFC 3164, RFC 5424) → what it says. Phones take the formats lightly, so whatever
 * does not fit is text: nothing is refused, everything is bounded and made harmless. Pure.
 */

/** By severity, 0 to 7 (RFC 5424 §6.2.1). */
export const syslogSeverities = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'info',
  'debug',
] as const;
export type SyslogSeverity = (typeof syslogSeverities)[number];

export interface SyslogMessage {
  /** 0 to 23. */
  readonly facility: number;
  readonly severity: SyslogSeverity;
  /** The sender's own time as it writes it; empty where it tells none. */
  readonly stamp: string;
  readonly host: string;
  /** Program or tag, with its process where it is told. */
  readonly app: string;
  /** Lines are parted by `\n`; without any other control character. */
  readonly text: string;
}

export const syslogLimits = { bytes: 8_192, textCharacters: 4_000, nameCharacters: 64 } as const;

/** RFC 3164 §4.3.3: user, notice. */
const defaultPriority = 13;

const priorityPattern = /^<(\d{1,3})>/;
/** Version, time, host, program, process, message id: `-` stands for none. */
const headerPattern = /^1 (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) (?=-|\[)/;
/** Elements about the message itself (§7), which say nothing of the device. */
const metaElement = /\[(?:timeQuality|origin|meta)(?: (?:[^"\]]|"(?:[^"\\]|\\.)*")*)?\]/g;
const stampPattern =
  /^((?:[A-Z][a-z]{2} {1,2}\d{1,2}(?: \d{4})? \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)|(?:\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}[\d.:+Z-]{0,20})):? +/;
/** A name or an address, not `tag:` and not `tag[7]`; digits alone are a process of the text. */
const hostPattern = /^([A-Za-z0-9][\w.:-]{0,253}[\w]|[A-Za-z]) +(?=\S)/;
const tagPattern = /^([A-Za-z_][\w./-]{0,47})(?:\[(\d{1,10})\])?:(?!\/) ?/;

/** Never throws. */
export function parseSyslogMessage(datagram: Buffer): SyslogMessage {
  const received = datagram.toString('utf8', 0, syslogLimits.bytes);
  const [written = '', digits] = priorityPattern.exec(received) ?? [];
  const priority = Number(digits ?? defaultPriority);
  // 23 facilities of 8 severities: what is beyond is no priority but text.
  const isPriority = priority <= 191;
  const rest = isPriority ? received.slice(written.length) : received;
  const known = isPriority ? priority : defaultPriority;
  const read = readStructured(rest) ?? readPlain(rest);
  return {
    facility: known >> 3,
    severity: syslogSeverities[known & 7] ?? 'notice',
    stamp: toName(read.stamp),
    host: toName(read.host),
    app: toName(read.app),
    text: makeHarmless(read.text).trim().slice(0, syslogLimits.textCharacters),
  };
}

type Read = Pick<SyslogMessage, 'stamp' | 'host' | 'app' | 'text'>;

/** RFC 5424 §6. */
function readStructured(rest: string): Read | undefined {
  const [header, stamp, host, program, process] = headerPattern.exec(rest) ?? [];
  if (header === undefined) {
    return undefined;
  }
  const body = rest.slice(header.length);
  const end = body.startsWith('-') ? 1 : findEndOfData(body);
  if (end === undefined) {
    return undefined;
  }
  const app = program === '-' ? '' : (program ?? '');
  // What other elements say is shown as it came: few phones send any, and those that do mean it as text.
  const data = body.startsWith('-') ? '' : `${body.slice(0, end).replaceAll(metaElement, '')} `;
  return {
    stamp: orNone(stamp),
    host: orNone(host),
    app: process === undefined || process === '-' ? app : `${app}[${process}]`,
    text: `${data}${body
      .slice(end)
      .trim()
      .replace(/^\uFEFF/, '')}`,
  };
}

/** Elements in brackets, in whose quotes `\"`, `\\` and `\]` are escaped (§6.3.3). */
function findEndOfData(body: string): number | undefined {
  let isQuoted = false;
  let isInside = false;
  for (let at = 0; at < body.length; at += 1) {
    const character = body[at];
    if (isQuoted && character === '\\') {
      at += 1;
    } else if (isInside && character === '"') {
      isQuoted = !isQuoted;
    } else if (!isQuoted && character === ']') {
      isInside = false;
    } else if (!isInside && character === '[') {
      isInside = true;
    } else if (!isInside) {
      return at;
    }
  }
  return isInside ? undefined : body.length;
}

/** RFC 3164 §4.1, each part of which devices leave out. */
function readPlain(rest: string): Read {
  const [stampText = '', stamp = ''] = stampPattern.exec(rest) ?? [];
  let text = rest.slice(stampText.length);
  let host = '';
  if (stamp !== '' && !tagPattern.test(text)) {
    const [hostText = '', found = ''] = hostPattern.exec(text) ?? [];
    host = found;
    text = text.slice(hostText.length);
  }
  const [tagText = '', tag = '', process] = tagPattern.exec(text) ?? [];
  return {
    stamp,
    host,
    app: process === undefined ? tag : `${tag}[${process}]`,
    text: text.slice(tagText.length),
  };
}

function orNone(part: string | undefined): string {
  return part === undefined || part === '-' ? '' : part;
}

function toName(text: string): string {
  return makeHarmless(text).replaceAll('\n', ' ').slice(0, syslogLimits.nameCharacters);
}

/** Controls, marks that turn the direction of text, and halves of characters. */
const harmful =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Cs}/gu;

/** Lines end with `\n`; every other character that would act instead of being read is spelled. */
function makeHarmless(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/\u0000+$/g, '')
    .replaceAll(harmful, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return code < 0x100
        ? `\\x${code.toString(16).padStart(2, '0')}`
        : `\\u{${code.toString(16)}}`;
    });
}
