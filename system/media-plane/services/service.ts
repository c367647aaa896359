/**
 * What an endpoint that ends in the PBX talks with. A service runs in the media worker, lives as
 * long as its endpoint is attached, and is asked once per 20 ms for a frame, together with all
 * others: it must be done in microseconds and never wait.
 */
import type { Codec } from '../codecs/codec.ts';
import type { Voice } from '../voices/voice.ts';

export const frameSamples = 160;

export interface Service {
  /**
   * `received`: the 160 samples heard in this tick, in the endpoint's codec, gaps filled with
   * silence; undefined when nothing came. `outgoing`: the frame to fill. Both are only valid
   * during the call. Returns whether `outgoing` is to be sent; nothing sent is a pause.
   */
  tick(received: Uint8Array | undefined, outgoing: Uint8Array): boolean;
}

/** `voice`: the words installed in the language of the endpoint. */
export type ServiceFactory = (codec: Codec, voice: Voice) => Service;
