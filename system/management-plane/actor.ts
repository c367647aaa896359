/** Who does something in the management plane; passed to every verb of every service. */
import type { UserRole } from '../configuration/entities/user.ts';

export interface Actor {
  /** A person at the web interface, a program with a token, or the appliance itself. */
  readonly kind: 'session' | 'token' | 'system';
  /** The account; of a token the account that made it; `system` for the appliance itself. */
  readonly userId: string;
  /** As it is shown in the history of changes. */
  readonly name: string;
  readonly role: UserRole;
}

export const systemActor: Actor = {
  kind: 'system',
  userId: 'system',
  name: 'System',
  role: 'superadmin',
};
