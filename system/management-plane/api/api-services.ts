/** What the handlers of routes use: each is handed all of it and takes what it needs. */
import type { ManagementPlaneBus } from '../../bus/ends.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { TypedEmitter } from '../../foundation/typed-emitter.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { LoginLimit } from '../accounts/login-limit.ts';
import type { LoginService } from '../accounts/login-service.ts';
import type { Tokens } from '../accounts/tokens.ts';
import type { ConfigurationStore } from '../configuration-store/configuration-store.ts';
import type { Phonebooks } from '../phonebooks/phonebooks.ts';
import type { ProvisioningServices } from '../provisioning/provisioning-services.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { RegistrationDirectory } from '../registrations/registration-directory.ts';
import type { UsersImport } from '../users/users-import.ts';
import type { UsersService } from '../users/users-service.ts';

export interface ApiServices {
  readonly clock: Clock;
  /** Of the product. */
  readonly version: string;
  readonly healthState: () => 'starting' | 'running' | 'degraded' | 'failed';
  readonly callPlane: Pick<ManagementPlaneBus, 'request'>;
  readonly store: ConfigurationStore;
  readonly users: UsersService;
  readonly usersImport: UsersImport;
  readonly logins: LoginService;
  readonly loginLimit: LoginLimit;
  readonly tokens: Tokens;
  readonly audit: AuditLog;
  readonly records: RecordStore;
  readonly registrations: RegistrationDirectory;
  readonly provisioning: ProvisioningServices;
  readonly phonebooks: Phonebooks;
  /** Told when a session ends by request, with the secret of its cookie. */
  readonly sessionEnds: TypedEmitter<{ ended: [sessionToken: string] }>;
}
