/**
 * Whether a call's audio runs through the PBX, decided before a phone is rung: a decision that comes
 * later needs a re-INVITE (late-anchoring.ts). Direct wherever nothing speaks against it (requirement MED-001).
 */
import { audioTargetOf, findAudio } from '../../sdp/anchor.ts';
import type { SessionDescription } from '../../sdp/session-description.ts';
import type { Uri } from '../../sip/messages/uri.ts';
import type { Flow } from '../../sip/transport.ts';

/** What is known of one endpoint of a call. */
export interface MediaParty {
  readonly flow: Flow;
  /** Its Contact: the address it believes to have. */
  readonly contact: Uri | undefined;
  /** Its offer, when it made one. */
  readonly offer: SessionDescription | undefined;
}

export function decideMediaMode(
  policy: 'direct' | 'anchored',
  caller: MediaParty,
  callees: readonly MediaParty[],
): 'direct' | 'anchored' {
  if (policy === 'anchored' || isBehindNat(caller)) {
    return 'anchored';
  }
  return callees.some(
    (callee) =>
      isBehindNat(callee) ||
      // On another interface of ours: nobody promises a route from one network to the other.
      callee.flow.localAddress !== caller.flow.localAddress,
  )
    ? 'anchored'
    : 'direct';
}

/** Whether what a phone says of its address differs from where its messages come from. */
export function isBehindNat({ flow, contact, offer }: MediaParty): boolean {
  const audioIndex = offer === undefined ? undefined : findAudio(offer);
  const target =
    offer === undefined || audioIndex === undefined ? undefined : audioTargetOf(offer, audioIndex);
  if (target !== undefined) {
    return target.address.toLowerCase() !== flow.remoteAddress;
  }
  return contact?.scheme === 'sip' && contact.host !== flow.remoteAddress;
}
