/** Replies (RFC 959 §4.2): three digits and a text for people, on one line or several. */

export interface FtpReply {
  readonly code: number;
  readonly text: string;
  /** Between the first line and the last one. */
  readonly lines?: readonly string[];
}

export function serializeReply({ code, text, lines }: FtpReply): string {
  const digits = String(code);
  if (lines === undefined) {
    return `${digits} ${oneLine(text)}\r\n`;
  }
  // The blank in front keeps a line from looking like the last one.
  const inside = lines.map((line) => ` ${oneLine(line)}\r\n`).join('');
  return `${digits}-${oneLine(text)}\r\n${inside}${digits} End.\r\n`;
}

/** A path in quotes, as PWD and MKD tell it (§4.2, 257). */
export function quotePath(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}

function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]/g, '?');
}
