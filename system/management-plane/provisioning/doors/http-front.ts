/** Requests of devices that come to the ports of the web: below /prov/, with and without TLS. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  isProvisioningUrl,
  parseRequestTarget,
  type RequestTarget,
} from '../../../../provisioning/http/request-target.ts';
import { serveFile } from '../../../../provisioning/http/serve-file.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { toPlainAddress } from '../../accounts/factory-password.ts';
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
  readonly #uploads: () => TakeUpload | undefined;
  readonly #logger: Logger;

  constructor(options: {
    readonly files: FileService;
    readonly isEnabled: () => boolean;
    readonly uploads: () => TakeUpload | undefined;
    readonly logger: Logger;
  }) {
    this.#files = options.files;
    this.#isEnabled = options.isEnabled;
    this.#uploads = options.uploads;
    this.#logger = options.logger;
  }

  /** Whether the request is one of a device; then it is answered. Never redirected: old phones fail. */
  readonly take = (
    request: IncomingMessage,
    response: ServerResponse,
    isEncrypted: boolean,
  ): boolean => {
    const url = request.url ?? '';
    if (!isProvisioningUrl(url)) {
      return false;
    }
    const target = this.#isEnabled() ? parseRequestTarget(url) : undefined;
    const isUpload = request.method === 'PUT' || request.method === 'POST';
    const takeUpload = isUpload ? this.#uploads() : undefined;
    if (target !== undefined && takeUpload !== undefined) {
      takeUpload(request, response, target, isEncrypted);
      return true;
    }
    const { remoteAddress, localAddress } = request.socket;
    void serveFile(
      request,
      response,
      async () =>
        target === undefined
          ? undefined
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
    );
    return true;
  };
}
