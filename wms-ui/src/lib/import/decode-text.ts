/** Bytes of a chosen file as text. Spreadsheets and old phones write the code page of Western Europe, too. */

/** Takes UTF-8, with or without a byte order mark, and whatever is none as Windows-1252. */
export function decodeText(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
