/** Contacts as vCard 3.0 (RFC 2426) or 4.0 (RFC 6350), which `parse-vcard.ts` reads back. */
import type { Contact, NumberKind } from '../contact.ts';

export type VcardVersion = '3.0' | '4.0';

const types: Readonly<Record<NumberKind, readonly string[]>> = {
  office: ['WORK', 'VOICE'],
  mobile: ['CELL'],
  home: ['HOME', 'VOICE'],
  main: ['MAIN'],
  extension: ['X-EXTENSION'],
  other: [],
  fax: ['WORK', 'FAX'],
};

/** Octets of one line (RFC 6350 §3.2). */
const lineOctets = 75;

export function serializeVcard(contact: Contact, version: VcardVersion): string {
  const {
    name,
    firstName = '',
    lastName = '',
    organization,
    jobTitle,
    email,
    address,
    note,
  } = contact;
  const lines = [
    'BEGIN:VCARD',
    `VERSION:${version}`,
    `FN:${escape(name)}`,
    `N:${escape(lastName)};${escape(firstName)};;;`,
  ];
  const add = (property: string, value: string | undefined): void => {
    if (value !== undefined) {
      lines.push(`${property}:${escape(value)}`);
    }
  };
  add('ORG', organization);
  add('TITLE', jobTitle);
  for (const { kind, number } of contact.numbers) {
    const named = types[kind].map((type) => (version === '3.0' ? type : type.toLowerCase()));
    lines.push(
      `TEL${named.length === 0 ? '' : `;TYPE=${named.join(version === '3.0' ? ',' : ';TYPE=')}`}:${escape(number)}`,
    );
  }
  add('EMAIL', email);
  if (address !== undefined) {
    lines.push(`ADR:;;${escape(address)};;;;`);
  }
  add('NOTE', note);
  add('X-SPEED-CODE', contact.speedCode);
  lines.push('END:VCARD');
  return `${lines.map(fold).join('\r\n')}\r\n`;
}

function escape(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\n/g, '\\n');
}

/** Breaks a line between characters, so that no piece has more octets than allowed. */
function fold(line: string): string {
  if (Buffer.byteLength(line) <= lineOctets) {
    return line;
  }
  const pieces: string[] = [];
  let piece = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > lineOctets) {
      pieces.push(piece);
      piece = '';
      // The space that goes before it.
      octets = 1;
    }
    piece += character;
    octets += size;
  }
  return [...pieces, piece].join('\r\n ');
}
