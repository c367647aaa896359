/**
 * What there is to say of an event beside its kind: codes and facts, which the user interface tells
 * in the language of the reader, and the same in English for files and for the search.
 */

/** What each code says, and by the names in it which facts it needs. */
const sentences = {
  /** Names, numbers and addresses that are the same in every language. */
  text: '{text}',
  'created-updated': '{created} new, {updated} changed',
  devices: '{count} devices',
  users: '{count} users',
  'all-devices': 'all devices',
  minutes: '{count} minutes',
  revision: 'revision {number}',
  'asked-for-by': 'asked for by {name}',
  'asked-for-by-system': 'asked for by the system',
  'done-by': 'by {name}',
  'shown-to': 'to {name}',
  'by-protocol': '{file} by {protocol}',
  upload: '{file}, {count} bytes',
  'two-macs': 'it also calls itself {mac}',
  'two-addresses': 'fetched in turns from {first} and {second}: two devices with one MAC?',
  'portal-assigned': 'assigned on the portal',
  'redirection-outcome': '{service}: {outcome}',
  'redirection-error': '{service}: {error}',
  'sync-outcome': '{outcome}',
  'sync-status': 'SIP {status}',
  'sync-count': '{accepted} of {total} devices',
  'firmware-back': 'back to {version}',
  'firmware-goal': 'to run {version}',
  'firmware-instead': '{version} instead of {before}',
  'firmware-reason': '{reason}',
  'rollout-halt': '{sentence}',
  'login-verdict': '{verdict}',
  'too-many-failures': 'too many failures of this {whose}',
  'wrong-current-password': 'the current password was wrong',
  'phone-login-blocked': 'Blocked: too many attempts for {extension}',
  'phone-login-refused': 'Refused for {extension}',
  'phone-login-unknown': 'Refused for an extension that nobody has',
  'phone-login': 'Logged in at the phone: {user}',
  'phone-logout': 'Logged out at the phone: {user}',
  'as-csv': '{name} as CSV',
  'as-vcards': '{name} as vCards',
  'with-sealed-passwords': 'with sealed passwords',
  'without-passwords': 'without passwords',
  token: '{name} ({role})',
  'connect-opened': '{mac} at {address} for {count} minutes',
  'address-scan':
    '{source} asked for the files of {count} devices that are not there or not its own',
  'address-scan-unproven':
    'somebody with the address {source}, which may be forged, asked by TFTP or plug and play for the files of {count} devices that are not there or not its own',
  'address-scan-many':
    'many addresses, {source} among them, asked for the files of {count} devices that are not there or not their own',
  'certificate-of-device': '{source} showed the certificate of {owner}',
  'certificate-of-nobody': '{source} showed a certificate that names no device ({subject})',
  'files-wanted': 'asked for the files of {mac}',
} as const;

/** Characters of a column; what is longer is kept in English only. */
const maximumNotesLength = 4000;

export type EventNoteCode = keyof typeof sentences;
export const eventNoteCodes = Object.keys(sentences) as EventNoteCode[];

type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** Never a secret. */
export type EventNote = {
  [Code in EventNoteCode]: {
    readonly code: Code;
    readonly facts: Readonly<Record<NamesIn<(typeof sentences)[Code]>, string | number>>;
  };
}[EventNoteCode];

/** As it is read again: facts by name, not by code. */
export interface StoredEventNote {
  readonly code: EventNoteCode;
  readonly facts: Readonly<Record<string, string | number>>;
}

/** In English, e.g. `no-answer, asked for by Mario`. */
export function describeEventNotes(notes: readonly EventNote[]): string {
  return notes
    .map(({ code, facts }) => {
      const byName: Readonly<Record<string, string | number>> = facts;
      return sentences[code].replace(/\{(\w+)\}/g, (_, name: string) => String(byName[name] ?? ''));
    })
    .join(', ');
}

/** The column of a row; null where there is nothing but the English text. */
export function serializeEventNotes(notes: readonly EventNote[]): string | null {
  const text = JSON.stringify(notes);
  return notes.length === 0 || text.length > maximumNotesLength ? null : text;
}

/** Empty for rows from before notes, and for those of a version that knew other codes. */
export function parseEventNotes(column: string | null): readonly StoredEventNote[] {
  if (column === null) {
    return [];
  }
  const notes = JSON.parse(column) as readonly StoredEventNote[];
  return notes.every(({ code }) => Object.hasOwn(sentences, code)) ? notes : [];
}
