/**
 * The HTTPS port where devices show the certificate of their maker (design rule 9): it asks for one,
 * verifies its chain against the authorities in the list and hands on whose it is. Who shows neither a
 * good certificate nor a token finds nothing here.
 */
import { constants, X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import { parseRequestTarget } from '../../../provisioning/http/request-target.ts';
import { serveFile } from '../../../provisioning/http/serve-file.ts';
import type { TurnsAway } from '../../foundation/address-filter.ts';
import type { Logger } from '../../foundation/logger.ts';
import { toPlainAddress } from '../accounts/factory-password.ts';
import { shareConnections } from '../share-connections.ts';
import type { TlsCertificate } from '../tls-certificate.ts';
import type { FileService } from '../provisioning/doors/file-service.ts';
import type { ListedAuthority } from './device-authorities-service.ts';
import type { DeviceCertificate } from './device-certificate.ts';
import { turnAwayAtConnection, withoutTurnedAway } from './turn-away.ts';

export interface CertificateFrontOptions {
  readonly files: Pick<FileService, 'find'>;
  readonly addresses: readonly string[];
  /** 0 lets the system choose: for tests. */
  readonly port: number;
  readonly certificate: TlsCertificate;
  readonly turnsAway: TurnsAway;
  readonly logger: Logger;
}

const headersTimeoutMs = 15_000;
const requestTimeoutMs = 30_000;
const keepAliveTimeoutMs = 15_000;
const handshakeTimeoutMs = 15_000;
const maxConnections = 1_000;
const maxHeaderBytes = 16_384;
/** Longer chains than any maker's. */
const maximumChain = 8;

export class CertificateFront {
  readonly #options: CertificateFrontOptions;
  readonly #servers: Server[] = [];
  #authorities: readonly TrustedAuthority[] = [];
  #port = 0;

  constructor(options: CertificateFrontOptions) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  /** Rejects when it cannot listen; what listened already is closed again. */
  async start(authorities: readonly ListedAuthority[]): Promise<void> {
    this.#authorities = authorities.map(toTrusted);
    this.#port = this.#options.port;
    try {
      for (const address of this.#options.addresses) {
        await this.#listen(address);
      }
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** From the next connection on. */
  trust(authorities: readonly ListedAuthority[]): void {
    this.#authorities = authorities.map(toTrusted);
    for (const server of this.#servers) {
      server.setSecureContext(this.#secureContext());
      // Who was let in by an authority that is gone now has to ask again.
      server.closeIdleConnections();
    }
  }

  /** Idempotent. */
  async close(): Promise<void> {
    await Promise.all(
      this.#servers.splice(0).map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => {
              resolve();
            });
            server.closeAllConnections();
          }),
      ),
    );
  }

  #secureContext(): SecureContextOptions {
    const { keys, certificates } = this.#options.certificate;
    return {
      key: keys,
      cert: certificates,
      minVersion: 'TLSv1.2',
      ca: this.#authorities.map(({ listed }) => listed.document.certificate),
      // A resumed session would not be verified again, and be good after its authority is gone.
      secureOptions: constants.SSL_OP_NO_TICKET,
      sessionTimeout: 1,
    };
  }

  async #listen(address: string): Promise<void> {
    const serverOptions: ServerOptions = {
      ...this.#secureContext(),
      requestCert: true,
      // Judged by request: what is refused looks like a file that does not exist.
      rejectUnauthorized: false,
      handshakeTimeout: handshakeTimeoutMs,
      ALPNProtocols: ['http/1.1', 'http/1.0'],
      maxHeaderSize: maxHeaderBytes,
    };
    const { turnsAway } = this.#options;
    const server = createServer(serverOptions, withoutTurnedAway(turnsAway, this.#handle));
    turnAwayAtConnection(server, turnsAway);
    server.headersTimeout = headersTimeoutMs;
    server.requestTimeout = requestTimeoutMs;
    server.keepAliveTimeout = keepAliveTimeoutMs;
    shareConnections(server, maxConnections);
    this.#servers.push(server);
    const { addresses } = this.#options;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(
        {
          host: address,
          port: this.#port,
          ipv6Only: address === '::' && addresses.includes('0.0.0.0'),
        },
        () => {
          server.removeListener('error', reject);
          resolve();
        },
      );
    });
    server.on('error', (error) => {
      this.#options.logger.error('The port of device certificates failed', { error });
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  readonly #handle = (request: IncomingMessage, response: ServerResponse): void => {
    const { files, logger } = this.#options;
    const target = parseRequestTarget(request.url ?? '');
    // Of an HTTPS server it is one.
    const socket = request.socket as TLSSocket;
    const certificate = this.#certificateOf(socket);
    const source = toPlainAddress(socket.remoteAddress ?? '');
    if (certificate === undefined && socket.getPeerX509Certificate() !== undefined) {
      const reason = socket.authorizationError as unknown;
      logger.info('A device showed a certificate that is not good', {
        source,
        reason: reason instanceof Error ? reason.message : reason,
      });
    }
    void serveFile(
      request,
      response,
      async () =>
        target === undefined || (certificate === undefined && target.token === undefined)
          ? undefined
          : files.find({
              protocol: 'https',
              ...target,
              isInquiry: request.method === 'HEAD',
              userAgent: request.headers['user-agent'],
              source,
              reached: toPlainAddress(socket.localAddress ?? ''),
              certificate,
            }),
      (error) => {
        logger.error('A file of a device could not be made', { path: target?.path, error });
      },
    );
  };

  /** Undefined unless the chain is good now and leads to an authority that is still in the list. */
  #certificateOf(socket: TLSSocket): DeviceCertificate | undefined {
    const shown = socket.getPeerX509Certificate();
    if (!socket.authorized || shown === undefined) {
      return undefined;
    }
    const authority = this.#authorityOf(shown);
    return authority === undefined
      ? undefined
      : {
          subject: shown.subject,
          issuer: shown.issuer,
          authority: { name: authority.document.name, vendor: authority.document.vendor },
        };
  }

  /** The one in the list that signed it, or one of those above it that it brought along. */
  #authorityOf(shown: X509Certificate): ListedAuthority | undefined {
    let current: X509Certificate | undefined = shown;
    for (let depth = 0; depth < maximumChain && current !== undefined; depth += 1) {
      const below = current;
      const found = this.#authorities.find(
        ({ certificate }) => below.checkIssued(certificate) && below.verify(certificate.publicKey),
      );
      if (found !== undefined) {
        return found.listed;
      }
      current = current.issuerCertificate;
    }
    return undefined;
  }
}

interface TrustedAuthority {
  readonly listed: ListedAuthority;
  readonly certificate: X509Certificate;
}

function toTrusted(listed: ListedAuthority): TrustedAuthority {
  return { listed, certificate: new X509Certificate(listed.document.certificate) };
}
