/** Under which addresses devices reach the PBX: what stands in the files and in bootstraps. */
import { networkInterfaces } from 'node:os';
import type { Authority } from '../../../../provisioning/rendering/render-values.ts';
import type { ProvisioningSettings } from '../../../configuration/entities/provisioning-settings.ts';

export interface ServerPorts {
  readonly https: number;
  readonly http: number;
  readonly ftp: number;
  readonly sip: number;
  readonly sipTls: number;
}

export const provisioningPath = '/prov/';
/** The name under which the certificate that vouches for our HTTPS is to be had. */
export const authorityFile = 'authority.pem';

export class ServerAddress {
  readonly #listenAddresses: readonly string[];
  readonly #settings: () => Pick<ProvisioningSettings, 'serverAddress'>;
  /** Known once the web listens. */
  ports: ServerPorts;
  /** The certificate that vouches for our HTTPS, as `readAuthority` tells it; known at the same time. */
  authorityLines: readonly string[] = [];

  constructor(
    listenAddresses: readonly string[],
    ports: ServerPorts,
    settings: () => Pick<ProvisioningSettings, 'serverAddress'>,
  ) {
    this.#listenAddresses = listenAddresses;
    this.ports = ports;
    this.#settings = settings;
  }

  /** `reached`: the local address that the device has reached, where there is one. */
  hostFor(reached?: string): string {
    const { serverAddress } = this.#settings();
    if (serverAddress !== undefined) {
      return serverAddress;
    }
    return isUsable(reached) ? reached : this.#ownAddress();
  }

  /** Where a device with this token fetches, ends in `/`. */
  httpsUrl(token: string, reached?: string): string {
    return this.#toUrl('https', this.ports.https, 443, `${provisioningPath}${token}/`, reached);
  }

  /** For devices that know no HTTPS, and for first contacts. */
  httpUrl(token: string | undefined, reached?: string): string {
    const path = token === undefined ? provisioningPath : `${provisioningPath}${token}/`;
    return this.#toUrl('http', this.ports.http, 80, path, reached);
  }

  /** Undefined when somebody whom devices can know vouches for our HTTPS. */
  authorityFor(reached?: string): Authority | undefined {
    const lines = this.authorityLines;
    const url = `${this.httpUrl(undefined, reached)}${authorityFile}`;
    return lines.length === 0 ? undefined : { lines, url };
  }

  /** For devices that begin with FTP; the account is not in it. */
  ftpUrl(reached?: string): string {
    return this.#toUrl('ftp', this.ports.ftp, 21, '/', reached);
  }

  /** Where devices fetch that show a certificate; `port`: of the door for them. */
  certificatesUrl(port: number): string {
    return this.#toUrl('https', port, 443, provisioningPath, undefined);
  }

  #toUrl(
    scheme: string,
    port: number,
    defaultPort: number,
    path: string,
    reached: string | undefined,
  ): string {
    const host = this.hostFor(reached);
    const named = host.includes(':') ? `[${host}]` : host;
    return `${scheme}://${named}${port === defaultPort ? '' : `:${String(port)}`}${path}`;
  }

  #ownAddress(): string {
    const listening = this.#listenAddresses.find(isUsable);
    if (listening !== undefined) {
      return listening;
    }
    const own = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4');
    return own?.address ?? '127.0.0.1';
  }
}

function isUsable(address: string | undefined): address is string {
  return address !== undefined && address !== '0.0.0.0' && address !== '::';
}
