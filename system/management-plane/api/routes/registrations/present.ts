/** Registrations as they leave. */
import type { ListedRegistration } from '../../../registrations/registration-directory.ts';
import { presentInstant } from '../../wire/instant.ts';
import type { Registration } from './schema.ts';

export function presentRegistration(listed: ListedRegistration): Registration {
  const { binding, userName, extension } = listed;
  return {
    userId: binding.userId,
    userName,
    extension,
    contact: binding.contact,
    protocol: binding.protocol,
    remoteAddress: binding.remoteAddress,
    remotePort: binding.remotePort,
    userAgent: binding.userAgent,
    q: binding.q,
    registeredAt: presentInstant(binding.registeredAtMs),
    expiresAt: presentInstant(binding.expiresAtMs),
  };
}
