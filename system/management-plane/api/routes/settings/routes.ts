/** The settings of the system: one record. */
import { settingsId } from '../../../../configuration/entities/settings.ts';
import type { Actor } from '../../../actor.ts';
import { findForbiddenSettings } from '../../../users/change-rules.ts';
import { UsersError } from '../../../users/users-error.ts';
import { toIfVersion } from '../../wire/entity-tag.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { requireNotLockedOut } from '../../web-filter.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import { presentSettings } from './present.ts';
import { settingsChangeRequestSchema, settingsSchema } from './schema.ts';

export const settingsRoutes = [
  defineRoute({
    method: 'GET',
    path: '/settings',
    permission: 'settings.read',
    summary: 'Tells all settings.',
    answer: { kind: 'json', status: 200, schema: settingsSchema, hasVersion: true },
    handler: async (_request, { store }) => {
      const { document, version } = await store.findSettings();
      return { body: presentSettings(document), version };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/settings',
    permission: 'settings.write',
    summary: 'Changes the settings that are named.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: settingsChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: settingsSchema, hasVersion: true },
    handler: async ({ body, query, condition, identity, source }, { store }) => {
      const { actor } = requireIdentity(identity);
      requireMayChange(actor, Object.keys(body));
      const { deniedAddresses, allowedAddresses } = { ...store.settings, ...body };
      requireNotLockedOut(
        { deniedAddresses: deniedAddresses ?? [], allowedAddresses: allowedAddresses ?? [] },
        source,
      );
      await store.commit({
        author: actor,
        reason: query.reason ?? '',
        confirmWithinSec: query.confirmWithinSec,
        operations: [
          {
            kind: 'update',
            entity: 'settings',
            id: settingsId,
            after: body,
            ifVersion: toIfVersion(condition),
          },
        ],
      });
      const { document, version } = await store.findSettings();
      return { body: presentSettings(document), version };
    },
  }),
];

/** Some settings are for the built-in administrator only; their declarations say which. */
function requireMayChange(actor: Actor, fields: readonly string[]): void {
  const issues = findForbiddenSettings(actor, fields);
  if (issues.length > 0) {
    throw new UsersError('forbidden', 'Some settings are for the administrator admin.', issues);
  }
}
