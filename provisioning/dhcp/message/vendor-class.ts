/**
 * Option 60: what a client says it is (RFC 2132 §9.13). Most phones send text; Polycom sends
 * `00 00 36 3D` (its enterprise number), a length, then code-length-value entries: 1 company,
 * 2 model, 3 part number, 4 application version, closed by 0xFF.
 */

export interface VendorClass {
  /** Printable text, at most 128 characters; for Polycom `Polycom VVX-VVX_450 5.9.0.9373`. */
  readonly text: string;
  /** Only where the class is structured. */
  readonly model?: string;
  readonly partNumber?: string;
  readonly firmware?: string;
}

const polycomEnterprise = 0x0000363d;
const maximumTextLength = 128;

/** Never throws; an empty class is undefined. */
export function readVendorClass(value: Buffer | undefined): VendorClass | undefined {
  if (value === undefined || value.length === 0) {
    return undefined;
  }
  if (value.length >= 5 && value.readUInt32BE(0) === polycomEnterprise) {
    return readPolycomClass(value);
  }
  const text = toPrintableText(value);
  return text === '' ? undefined : { text };
}

function readPolycomClass(value: Buffer): VendorClass {
  const entries = new Map<number, string>();
  for (let offset = 5; offset + 2 <= value.length && value.readUInt8(offset) !== 0xff;) {
    const end = offset + 2 + value.readUInt8(offset + 1);
    if (end > value.length) {
      break;
    }
    entries.set(value.readUInt8(offset), toPrintableText(value.subarray(offset + 2, end)));
    offset = end;
  }
  const model = entries.get(2);
  const partNumber = entries.get(3);
  const firmware = entries.get(4);
  return {
    text: ['Polycom', model, firmware].filter((part) => part !== undefined).join(' '),
    ...(model === undefined ? {} : { model }),
    ...(partNumber === undefined ? {} : { partNumber }),
    ...(firmware === undefined ? {} : { firmware }),
  };
}

/**
 * Text of a client, made safe to show and to store: a closing zero goes (Cisco sends one), other
 * characters that do not print become dots, and it is cut at 128 characters.
 */
export function toPrintableText(value: Buffer): string {
  return value
    .toString('latin1', 0, Math.min(value.length, maximumTextLength))
    .replace(/\0+$/, '')
    .replace(/[^\x20-\x7e]/g, '.')
    .trim();
}
