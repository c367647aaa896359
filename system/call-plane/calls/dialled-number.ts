import type { Uri } from '../sip/messages/uri.ts';

/** What a URI dials: its user part without parameters (`1001;phone-context=…`), or its number. */
export function dialledNumber(uri: Uri): string | undefined {
  if (uri.scheme === 'tel') {
    return uri.number;
  }
  if (uri.scheme === 'other' || uri.user === undefined) {
    return undefined;
  }
  const semicolon = uri.user.indexOf(';');
  const number = semicolon === -1 ? uri.user : uri.user.slice(0, semicolon);
  return number === '' ? undefined : number;
}
