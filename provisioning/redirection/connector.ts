/**
 * Services that tell a device fresh from the factory where its PBX is. A connector speaks the language
 * of one of them; it is given an account, a way to send a request, time and randomness, and keeps
 * nothing but the session that the service gave it. All that a service is told of a device is its MAC,
 * its serial number where the service wants that, and one address with a short-lived token.
 */
import type { Secret } from '../../system/foundation/secret.ts';
import type { Exchange } from './exchange.ts';

export interface RedirectionAccount {
  /** Without slash at the end; that of the vendor unless the administrator named another one. */
  readonly address: string;
  readonly account: string | undefined;
  readonly clientId: string | undefined;
  readonly organisation: string | undefined;
  readonly site: string | undefined;
  readonly password: Secret | undefined;
  readonly clientSecret: Secret | undefined;
}

export interface ConnectorContext {
  readonly account: RedirectionAccount;
  readonly exchange: Exchange;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Unguessable, hexadecimal or base64url, at least 128 bits. */
  readonly nonce: () => string;
}

export interface RedirectionTarget {
  /** Lower-case hexadecimal. */
  readonly mac: string;
  readonly url: Secret;
  readonly serial: string | undefined;
}

/** Of one device; `error` in words when the service would not take it. */
export interface DeviceOutcome {
  readonly mac: string;
  readonly error?: string;
}

/** A device that the portal assigned to this PBX. */
export interface AssignedDevice {
  readonly mac: string;
  readonly vendor: string | undefined;
  readonly model: string | undefined;
  readonly comment: string | undefined;
  readonly serial: string | undefined;
}

/** Methods reject with RedirectionError where nothing was done for any of the devices. */
export interface Connector {
  register(targets: readonly RedirectionTarget[]): Promise<readonly DeviceOutcome[]>;
  /** A device that is not there counts as removed. */
  remove(macs: readonly string[]): Promise<readonly DeviceOutcome[]>;
  /** Logs in and looks; resolves with one sentence about what was found. */
  test(): Promise<string>;
  /** Only of the portal. */
  readonly listAssigned?: (() => Promise<readonly AssignedDevice[]>) | undefined;
}

export type AccountField =
  | 'account'
  | 'password'
  | 'clientId'
  | 'clientSecret'
  | 'organisation'
  | 'site';

export interface ServiceDescription {
  readonly name: string;
  /** Of the vendor whose devices it serves, as its data call it; undefined: all. */
  readonly vendor: string | undefined;
  /** Undefined where every installation has another one. */
  readonly address: string | undefined;
  readonly needs: readonly AccountField[];
  readonly knows: readonly AccountField[];
  readonly needsSerial: boolean;
  /** False: the service leads to one address for all, which stands in its own pages. */
  readonly carriesUrl: boolean;
  /** Devices in one request. */
  readonly batchSize: number;
  /** Least time between two requests for devices. */
  readonly pauseMs: number;
}
