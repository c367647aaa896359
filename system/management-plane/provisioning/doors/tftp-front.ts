/** Requests of devices that come by TFTP: the same files under the same rules as by HTTP. */
import { basename, dirname } from 'node:path';
import { splitToken } from '../../../../provisioning/http/request-target.ts';
import { normalisePath } from '../../../../provisioning/identify/match-request.ts';
import { createContent, type FileSource } from '../../../../provisioning/tftp/file-source.ts';
import { FolderSource } from '../../../../provisioning/tftp/folder-source.ts';
import type { TftpServer } from '../../../../provisioning/tftp/server.ts';
import type { TurnsAway } from '../../../foundation/address-filter.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { toPlainAddress } from '../../accounts/factory-password.ts';
import type { DoorOpener } from './closed-doors.ts';
import { DoorSwitch, listenOnAll } from './door-switch.ts';
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
  readonly #door: DoorSwitch<TftpServer>;

  constructor(options: TftpFrontOptions) {
    this.#options = options;
    const { addresses, port } = options;
    this.#door = new DoorSwitch({
      ...options,
      name: 'TFTP',
      create: () => this.#createServer(),
      listen: (server) => listenOnAll(server, addresses, port),
    });
  }

  /** Undefined while it is off. */
  get port(): number | undefined {
    return this.#door.port;
  }

  switch(isEnabled: boolean): Promise<void> {
    return this.#door.switch(isEnabled);
  }

  /** For a second attempt where it could not be opened. */
  get opener(): DoorOpener {
    return this.#door;
  }

  async #createServer(): Promise<TftpServer> {
    const { turnsAway, clock, logger } = this.#options;
    const { TftpServer } = await import('../../../../provisioning/tftp/server.ts');
    return new TftpServer({ source: this.#source, turnsAway, clock, logger });
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
