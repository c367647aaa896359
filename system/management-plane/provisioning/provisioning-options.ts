/** What provisioning is given by the management plane. */
import type { ManagementPlaneBus } from '../../bus/ends.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { PasswordHasher } from '../accounts/password-hash.ts';
import type { ConfigurationStore } from '../configuration-store/configuration-store.ts';
import type { DevicePhonebook } from '../phonebooks/phones/device-phonebook.ts';
import type { AudioQuality } from '../records/audio-quality.ts';
import type { RegistrationDirectory } from '../registrations/registration-directory.ts';
import type { TlsCertificate } from '../tls-certificate.ts';
import type { ProvisioningDatabase } from './device-state/provisioning-tables.ts';

/** Ports of doors that no setting of the administrator names. */
export interface DevicePorts {
  /** A boot setting. */
  readonly ftp: number;
  /** 69; another for tests, as all that follow. */
  readonly tftp: number;
  /** 5060 */
  readonly pnp: number;
  /** Instead of those of the settings. */
  readonly doors?: number;
}

export interface ProvisioningOptions {
  readonly store: ConfigurationStore;
  readonly database: ProvisioningDatabase;
  readonly registrations: RegistrationDirectory;
  readonly audit: AuditLog;
  readonly hasher: PasswordHasher;
  readonly callPlane: Pick<ManagementPlaneBus, 'request'>;
  readonly listenAddresses: readonly string[];
  readonly sipPort: number;
  readonly sipTlsPort: number;
  readonly dataDirectory: string;
  /** 67 and 68; others for tests. */
  readonly dhcpPorts?: { readonly server: number; readonly client: number } | undefined;
  readonly devicePorts: DevicePorts;
  readonly version: string;
  /** The appliance's own, for HTTPS. */
  readonly provideCertificate: () => Promise<TlsCertificate>;
  /** How users' phones sounded. */
  readonly audio: AudioQuality;
  /** Devices did something that lists show. Called often. */
  readonly onDevicesSeen?: (() => void) | undefined;
  /** Devices wrote to their logs. Called often. */
  readonly onDeviceLog: () => void;
  /** Something about rollouts changed that people look at. */
  readonly onFirmwareChange: () => void;
  /** Phonebooks as devices read them. */
  readonly phonebook: DevicePhonebook;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A sentence for administrators, or undefined when it is over. */
  readonly onProblem: (name: string, sentence: string | undefined) => void;
}
