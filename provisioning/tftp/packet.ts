/**
 * TFTP packets (RFC 1350 §5; options: RFC 2347). Numbers are 16 bits, texts end with a zero:
 *
 *   1 RRQ, 2 WRQ   | opcode | file name 0 | mode 0 | (option 0 | value 0)…
 *   3 DATA         | opcode | block | up to blksize bytes
 *   4 ACK          | opcode | block
 *   5 ERROR        | opcode | code | message 0
 *   6 OACK         | opcode | (option 0 | value 0)…
 */

export type TransferMode = 'octet' | 'netascii';

export type ClientPacket =
  | {
      readonly kind: 'read';
      readonly fileName: string;
      readonly mode: TransferMode;
      /** By lower-case name; the first of equal names counts. */
      readonly options: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'write'; readonly fileName: string }
  | { readonly kind: 'acknowledge'; readonly block: number }
  | { readonly kind: 'error'; readonly code: number; readonly message: string }
  /** What a client never sends, or what breaks the format. */
  | { readonly kind: 'illegal'; readonly reason: string };

/** RFC 1350 appendix, error codes. */
export const errorCode = {
  notDefined: 0,
  fileNotFound: 1,
  accessViolation: 2,
  illegalOperation: 4,
} as const;

/** RFC 2347 §2: a request has at most 512 bytes; some phones send long paths all the same. */
const maximumRequestBytes = 1_024;
const maximumOptions = 16;
const maximumMessageLength = 128;

/** Any bytes; never throws. */
export function parseClientPacket(datagram: Buffer): ClientPacket {
  const opcode = datagram.length >= 4 ? datagram.readUInt16BE(0) : 0;
  switch (opcode) {
    case 1:
    case 2:
      return parseRequest(datagram, opcode === 2);
    case 4:
      return { kind: 'acknowledge', block: datagram.readUInt16BE(2) };
    case 5: {
      const end = datagram.indexOf(0, 4);
      const message = datagram.toString(
        'latin1',
        4,
        Math.min(end === -1 ? datagram.length : end, 4 + maximumMessageLength),
      );
      return { kind: 'error', code: datagram.readUInt16BE(2), message };
    }
    default:
      return { kind: 'illegal', reason: 'Illegal TFTP operation' };
  }
}

function parseRequest(datagram: Buffer, isWrite: boolean): ClientPacket {
  if (datagram.length > maximumRequestBytes) {
    return { kind: 'illegal', reason: 'Request too long' };
  }
  const texts = readTexts(datagram, 2);
  const [fileName = '', modeText] = texts;
  const mode = modeText?.toLowerCase();
  if (fileName === '' || mode === undefined) {
    return { kind: 'illegal', reason: 'Request without file name or mode' };
  }
  if (isWrite) {
    return { kind: 'write', fileName };
  }
  if (mode !== 'octet' && mode !== 'netascii') {
    return { kind: 'illegal', reason: 'Mode must be octet or netascii' };
  }
  const options = new Map<string, string>();
  for (let index = 2; index + 1 < texts.length && options.size < maximumOptions; index += 2) {
    const name = texts[index]?.toLowerCase() ?? '';
    if (!options.has(name)) {
      options.set(name, texts[index + 1] ?? '');
    }
  }
  return { kind: 'read', fileName, mode, options };
}

/** A last text without its zero is left out: the packet was cut off. */
function readTexts(datagram: Buffer, start: number): string[] {
  const texts: string[] = [];
  for (let offset = start; texts.length < 2 + 2 * maximumOptions;) {
    const end = datagram.indexOf(0, offset);
    if (end === -1) {
      break;
    }
    texts.push(datagram.toString('utf8', offset, end));
    offset = end + 1;
  }
  return texts;
}

/** The first four bytes of a DATA packet; `block` is any count, sent modulo 65,536. */
export function createDataHeader(block: number): Buffer {
  const header = Buffer.allocUnsafe(4);
  header.writeUInt16BE(3, 0);
  header.writeUInt16BE(block & 0xffff, 2);
  return header;
}

export function serializeOptionAcknowledgement(options: ReadonlyMap<string, string>): Buffer {
  const texts = [...options].flat().map((text) => `${text}\0`);
  return Buffer.concat([Buffer.of(0, 6), Buffer.from(texts.join(''), 'latin1')]);
}

export function serializeError(code: number, message: string): Buffer {
  return Buffer.concat([Buffer.of(0, 5, 0, code), Buffer.from(`${message}\0`, 'latin1')]);
}
