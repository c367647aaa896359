/** The door of FTP: opened and shut as the settings say, with the account of devices and the logs. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FtpServer } from '../../../../provisioning/ftp/server.ts';
import { anonymousNames, factoryFtpAccount } from '../../../configuration/entities/ftp-settings.ts';
import type { ProvisioningSettings } from '../../../configuration/entities/provisioning-settings.ts';
import type { TurnsAway } from '../../../foundation/address-filter.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type { Secret } from '../../../foundation/secret.ts';
import type { DoorOpener } from './closed-doors.ts';
import { DoorSwitch, listenOnAll } from './door-switch.ts';
import type { FileService } from './file-service.ts';
import type { FtpFilesOptions } from './ftp-files.ts';
import { FtpLog } from './ftp-log.ts';

export interface FtpFrontOptions {
  readonly files: FileService;
  readonly uploads: FtpFilesOptions['uploads'];
  readonly settings: () => ProvisioningSettings;
  /** Undefined: that of the factory. Throws when it cannot be read with this key file. */
  readonly password: () => Secret | undefined;
  readonly addresses: readonly string[];
  /** 21, or a high one without the rights for it; 0 for any, for tests. */
  readonly port: number;
  readonly turnsAway: TurnsAway;
  readonly clock: Clock;
  readonly logger: Logger;
  /** There is something new in the logs. Called often. */
  readonly onEntry: () => void;
  /** A sentence for administrators while it does not work, undefined when all is well. */
  readonly onProblem: (sentence: string | undefined) => void;
}

export class FtpFront {
  readonly log: FtpLog;
  readonly #options: FtpFrontOptions;
  readonly #door: DoorSwitch<FtpServer>;

  constructor(options: FtpFrontOptions) {
    this.#options = options;
    this.log = new FtpLog(options);
    const { addresses, port } = options;
    this.#door = new DoorSwitch({
      ...options,
      name: 'FTP',
      create: () => this.#createServer(),
      listen: (server) => listenOnAll(server, addresses, port),
    });
  }

  /** Undefined while it is off. */
  get port(): number | undefined {
    return this.#door.port;
  }

  get sessionCount(): number {
    return this.#door.server?.sessionCount ?? 0;
  }

  switch(isEnabled: boolean): Promise<void> {
    // Something else changed, perhaps the password that somebody had typed wrong.
    this.#door.server?.forgive();
    return this.#door.switch(isEnabled);
  }

  /** For a second attempt where it could not be opened. */
  get opener(): DoorOpener {
    return this.#door;
  }

  async #createServer(): Promise<FtpServer> {
    const { settings, turnsAway, clock, logger } = this.#options;
    const [{ FtpServer }, { FtpFiles }] = await Promise.all([
      import('../../../../provisioning/ftp/server.ts'),
      import('./ftp-files.ts'),
    ]);
    const server = new FtpServer({
      store: new FtpFiles(this.#options),
      authenticate: (name, password) => this.#authenticate(name, password),
      settings: () => {
        const { ftpPassiveFirstPort, ftpPassiveLastPort, ftpPassiveAddress } = settings();
        return {
          passivePorts: { first: ftpPassiveFirstPort, last: ftpPassiveLastPort },
          passiveAddress: ftpPassiveAddress,
        };
      },
      turnsAway,
      clock,
      logger,
    });
    server.events.on('happened', (event) => {
      this.log.note(event);
    });
    return server;
  }

  #authenticate(name: string, password: string): boolean {
    const { settings, password: expected, onProblem } = this.#options;
    const { ftpUserName, ftpAnonymousEnabled } = settings();
    if (anonymousNames.includes(name.toLowerCase())) {
      return ftpAnonymousEnabled;
    }
    try {
      const isRight = isSame(password, expected()?.reveal() ?? factoryFtpAccount);
      return isSame(name, ftpUserName) && isRight;
    } catch {
      onProblem('The password of FTP cannot be read with this key file. Set it again.');
      return false;
    }
  }
}

/** In the same time, whatever differs. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
