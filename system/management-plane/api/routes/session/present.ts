/** The session as the browser sees it; the secret of the cookie stays in the cookie. */
import type { Settings } from '../../../../configuration/entities/settings.ts';
import type { SessionIdentity } from '../../../accounts/sessions.ts';
import { permissionsOfRole } from '../../permission.ts';
import type { Session } from './schema.ts';

export function presentSession(identity: SessionIdentity, settings: Settings): Session {
  const { actor, language, mustChangePassword, csrfToken } = identity;
  return {
    account: { id: actor.userId, name: actor.name, role: actor.role, language },
    csrfToken,
    mustChangePassword,
    permissions: permissionsOfRole(actor.role),
    systemName: settings.systemName,
    passwordPolicy: {
      minLength: settings.passwordMinLength,
      needsUpper: settings.passwordNeedsUpper,
      needsLower: settings.passwordNeedsLower,
      needsDigit: settings.passwordNeedsDigit,
      needsSpecial: settings.passwordNeedsSpecial,
    },
  };
}
