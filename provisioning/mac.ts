/** MAC addresses: one spelling inside (12 hexadecimal digits, lower case), all spellings outside. */

const spelled = /^[0-9a-f]{2}([:. -]?)[0-9a-f]{2}(?:[:. -]?[0-9a-f]{2}){4}$/i;

/** The MAC in `00:15:65:aa:bb:cc`, `00-15-65-AA-BB-CC`, `0015.65aa.bbcc` or plain; else undefined. */
export function parseMac(text: string): string | undefined {
  if (text.length > 17 || !spelled.test(text)) {
    return undefined;
  }
  return text.replace(/[:. -]/g, '').toLowerCase();
}

/** `separateMac('001565aabbcc', ':')` → `00:15:65:aa:bb:cc`. */
export function separateMac(mac: string, separator: string): string {
  return (mac.match(/../g) ?? []).join(separator);
}
