/** Provisioning as a whole: settings, vendors with their models, the table of settings of devices. */
import { variables } from '../../../../../provisioning/scope/variables.ts';
import type { ProvisioningSettings } from '../../../../configuration/entities/provisioning-settings.ts';
import type { SettingsInDocument } from '../../../../configuration/entities/provisioning-values.ts';
import type { Stored } from '../../../configuration-store/configuration-store.ts';
import { holdsSecret } from '../../../provisioning/secret-variable.ts';
import { toIfVersion } from '../../entity-tag.ts';
import { requireIdentity } from '../../identity.ts';
import { defineRoute } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import {
  provisioningSettingsChangeRequestSchema,
  provisioningSettingsSchema,
  variableListSchema,
  vendorListSchema,
} from './schema.ts';

export const provisioningRoutes = [
  defineRoute({
    method: 'GET',
    path: '/provisioning/settings',
    permission: 'devices.read',
    summary: 'Tells how devices are provisioned.',
    answer: { kind: 'json', status: 200, schema: provisioningSettingsSchema, hasVersion: true },
    handler: (_request, { provisioning: { site } }) => ({
      body: presentSettings(site.stored),
      version: site.stored.version,
    }),
  }),
  defineRoute({
    method: 'PATCH',
    path: '/provisioning/settings',
    permission: 'devices.write',
    summary: 'Changes the settings of provisioning that are named.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: provisioningSettingsChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: provisioningSettingsSchema, hasVersion: true },
    handler: async ({ body, query, condition, identity }, { provisioning: { site } }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, ifVersion: toIfVersion(condition) };
      const stored = await site.change(actor, body, options);
      return { body: presentSettings(stored), version: stored.version };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/provisioning/vendors',
    permission: 'devices.read',
    summary: 'Lists vendors with their models and what these can do.',
    answer: { kind: 'json', status: 200, schema: vendorListSchema },
    handler: (_request, { provisioning: { catalogue } }) => ({
      body: {
        items: catalogue.vendors.map(({ data }) => ({
          id: data.id,
          name: data.name,
          models: data.models.map(({ id, name, family, lines, keys, handsets, features }) => ({
            id,
            name,
            family,
            lines,
            keys,
            handsets,
            features: [...features],
          })),
        })),
      },
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/provisioning/variables',
    permission: 'devices.read',
    summary: 'Lists every setting that devices, groups and the site may have.',
    answer: { kind: 'json', status: 200, schema: variableListSchema },
    handler: () => ({
      body: {
        items: variables.map((variable) => ({
          name: variable.name,
          help: variable.help,
          domain: variable.domain,
          default: variable.default as SettingsInDocument[string] | undefined,
          isSecret: holdsSecret(variable),
        })),
      },
    }),
  }),
];

function presentSettings({ document }: Stored<ProvisioningSettings>) {
  const { secretSettings, ...fields } = document;
  return { ...fields, secretSettings: Object.keys(secretSettings) };
}
