/**
 * Bytes of the control connection → commands (RFC 959 §5.3). Telnet's own bytes, with which clients
 * mark an ABOR (§3.4.1), are left out. A line that is too long is passed over in constant memory.
 */

export interface FtpCommand {
  /** In upper case. */
  readonly verb: string;
  /** Without the blank before it; empty when there is none. */
  readonly argument: string;
}

/** Undefined: a line that is no command, or too long for one. */
export type ReadLine = FtpCommand | undefined;

export const maximumLineBytes = 1_024;

const lineFeed = 0x0a;
/** Telnet: the byte after it is a command. */
const interpretAsCommand = 0xff;
/** WILL to DONT have an option behind them. */
const firstNegotiation = 0xfb;
const lastNegotiation = 0xfe;

export class CommandReader {
  #pieces: Buffer[] = [];
  #sizeBytes = 0;

  push(chunk: Buffer): ReadLine[] {
    const lines: ReadLine[] = [];
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      this.#keep(chunk.subarray(from, end));
      lines.push(this.#take());
      from = end + 1;
    }
    this.#keep(chunk.subarray(from));
    return lines;
  }

  #keep(piece: Buffer): void {
    this.#sizeBytes += piece.length;
    if (this.#sizeBytes > maximumLineBytes) {
      this.#pieces = [];
    } else if (piece.length > 0) {
      this.#pieces.push(piece);
    }
  }

  #take(): ReadLine {
    const line = this.#sizeBytes > maximumLineBytes ? undefined : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#sizeBytes = 0;
    return line === undefined ? undefined : parseCommand(line);
  }
}

function parseCommand(line: Buffer): ReadLine {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(withoutTelnet(line));
  } catch {
    // Names in other encodings (RFC 2640 asks for UTF-8) are none of ours.
    return undefined;
  }
  const match = /^([A-Za-z]{3,4})(?: ([^\u0000-\u001f\u007f]*))?$/.exec(text.replace(/\r$/, ''));
  const [, verb = '', argument = ''] = match ?? [];
  return match === null ? undefined : { verb: verb.toUpperCase(), argument };
}

function withoutTelnet(line: Buffer): Buffer {
  if (!line.includes(interpretAsCommand)) {
    return line;
  }
  const kept: number[] = [];
  for (let index = 0; index < line.length; index += 1) {
    const byte = line[index] ?? 0;
    if (byte !== interpretAsCommand) {
      kept.push(byte);
      continue;
    }
    const command = line[index + 1] ?? 0;
    index += command >= firstNegotiation && command <= lastNegotiation ? 2 : 1;
  }
  return Buffer.from(kept);
}
