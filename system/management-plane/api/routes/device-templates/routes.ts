/** Templates of the administrator, in place of shipped ones. */
import type { DeviceTemplate as StoredTemplate } from '../../../../configuration/entities/device-template.ts';
import type { Stored } from '../../../configuration-store/configuration-store.ts';
import type { DeviceTemplatesService } from '../../../provisioning/shared-settings/device-templates-service.ts';
import { toIfVersion } from '../../wire/entity-tag.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import {
  deviceTemplateChangeRequestSchema,
  deviceTemplateCreateRequestSchema,
  deviceTemplateListSchema,
  deviceTemplateParamsSchema,
  deviceTemplateSchema,
  shippedTemplateListSchema,
  shippedTemplateParamsSchema,
  templateCheckRequestSchema,
  templateCheckSchema,
  type DeviceTemplate,
} from './schema.ts';

export const deviceTemplatesRoutes = [
  defineRoute({
    method: 'GET',
    path: '/device-templates',
    permission: 'devices.read',
    summary: 'Lists the templates of the administrator, without their texts.',
    answer: { kind: 'json', status: 200, schema: deviceTemplateListSchema },
    handler: (_request, { provisioning: { templates } }) => ({
      body: {
        items: templates.all().map((stored) => presentListed(stored, templates)),
      },
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/device-templates',
    permission: 'devices.write',
    summary: 'Adds a template; one with a mistake is refused with its line.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: deviceTemplateCreateRequestSchema },
    answer: { kind: 'json', status: 201, schema: deviceTemplateSchema, hasVersion: true },
    handler: async ({ body, query, identity }, { provisioning: { templates } }) => {
      const { actor } = requireIdentity(identity);
      const stored = await templates.create(actor, body, query);
      return { body: present(stored, templates), version: stored.version };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/device-templates/check',
    permission: 'devices.read',
    summary: 'Tells whether a text would do as a template, and where it would not.',
    body: { type: 'application/json', schema: templateCheckRequestSchema },
    answer: { kind: 'json', status: 200, schema: templateCheckSchema },
    handler: ({ body }, { provisioning: { templates } }) => {
      const fault = templates.check(body);
      return { body: { isSound: fault === undefined, fault } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/device-templates/shipped/{vendor}',
    permission: 'devices.read',
    summary: 'Tells the templates of a vendor that come with the system.',
    params: shippedTemplateParamsSchema,
    answer: { kind: 'json', status: 200, schema: shippedTemplateListSchema },
    handler: ({ params }, { provisioning: { catalogue } }) => ({
      body: {
        items: [...(catalogue.find(params.vendor)?.data.templates ?? [])].map(([file, text]) => ({
          vendor: params.vendor,
          file,
          text,
        })),
      },
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/device-templates/{id}',
    permission: 'devices.read',
    summary: 'Tells one template with its text.',
    params: deviceTemplateParamsSchema,
    answer: { kind: 'json', status: 200, schema: deviceTemplateSchema, hasVersion: true },
    handler: ({ params }, { provisioning: { templates } }) => {
      const stored = templates.require(params.id);
      return { body: present(stored, templates), version: stored.version };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/device-templates/{id}',
    permission: 'devices.write',
    summary: 'Changes a template; a text with a mistake is refused with its line.',
    params: deviceTemplateParamsSchema,
    query: changeQuerySchema,
    body: { type: 'application/json', schema: deviceTemplateChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: deviceTemplateSchema, hasVersion: true },
    handler: async (
      { params, body, query, condition, identity },
      { provisioning: { templates } },
    ) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, ifVersion: toIfVersion(condition) };
      const stored = await templates.update(actor, params.id, body, options);
      return { body: present(stored, templates), version: stored.version };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/device-templates/{id}',
    permission: 'devices.write',
    summary: 'Deletes a template; devices get the shipped one again.',
    params: deviceTemplateParamsSchema,
    query: changeQuerySchema,
    needsIfMatch: true,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, query, condition, identity }, { provisioning: { templates } }) => {
      const { actor } = requireIdentity(identity);
      await templates.delete(actor, params.id, { ...query, ifVersion: toIfVersion(condition) });
      return {};
    },
  }),
];

type Templates = Pick<DeviceTemplatesService, 'faultOf'>;

function presentListed({ id, document, version }: Stored<StoredTemplate>, templates: Templates) {
  const { name, vendor, file, models, isEnabled, comment } = document;
  const fault = templates.faultOf(id);
  return { id, name, vendor, file, models: [...models], isEnabled, comment, fault, version };
}

function present(stored: Stored<StoredTemplate>, templates: Templates): DeviceTemplate {
  return { ...presentListed(stored, templates), text: stored.document.text };
}
