/** Phone keys, preferences and PIN: of a user for administrators, of oneself for everybody. */
import { toIfVersion } from '../../wire/entity-tag.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import { presentPhoneProfile } from './present.ts';
import {
  phoneProfileChangeSchema,
  phoneProfileParamsSchema,
  phoneProfileSchema,
} from './schema.ts';

const answer = {
  kind: 'json',
  status: 200,
  schema: phoneProfileSchema,
  hasVersion: true,
} as const;

export const phoneProfileRoutes = [
  defineRoute({
    method: 'GET',
    path: '/users/{id}/phone-profile',
    permission: 'users.read',
    summary: 'Tells phone keys and preferences of a user, and which phones have room for them.',
    params: phoneProfileParamsSchema,
    answer,
    handler: async ({ params }, { provisioning, store }) => {
      const profile = await provisioning.phoneProfiles.find(params.id);
      const body = presentPhoneProfile(profile, store.settings.phoneLoginCode);
      return { body, version: body.version };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/users/{id}/phone-profile',
    permission: 'users.write',
    summary: 'Changes phone keys, preferences or PIN of a user; registered phones fetch them.',
    params: phoneProfileParamsSchema,
    query: changeQuerySchema.pick({ reason: true }),
    body: { type: 'application/json', schema: phoneProfileChangeSchema },
    needsIfMatch: true,
    answer,
    handler: async ({ params, query, body, condition, identity }, { provisioning, store }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, ifVersion: toIfVersion(condition) };
      const profile = await provisioning.phoneProfiles.change(actor, params.id, body, options);
      const shown = presentPhoneProfile(profile, store.settings.phoneLoginCode);
      return { body: shown, version: shown.version };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/my/phone-profile',
    permission: 'phone.own',
    summary: 'Tells the own phone keys and preferences, and which phones have room for them.',
    answer,
    handler: async ({ identity }, { provisioning, store }) => {
      const { actor } = requireIdentity(identity);
      const profile = await provisioning.phoneProfiles.find(actor.userId);
      const body = presentPhoneProfile(profile, store.settings.phoneLoginCode);
      return { body, version: body.version };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/my/phone-profile',
    permission: 'phone.own',
    summary: 'Changes the own phone keys, preferences or PIN; registered phones fetch them.',
    body: { type: 'application/json', schema: phoneProfileChangeSchema },
    needsIfMatch: true,
    answer,
    handler: async ({ body, condition, identity }, { provisioning, store }) => {
      const { actor } = requireIdentity(identity);
      const options = { ifVersion: toIfVersion(condition) };
      const profile = await provisioning.phoneProfiles.change(actor, actor.userId, body, options);
      const shown = presentPhoneProfile(profile, store.settings.phoneLoginCode);
      return { body: shown, version: shown.version };
    },
  }),
];
