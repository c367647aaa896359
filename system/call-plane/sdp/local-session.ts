/**
 * Our side of one leg's session: the o= line under which everything we say to that peer goes out.
 * The session id stays, the version grows by one whenever the rest changed (RFC 3264 §8), and what
 * was agreed last is kept so that a refresh repeats it to the byte (RFC 4028 §7.4).
 */
import { serializeAfterOrigin, toSdpBody } from './serialize-sdp.ts';
import {
  type SdpConnection,
  type SessionDescription,
  toConnection,
} from './session-description.ts';

export class LocalSession {
  readonly #sessionId: string;
  readonly #connection: SdpConnection;
  #version = 0;
  #body: Buffer | undefined;
  /** Where in the body the text after the o= line begins. */
  #restAt = 0;

  /** `sessionId`: decimal digits, unique among sessions between the same two parties. */
  constructor(sessionId: string, localAddress: string) {
    this.#sessionId = sessionId;
    this.#connection = toConnection(localAddress);
  }

  /** The body that tells the peer this description; a body equal to the last keeps its version. */
  render(description: SessionDescription): Buffer {
    const rest = serializeAfterOrigin(description);
    if (this.#body?.toString('latin1', this.#restAt) !== rest) {
      this.#version += 1;
      this.#body = toSdpBody(
        {
          username: '-',
          sessionId: this.#sessionId,
          sessionVersion: String(this.#version),
          connection: this.#connection,
        },
        rest,
      );
      this.#restAt = this.#body.length - rest.length;
    }
    return this.#body;
  }
}
