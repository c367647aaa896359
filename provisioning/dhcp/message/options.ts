/**
 * The options area of a DHCP message (RFC 2132 §2): code, length, value; 0 pads, 255 ends. Values
 * longer than 255 bytes are split and joined (RFC 3396); option 52 lets the `file` and `sname`
 * fields carry options too (RFC 2131 §4.1).
 */
import { failParse } from '../dhcp-error.ts';
import { optionCode } from './option-code.ts';

/** Raw values by option code, in the order of first appearance. */
export type OptionMap = ReadonlyMap<number, Buffer>;

/** More options than this in a message is an attack: a phone sends ten to thirty. */
const maximumOptions = 256;
const maximumValueBytes = 255;

/**
 * Reads options out of `area` into `options`; equal codes are joined (RFC 3396 §5). A missing end
 * option is forgiven, because clients are known that leave it out. Throws DhcpError `malformed`.
 */
export function parseOptionArea(area: Buffer, options: Map<number, Buffer>): void {
  let offset = 0;
  let count = 0;
  while (offset < area.length) {
    const code = area.readUInt8(offset);
    offset += 1;
    if (code === optionCode.pad) {
      continue;
    }
    if (code === optionCode.end) {
      return;
    }
    if (offset === area.length) {
      failParse(`Option ${String(code)} has no length.`);
    }
    const length = area.readUInt8(offset);
    offset += 1;
    if (offset + length > area.length) {
      failParse(`Option ${String(code)} is longer than the message.`);
    }
    count += 1;
    if (count > maximumOptions) {
      failParse(`More than ${String(maximumOptions)} options.`);
    }
    const value = area.subarray(offset, offset + length);
    const before = options.get(code);
    options.set(code, before === undefined ? value : Buffer.concat([before, value]));
    offset += length;
  }
}

/** Bytes that an option takes in a message. */
export function sizeOfOption(value: Buffer): number {
  return value.length + 2 * Math.max(1, Math.ceil(value.length / maximumValueBytes));
}

/** Writes one option at `offset`, in pieces where it is long (RFC 3396 §6); returns the next offset. */
export function writeOption(target: Buffer, offset: number, code: number, value: Buffer): number {
  let written = 0;
  let next = offset;
  do {
    const length = Math.min(maximumValueBytes, value.length - written);
    next = target.writeUInt8(code, next);
    next = target.writeUInt8(length, next);
    next += value.copy(target, next, written, written + length);
    written += length;
  } while (written < value.length);
  return next;
}
