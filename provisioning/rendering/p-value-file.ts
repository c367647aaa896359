/**
 * The binary form of configuration that Grandstream devices take which know no XML. A head of 16
 * bytes, big endian: length of the file in words of 16 bits (4 bytes), checksum (2), MAC (6), twice
 * CR LF. Then the parameters as a web form sends them, with a key of the vendor at the end and a zero
 * byte where the length would be odd. All words of the file together give 0 modulo 65,536.
 */

const headBytes = 16;
const vendorKey = 'gnkey=0b82';
/** RFC 3986 §2.3: most values hold nothing else. */
const unreserved = /^[\w.~-]*$/;

/**
 * `text` holds one parameter to a line, `P35=201`, in the order in which the device shall read them;
 * other lines say nothing to it and are left out. `mac`: 12 hexadecimal digits.
 */
export function encodePValues(text: string, mac: string): Buffer {
  let body = '';
  for (const line of text.split('\n')) {
    const equalsAt = line.indexOf('=');
    if (equalsAt > 0 && /^[A-Za-z_]/.test(line)) {
      body += `${toFormText(line.slice(0, equalsAt))}=${toFormText(line.slice(equalsAt + 1))}&`;
    }
  }
  body += vendorKey;
  const file = Buffer.alloc(headBytes + body.length + (body.length % 2));
  file.writeUInt32BE(file.length / 2, 0);
  file.write(mac, 6, 'hex');
  file.write('\r\n\r\n', 12, 'latin1');
  file.write(body, headBytes, 'latin1');
  let sum = 0;
  for (let offset = 0; offset < file.length; offset += 2) {
    sum += file.readUInt16BE(offset);
  }
  file.writeUInt16BE(-sum & 0xff_ff, 4);
  return file;
}

/** RFC 3986 §2.1: everything but unreserved characters as octets of UTF-8. */
function toFormText(text: string): string {
  return unreserved.test(text)
    ? text
    : encodeURIComponent(text.toWellFormed()).replace(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      );
}
