/**
 * TLS around the connections of SIP (RFC 3261 §26.3.1). Phones see our certificate; who they are they prove
 * by digest, as hardly any phone has a certificate that somebody else vouches for.
 */
import type { Socket } from 'node:net';
import { connect, createServer, type Server, type TLSSocket } from 'node:tls';

/** PEM; one of each kind of key, in the same order. */
export interface CertificateChains {
  readonly keys: string[];
  readonly certificates: string[];
}

const minVersion = 'TLSv1.2';
const handshakeTimeoutMs = 15_000;

export class TlsSecurity {
  readonly #fronts: Server[] = [];
  #chains: CertificateChains | undefined;

  /** From now on; connections that are open keep theirs. Throws when a key does not fit its certificate. */
  use(chains: CertificateChains): void {
    for (const front of this.#fronts) {
      front.setSecureContext(toContext(chains));
    }
    this.#chains = chains;
  }

  /** What makes accepted connections secure; without a certificate they are closed. */
  openFront(onSecure: (socket: TLSSocket) => void): (socket: Socket) => void {
    // It listens nowhere: connections are put into it.
    const front = createServer({
      ...toContext(this.#chains),
      handshakeTimeout: handshakeTimeoutMs,
    });
    front.on('secureConnection', onSecure);
    // The connection is closed already; whoever speaks no TLS is no news.
    front.on('tlsClientError', () => undefined);
    this.#fronts.push(front);
    return (socket) => {
      if (this.#chains === undefined) {
        socket.destroy();
      } else {
        front.emit('connection', socket);
      }
    };
  }

  connect(host: string, port: number): TLSSocket {
    return connect({ host, port, minVersion, rejectUnauthorized: false });
  }
}

function toContext(chains: CertificateChains | undefined): {
  readonly minVersion: typeof minVersion;
  readonly key?: string[];
  readonly cert?: string[];
} {
  return chains === undefined
    ? { minVersion }
    : { minVersion, key: chains.keys, cert: chains.certificates };
}
