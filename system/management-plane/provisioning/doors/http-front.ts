/**
 * Requests of devices that come to the ports of the web, with and without TLS: below /prov/, and names of
 * files that devices of some vendor ask for.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  isProvisioningUrl,
  parseBareTarget,
  parseRequestTarget,
  toOriginForm,
  type RequestTarget,
} from '../../../../provisioning/http/request-target.ts';
import { serveFile, type FileContent } from '../../../../provisioning/http/serve-file.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { toPlainAddress } from '../../accounts/factory-password.ts';
import { authorityFile } from '../access/server-address.ts';
import type { FileService } from './file-service.ts';

/** Takes what a device stores; undefined while that is off. */
export type TakeUpload = (
  request: IncomingMessage,
  response: ServerResponse,
  target: RequestTarget,
  isEncrypted: boolean,
) => void;

export class HttpFront {
  readonly #files: FileService;
  readonly #isEnabled: () => boolean;
  readonly #authority: () => readonly string[];
  readonly #isDeviceFile: (path: string) => boolean;
  readonly #isPosted: (path: string) => boolean;
  readonly #uploads: () => TakeUpload | undefined;
  readonly #logger: Logger;

  constructor(options: {
    readonly files: FileService;
    readonly isEnabled: () => boolean;
    /** Lines of base64 of the certificate that vouches for our HTTPS; none where devices know it. */
    readonly authority: () => readonly string[];
    /** Whether devices of some vendor ask for such a name. */
    readonly isDeviceFile: (path: string) => boolean;
    /** Whether such a file is asked for by POST, with a form that is thrown away. */
    readonly isPosted: (path: string) => boolean;
    readonly uploads: () => TakeUpload | undefined;
    readonly logger: Logger;
  }) {
    this.#files = options.files;
    this.#isEnabled = options.isEnabled;
    this.#authority = options.authority;
    this.#isDeviceFile = options.isDeviceFile;
    this.#isPosted = options.isPosted;
    this.#uploads = options.uploads;
    this.#logger = options.logger;
  }

  /** Whether the request is one of a device; then it is answered. Never redirected: old phones fail. */
  readonly take = (
    request: IncomingMessage,
    response: ServerResponse,
    isEncrypted: boolean,
  ): boolean => {
    const url = toOriginForm(request.url ?? '');
    if (!isProvisioningUrl(url)) {
      const bare = this.#findBareTarget(request.method, url);
      if (bare !== undefined) {
        this.#serve(request, response, bare, url, isEncrypted);
      }
      return bare !== undefined;
    }
    const target = this.#isEnabled() ? parseRequestTarget(url) : undefined;
    const isPost = request.method === 'POST';
    const isPosted = isPost && target !== undefined && this.#isPosted(target.path);
    const isUpload = !isPosted && (isPost || request.method === 'PUT');
    const takeUpload = isUpload ? this.#uploads() : undefined;
    if (target !== undefined && takeUpload !== undefined) {
      takeUpload(request, response, target, isEncrypted);
    } else {
      this.#serve(request, response, target, url, isEncrypted, isPosted);
    }
    return true;
  };

  /** No secret: everybody who connects by HTTPS is shown it. */
  #findAuthority(): FileContent | undefined {
    const lines = this.#authority();
    if (lines.length === 0) {
      return undefined;
    }
    const pem = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''];
    const bytes = Buffer.from(pem.join('\n'));
    const entityTag = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
    return { bytes, contentType: 'application/x-x509-ca-cert', entityTag, modifiedMs: 0 };
  }

  #findBareTarget(method: string | undefined, url: string): RequestTarget | undefined {
    const isReading = method === 'GET' || method === 'HEAD';
    const target = isReading && this.#isEnabled() ? parseBareTarget(url) : undefined;
    return target !== undefined && this.#isDeviceFile(target.path) ? target : undefined;
  }

  #serve(
    request: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget | undefined,
    url: string,
    isEncrypted: boolean,
    isPosted = false,
  ): void {
    const { remoteAddress, localAddress } = request.socket;
    void serveFile(
      request,
      response,
      async () =>
        target === undefined
          ? undefined
          : target.path === authorityFile
            ? this.#findAuthority()
            : this.#files.find({
                protocol: isEncrypted ? 'https' : 'http',
                ...target,
                isInquiry: request.method === 'HEAD',
                query: url.split('?')[1],
                userAgent: request.headers['user-agent'],
                source: toPlainAddress(remoteAddress ?? ''),
                reached: localAddress === undefined ? undefined : toPlainAddress(localAddress),
              }),
      (error) => {
        this.#logger.error('A file of a device could not be made', { path: target?.path, error });
      },
      isPosted,
    );
  }
}
