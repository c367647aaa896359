/** Sends back what it hears: a caller knows at once whether audio passes both ways. */
import type { ServiceFactory } from './service.ts';

export const createEcho: ServiceFactory = (codec) => ({
  tick(received, outgoing) {
    // Silence instead of a pause keeps a NAT's mapping open, and lets a caller who waits for our
    // first packet before sending his own begin.
    if (received === undefined) {
      outgoing.fill(codec.silence);
    } else {
      outgoing.set(received);
    }
    return true;
  },
});
