/** The services of the management plane, built by hand: what each needs can be read here. */
import { randomInt } from 'node:crypto';
import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import { AuditLog } from './accounts/audit-log.ts';
import { limitSettingsOf, LoginLimit } from './accounts/login-limit.ts';
import { LoginService } from './accounts/login-service.ts';
import type { PasswordHasher } from './accounts/password-hash.ts';
import { Sessions } from './accounts/sessions.ts';
import { Tokens } from './accounts/tokens.ts';
import type { ConfigurationStore } from './configuration-store/configuration-store.ts';
import type { Databases } from './open-databases.ts';
import { RecordRetention } from './records/record-retention.ts';
import { RecordStore } from './records/record-store.ts';
import { BanStore } from './registrations/ban-store.ts';
import { BindingStore } from './registrations/binding-store.ts';
import { RegistrationDirectory } from './registrations/registration-directory.ts';
import { UsersService, type PersonalDataEraser } from './users/users-service.ts';

export interface Services {
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly audit: AuditLog;
  readonly logins: LoginService;
  readonly loginLimit: LoginLimit;
  readonly users: UsersService;
  readonly records: RecordStore;
  readonly retention: RecordRetention;
  readonly registrations: RegistrationDirectory;
  readonly bindings: BindingStore;
  readonly bans: BanStore;
}

export interface OpenServicesOptions {
  readonly store: ConfigurationStore;
  readonly databases: Databases;
  readonly hasher: PasswordHasher;
  /** What erases personal data beside the records of calls. */
  readonly otherErasers?: readonly PersonalDataEraser[];
  readonly bootId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Rejects with StorageError. Nothing runs by itself yet. */
export async function openServices(options: OpenServicesOptions): Promise<Services> {
  const { store, databases, hasher, bootId, clock, logger } = options;
  const records = await RecordStore.open({ database: databases.records, clock });
  const sessions = new Sessions({ database: databases.accounts, store, clock, bootId });
  const tokens = new Tokens({ database: databases.accounts, store, clock });
  const audit = new AuditLog({ database: databases.accounts, clock, logger });
  const limit = new LoginLimit({
    clock,
    settings: () => limitSettingsOf(store.settings),
  });
  const erasers = [records, ...(options.otherErasers ?? [])];
  const eraser: PersonalDataEraser = {
    erase: async (userIds) => {
      for (const one of erasers) {
        await one.erase(userIds);
      }
    },
  };
  const randomBelow = (end: number): number => randomInt(end);
  return {
    sessions,
    tokens,
    audit,
    logins: new LoginService({ store, hasher, sessions, limit, audit, logger }),
    loginLimit: limit,
    users: new UsersService({ store, hasher, limit, audit, eraser, randomBelow }),
    records,
    retention: new RecordRetention({
      store: records,
      clock,
      logger,
      keepDays: () => store.settings.recordsKeepDays,
    }),
    registrations: new RegistrationDirectory({ store, clock }),
    bindings: new BindingStore({ database: databases.registrations, clock, logger }),
    bans: new BanStore({ database: databases.registrations, clock, logger }),
  };
}
