/** Whose phones have to register again because of a change of the configuration: pure. */
import type { EntityChange } from '../configuration-store/revision.ts';
import type { UserId } from '../../foundation/ids.ts';

/** Fields without which a registration has no ground any more. */
const decisiveFields: ReadonlySet<string> = new Set(['sipCredentials', 'sipUsername', 'enabled']);

/** Users that were deleted, disabled, or got another SIP user name or password. */
export function registrationsToEnd(changes: readonly EntityChange[]): UserId[] {
  return changes
    .filter(
      ({ entity, kind, fields }) =>
        entity === 'user' &&
        (kind === 'delete' ||
          (kind === 'update' && fields.some(({ field }) => decisiveFields.has(field)))),
    )
    .map(({ id }) => id as UserId);
}
