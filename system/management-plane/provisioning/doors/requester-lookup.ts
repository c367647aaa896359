/** Whose request it is: by a client certificate, a token in the address, or what the request tells. */
import type { TokenKind } from '../../../../provisioning/http/decide-access.ts';
import type { Identified } from '../../../../provisioning/identify/identify-device.ts';
import type { VendorCatalogue } from '../../../../provisioning/vendors/vendor-catalogue.ts';
import type { CertificateMisuse } from '../../device-access/certificate-alarms.ts';
import {
  macOfCertificate,
  type DeviceCertificate,
} from '../../device-access/device-certificate.ts';
import type { SyncGrants } from '../access/sync-grants.ts';
import type { TemporaryTokens } from '../access/temporary-tokens.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';

export interface RequesterLookupOptions {
  readonly catalogue: VendorCatalogue;
  readonly directory: Pick<DeviceDirectory, 'findByToken'>;
  readonly temporaryTokens: Pick<TemporaryTokens, 'find'>;
  readonly grants: Pick<SyncGrants, 'admits'>;
  readonly onCertificateMisuse: (misuse: CertificateMisuse) => void;
}

/** What of a request says whose it is. */
export interface Credentials {
  readonly token: string | undefined;
  /** Address of the device. */
  readonly source: string;
  readonly certificate?: DeviceCertificate | undefined;
}

export interface Requester {
  /** Undefined: of no device, or of one while it names another. */
  readonly mac: string | undefined;
  readonly token: TokenKind;
}

export class RequesterLookup {
  readonly #options: RequesterLookupOptions;

  constructor(options: RequesterLookupOptions) {
    this.#options = options;
  }

  find(credentials: Credentials, identified: Identified): Requester {
    const { certificate } = credentials;
    return certificate === undefined
      ? this.#findByToken(credentials, identified)
      : this.#findByCertificate(credentials, certificate, identified);
  }

  /** The device of a token, whatever else the request says. */
  findToken(
    token: string,
    source: string,
  ): { readonly mac: string; readonly token: TokenKind } | undefined {
    const { directory, temporaryTokens, grants } = this.#options;
    const own = directory.findByToken(token);
    if (own !== undefined && !own.isPrevious) {
      return { mac: own.mac, token: 'own' };
    }
    if (own !== undefined && grants.admits(own.mac, source)) {
      return { mac: own.mac, token: 'granted' };
    }
    const mac = temporaryTokens.find(token);
    return mac === undefined ? undefined : { mac, token: 'temporary' };
  }

  /** A certificate says whose request it is; nothing in the request may name another device. */
  #findByCertificate(
    { token, source }: Credentials,
    certificate: DeviceCertificate,
    identified: Identified,
  ): Requester {
    const { catalogue, onCertificateMisuse } = this.#options;
    const owner = macOfCertificate(catalogue, certificate);
    const inPath = identified.macSource === 'path' ? identified.mac : undefined;
    const claims = [inPath, token === undefined ? undefined : this.findToken(token, source)?.mac];
    const claimed = claims.find((mac) => mac !== undefined && mac !== owner);
    if (owner === undefined || claimed !== undefined) {
      const { subject } = certificate;
      onCertificateMisuse({ source, owner, claimed: claimed ?? inPath, subject });
      return { mac: undefined, token: 'none' };
    }
    return { mac: owner, token: 'certificate' };
  }

  /** A token says whose request it is; a path that names another device's file is then nothing. */
  #findByToken({ token, source }: Credentials, identified: Identified): Requester {
    const claimed = identified.macSource === 'path' ? identified.mac : undefined;
    const shown = token === undefined ? undefined : this.findToken(token, source);
    if (shown === undefined) {
      return { mac: identified.mac, token: 'none' };
    }
    return claimed === undefined || claimed === shown.mac
      ? shown
      : { mac: undefined, token: 'none' };
  }
}
