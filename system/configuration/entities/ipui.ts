/**
 * The identity of a DECT handset: IPUI type N as 10 hexadecimal digits, and the IPEI printed on its
 * label (13 digits: 5 of the manufacturer, 7 of the handset, a check digit). Both say the same:
 * EN 300 175-6 §10. Browser-safe.
 *
 *     IPUI N   4 bits type 0 | 16 bits manufacturer (EMC) | 20 bits handset (PSN)
 */

const manufacturerLimit = 0xffff;
const handsetLimit = 0xfffff;
/** What bases write for a place without a handset. */
const nobody = 'FFFFFFFFFF';

export const ipuiPattern = /^0[0-9A-F]{9}$/;

/**
 * What people type or paste, with or without blanks and dashes: the IPUI (also with `0x`), or the
 * IPEI. Undefined when it is neither, also when the IPEI's check digit is wrong.
 */
export function parseIpui(text: string): string | undefined {
  const compact = text
    .trim()
    .replaceAll(/[\s-]/g, '')
    .toUpperCase()
    .replace(/^0X(?=[0-9A-F]{10}$)/, '');
  if (/^[0-9A-F]{10}$/.test(compact)) {
    return compact !== nobody && ipuiPattern.test(compact) ? compact : undefined;
  }
  return /^\d{12}[\d*]$/.test(compact) ? parseIpei(compact) : undefined;
}

/** `00229 0123456 7`, as it stands on the label. */
export function toIpei(ipui: string): string {
  const manufacturer = Number.parseInt(ipui.slice(1, 5), 16).toString().padStart(5, '0');
  const handset = Number.parseInt(ipui.slice(5), 16).toString().padStart(7, '0');
  return `${manufacturer} ${handset} ${checkDigitOf(`${manufacturer}${handset}`)}`;
}

function parseIpei(digits: string): string | undefined {
  const manufacturer = Number(digits.slice(0, 5));
  const handset = Number(digits.slice(5, 12));
  if (
    manufacturer > manufacturerLimit ||
    handset > handsetLimit ||
    checkDigitOf(digits.slice(0, 12)) !== digits.slice(12)
  ) {
    return undefined;
  }
  const hex = (value: number, width: number): string =>
    value.toString(16).toUpperCase().padStart(width, '0');
  return `0${hex(manufacturer, 4)}${hex(handset, 5)}`;
}

/** Sum of each digit times its place, modulo 11; 10 is written as an asterisk. */
function checkDigitOf(digits: string): string {
  let sum = 0;
  for (const [index, digit] of Array.from(digits).entries()) {
    sum += Number(digit) * (index + 1);
  }
  return sum % 11 === 10 ? '*' : String(sum % 11);
}
