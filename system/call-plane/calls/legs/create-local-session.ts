import { LocalSession } from '../../sdp/local-session.ts';
import type { DialogServices } from '../../sip/dialogs/dialog-services.ts';
import type { Flow } from '../../sip/transport.ts';

/** Our side of a leg's descriptions. Session ids are 48 random bits: unique without a count that tells how many calls there were. */
export function createLocalSession(
  services: Pick<DialogServices, 'random'>,
  flow: Flow,
): LocalSession {
  const sessionId = String(Math.floor(services.random() * 2 ** 48));
  return new LocalSession(sessionId, flow.localAddress);
}
