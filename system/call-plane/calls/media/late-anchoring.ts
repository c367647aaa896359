/**
 * Anchors a call whose phone turns out to be behind NAT only by its answer: phones that mend their
 * Contact with the address they are seen at (RFC 3581), but not their description, look reachable
 * until then. The caller is told our address at once, the phone by a re-INVITE when it has its ACK.
 */
import type { CalleeLeg } from '../legs/callee-leg.ts';
import { isBehindNat } from './media-mode.ts';
import type { MediaPath, PassedAnswer } from './media-path.ts';

/** The answer as the caller is to be told it, or undefined: it can stay as it is. Throws MediaError. */
export function anchorLate(path: MediaPath, answer: PassedAnswer): PassedAnswer | undefined {
  const { flow } = answer.offer.to.options;
  const phone = { flow, contact: undefined, offer: answer.description };
  return path.isAnchoredLate || (path.mode === 'direct' && isBehindNat(phone))
    ? path.anchor(answer)
    : undefined;
}

/** `answer`: of `anchorLate`. `changed`: the phone has agreed to send its audio to us. */
export function moveToAnchor(
  leg: CalleeLeg,
  path: MediaPath,
  answer: PassedAnswer,
  changed: () => void,
): void {
  leg.usage?.sendOffer('INVITE', answer.offer.body, {
    accepted: (body) => {
      leg.protect(() => {
        const passed = body === undefined ? undefined : path.passAnswer(answer.offer, body);
        if (passed !== undefined) {
          path.establish(passed);
          changed();
        }
      });
    },
    // It goes on sending to the caller: no worse than if nobody had asked.
    rejected: () => undefined,
  });
}
