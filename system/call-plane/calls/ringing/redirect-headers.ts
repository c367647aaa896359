/**
 * How a phone is told that a call was meant for somebody else: Diversion (RFC 5806), which phones
 * show, and History-Info (RFC 7044), which has replaced it.
 */
import type { Redirection } from '../../../routing/redirection.ts';
import type { HeaderLines } from '../../sip/messages/header-fields.ts';
import { createSipUri, serializeUri } from '../../sip/messages/uri.ts';

/** `number`: whom the call is for now. None when nobody sent it on. */
export function redirectHeaders(
  redirections: readonly Redirection[],
  number: string,
  sipDomain: string,
): HeaderLines {
  if (redirections.length === 0) {
    return [];
  }
  const toUri = (user: string): string => serializeUri(createSipUri({ user, host: sipDomain }));
  const diversions = redirections
    .map(({ number: from }) => `<${toUri(from)}>;reason=unconditional;counter=1`)
    // RFC 5806 §5: the last first.
    .toReversed();
  let index = '1';
  const history = redirections.map(({ number: from, status }) => {
    const entry = `<${toUri(from)}?Reason=SIP%3Bcause%3D${String(status)}>;index=${index}`;
    index += '.1';
    return entry;
  });
  const mapped = index.slice(0, -2);
  history.push(`<${toUri(number)}>;index=${index};mp=${mapped}`);
  return [
    ...diversions.map((value) => ['Diversion', value] as const),
    ['History-Info', history.join(', ')],
  ];
}
