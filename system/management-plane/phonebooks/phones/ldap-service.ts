/** Runs the LDAP server as the settings say: off at first, loaded when it is turned on. */
import type { LdapDirectory } from '../../../../provisioning/ldap/ldap-directory.ts';
import type { LdapServer } from '../../../../provisioning/ldap/ldap-server.ts';
import type { Settings } from '../../../configuration/entities/settings.ts';
import type { TurnsAway } from '../../../foundation/address-filter.ts';
import { toErrorMessage } from '../../../foundation/app-error.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';

type LdapSettings = Pick<Settings, 'ldapEnabled' | 'ldapPort' | 'ldapsPort'>;

export interface LdapServiceOptions {
  readonly settings: () => LdapSettings;
  /** Asked when the server starts. */
  readonly loadDirectory: () => Promise<LdapDirectory>;
  readonly addresses: readonly string[];
  readonly provideCertificate: () => Promise<{
    readonly keys: string[];
    readonly certificates: string[];
  }>;
  /** Ports instead of those of the settings: for tests. */
  readonly ports?: { readonly ldap: number; readonly ldaps: number } | undefined;
  readonly turnsAway: TurnsAway;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A sentence for administrators, or undefined when it is over. */
  readonly onProblem: (sentence: string | undefined) => void;
}

export interface LdapState {
  readonly state: 'off' | 'running' | 'failed';
  readonly detail: string;
  readonly connections: number;
  readonly searches: number;
}

export class LdapService {
  readonly #options: LdapServiceOptions;
  #server: LdapServer | undefined;
  #running: LdapSettings | undefined;
  #problem: string | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(options: LdapServiceOptions) {
    this.#options = options;
  }

  get state(): LdapState {
    return {
      state:
        this.#problem !== undefined ? 'failed' : this.#server === undefined ? 'off' : 'running',
      detail: this.#problem ?? '',
      connections: this.#server?.connectionCount ?? 0,
      searches: this.#server?.searchCount ?? 0,
    };
  }

  /** Undefined while it is off. */
  get ports(): { readonly ldap: number; readonly ldaps: number } | undefined {
    return this.#server?.ports;
  }

  /** Resolves when it runs, or does not run, as the settings are now. */
  follow(): Promise<void> {
    this.#work = this.#work.then(() => this.#follow());
    return this.#work;
  }

  async close(): Promise<void> {
    await this.#work;
    await this.#stop();
  }

  async #follow(): Promise<void> {
    const { ldapEnabled, ldapPort, ldapsPort } = this.#options.settings();
    const wanted = { ldapEnabled, ldapPort, ldapsPort };
    if (
      this.#problem === undefined &&
      this.#running?.ldapEnabled === ldapEnabled &&
      this.#running.ldapPort === ldapPort &&
      this.#running.ldapsPort === ldapsPort
    ) {
      return;
    }
    await this.#stop();
    this.#tell(undefined);
    this.#running = wanted;
    if (ldapEnabled) {
      await this.#start(wanted);
    }
  }

  async #start({ ldapPort, ldapsPort }: LdapSettings): Promise<void> {
    const { loadDirectory, addresses, provideCertificate, ports, turnsAway, clock, logger } =
      this.#options;
    try {
      const { LdapServer } = await import('../../../../provisioning/ldap/ldap-server.ts');
      const directory = await loadDirectory();
      const { keys: key, certificates: cert } = await provideCertificate();
      const server = new LdapServer({
        directory,
        addresses,
        port: ports?.ldap ?? ldapPort,
        tlsPort: ports?.ldaps ?? ldapsPort,
        certificate: { key, cert },
        turnsAway,
        clock,
        logger,
      });
      await server.start();
      this.#server = server;
      logger.info('The LDAP server runs', server.ports);
    } catch (error) {
      logger.error('The LDAP server cannot run', { error });
      this.#tell(`The LDAP server cannot run: ${toErrorMessage(error)}.`);
    }
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
  }

  #tell(problem: string | undefined): void {
    this.#problem = problem;
    this.#options.onProblem(problem);
  }
}
