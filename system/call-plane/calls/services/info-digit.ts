/** The key that an INFO tells of: `application/dtmf-relay` (`Signal=5`) and `application/dtmf` (`5`). */
import type { InfoExchange } from '../../sip/dialogs/in-dialog/info.ts';

const longestBodyBytes = 256;
/** Phones write it with and without spaces, some the number of the event instead of the key. */
const relayForm = /^\s*Signal\s*=\s*([0-9*#]|1[01])\s*$/im;
const plainForm = /^\s*([0-9*#]|1[01])\s*$/;
const keysByEvent: Readonly<Partial<Record<string, string>>> = { '10': '*', '11': '#' };

/** 0 to 9, * or #; undefined: it tells of no key that anybody would type. */
export function readInfoDigit({
  contentType,
  body,
}: Pick<InfoExchange, 'contentType' | 'body'>): string | undefined {
  const isDigit = contentType === 'application/dtmf-relay' || contentType === 'application/dtmf';
  if (!isDigit || body.length > longestBodyBytes) {
    return undefined;
  }
  const text = body.toString('latin1');
  const key = (relayForm.exec(text) ?? plainForm.exec(text))?.[1];
  return key === undefined ? undefined : (keysByEvent[key] ?? key);
}
