/** Requests of devices that come by TFTP: the same files under the same rules as by HTTP. */
import { basename, dirname } from 'node:path';
import { splitToken } from '../../../../provisioning/http/request-target.ts';
import { normalisePath } from '../../../../provisioning/identify/match-request.ts';
import { createContent, type FileSource } from '../../../../provisioning/tftp/file-source.ts';
import { FolderSource } from '../../../../provisioning/tftp/folder-source.ts';
import type { TftpServer } from '../../../../provisioning/tftp/server.ts';
import type { TurnsAway } from '../../../foundation/address-filter.ts';
import { toErrorMessage } from '../../../foundation/app-error.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { toPlainAddress } from '../../accounts/factory-password.ts';
import type { FileService } from './file-service.ts';

export interface TftpFrontOptions {
  readonly files: FileService;
  readonly addresses: readonly string[];
  /** 69; 0 for any, for tests. */
  readonly port: number;
  readonly turnsAway: TurnsAway;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A sentence for administrators while it cannot listen, undefined when all is well. */
  readonly onProblem: (sentence: string | undefined) => void;
}

const prefix = 'prov/';

export class TftpFront {
  readonly #options: TftpFrontOptions;
  /** Images of firmware: the only files that are larger than a few pages. */
  #images: FolderSource | undefined;
  #server: TftpServer | undefined;
  #port: number | undefined;
  #switching: Promise<void> = Promise.resolve();

  constructor(options: TftpFrontOptions) {
    this.#options = options;
  }

  /** Undefined while it is off. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Starts or stops it; never rejects: what cannot listen is told as a problem. */
  switch(isEnabled: boolean): Promise<void> {
    this.#switching = this.#switching.then(() => (isEnabled ? this.#start() : this.#stop()));
    return this.#switching;
  }

  async #start(): Promise<void> {
    if (this.#server !== undefined) {
      return;
    }
    const { addresses, port, turnsAway, clock, logger, onProblem } = this.#options;
    const { TftpServer } = await import('../../../../provisioning/tftp/server.ts');
    const server = new TftpServer({ source: this.#source, turnsAway, clock, logger });
    try {
      for (const address of addresses) {
        this.#port = await server.listen({ address, port });
      }
      this.#server = server;
      onProblem(undefined);
      logger.info('TFTP is open', { addresses, port: this.#port });
    } catch (error) {
      await server.close();
      this.#port = undefined;
      onProblem(`TFTP does not work: ${toErrorMessage(error)}.`);
    }
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#port = undefined;
    await server?.close();
    this.#options.onProblem(undefined);
  }

  readonly #source: FileSource = {
    open: async (name, { address, localAddress }) => {
      const path = normalisePath(name);
      // Phones that were told an HTTP address may ask for its path here.
      const target = splitToken(
        path?.startsWith(prefix) === true ? path.slice(prefix.length) : (path ?? ''),
      );
      if (target === undefined || target.path === '') {
        return undefined;
      }
      const reached = toPlainAddress(localAddress);
      const found = await this.#options.files.find({
        protocol: 'tftp',
        ...target,
        userAgent: undefined,
        source: toPlainAddress(address),
        reached,
      });
      if (found === undefined || 'bytes' in found) {
        return found === undefined ? undefined : createContent(found.bytes);
      }
      this.#images ??= new FolderSource(dirname(found.path));
      return this.#images.open(basename(found.path));
    },
  };
}
