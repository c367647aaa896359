/** DECT: models, bases, systems with their planned trees, opening for new handsets. */
import { Secret } from '../../../../foundation/secret.ts';
import { foldForSearch, toSearchWords } from '../../../configuration-store/search-text.ts';
import { takePage } from '../../../configuration-store/take-page.ts';
import type { ListedSystem } from '../../../provisioning/dect/dect-view.ts';
import { DevicesError } from '../../../provisioning/devices/devices-error.ts';
import { toIfVersion } from '../../wire/entity-tag.ts';
import { requireIdentity } from '../../request/identity.ts';
import { presentInstant } from '../../wire/instant.ts';
import { defineRoute } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import {
  presentDectBases,
  presentDectHandset,
  presentDectModels,
  presentDectSystem,
} from './present.ts';
import {
  dectAccessCodeSchema,
  dectBaseListSchema,
  dectBaseParamsSchema,
  dectChangedSchema,
  dectClosedSchema,
  dectHandsetPageSchema,
  dectMembersQuerySchema,
  dectModelListSchema,
  dectOpenedSchema,
  dectOpenRequestSchema,
  dectSystemChangeRequestSchema,
  dectSystemCreateRequestSchema,
  dectSystemPageSchema,
  dectSystemParamsSchema,
  dectSystemSchema,
  dectSystemsQuerySchema,
  dectSystemsRequestSchema,
} from './schema.ts';

export const dectRoutes = [
  defineRoute({
    method: 'GET',
    path: '/dect/models',
    permission: 'devices.read',
    summary: 'Lists the kinds of DECT bases with what each can carry.',
    answer: { kind: 'json', status: 200, schema: dectModelListSchema },
    handler: (_request, { provisioning }) => ({
      body: { items: presentDectModels(provisioning) },
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/dect/bases',
    permission: 'devices.read',
    summary: 'Lists the DECT bases among the devices, with the system of each.',
    answer: { kind: 'json', status: 200, schema: dectBaseListSchema },
    handler: (_request, { provisioning }) => ({ body: { items: presentDectBases(provisioning) } }),
  }),
  defineRoute({
    method: 'GET',
    path: '/dect/bases/{mac}/members',
    permission: 'devices.read',
    summary: 'Lists the handsets that belong to a base through its system, with their extensions.',
    params: dectBaseParamsSchema,
    query: dectMembersQuerySchema,
    answer: { kind: 'json', status: 200, schema: dectHandsetPageSchema },
    handler: async ({ params, query }, { provisioning: { dect } }) => {
      const system = dect.directory.systemOfBase(params.mac);
      if (system === undefined) {
        throw new DevicesError('not-found', 'There is no such base in a DECT system.');
      }
      const { items, total } = await dect.view.listHandsets({
        system: system.id,
        sort: 'place',
        direction: 'asc',
        ...query,
      });
      return { body: { items: items.map(presentDectHandset), total, ...query } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/dect/systems',
    permission: 'devices.read',
    summary: 'Lists DECT systems with their bases, handsets and warnings.',
    query: dectSystemsQuerySchema,
    answer: { kind: 'json', status: 200, schema: dectSystemPageSchema },
    handler: ({ query }, { provisioning: { dect } }) => {
      const { search, sort, page, pageSize } = query;
      const words = toSearchWords(search);
      const found = dect.directory
        .systems()
        .map((stored) => dect.view.showSystem(stored))
        .filter((system) => holdsWords(system, words));
      const { items, total } = takePage(
        found,
        query,
        (system) => keyOf(system, sort),
        ({ stored }) => stored.id,
      );
      return { body: { items: items.map(presentDectSystem), total, page, pageSize } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/dect/systems',
    permission: 'devices.write',
    summary: 'Makes a DECT system; users that its bases had become its handsets.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: dectSystemCreateRequestSchema },
    answer: { kind: 'json', status: 201, schema: dectSystemSchema, hasVersion: true },
    handler: async ({ body, query, identity }, { provisioning: { dect } }) => {
      const { actor } = requireIdentity(identity);
      const stored = await dect.systems.create(actor, withSecret(body), query);
      return {
        body: presentDectSystem(dect.view.showSystem(stored)),
        version: stored.version,
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/dect/systems/{id}',
    permission: 'devices.read',
    summary: 'Tells one DECT system.',
    params: dectSystemParamsSchema,
    answer: { kind: 'json', status: 200, schema: dectSystemSchema, hasVersion: true },
    handler: ({ params }, { provisioning: { dect } }) => {
      const stored = dect.systems.require(params.id);
      return {
        body: presentDectSystem(dect.view.showSystem(stored)),
        version: stored.version,
      };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/dect/systems/{id}',
    permission: 'devices.write',
    summary: 'Changes the fields of a DECT system that are named; bases are given all at once.',
    params: dectSystemParamsSchema,
    query: changeQuerySchema,
    body: { type: 'application/json', schema: dectSystemChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: dectSystemSchema, hasVersion: true },
    handler: async ({ params, body, query, condition, identity }, { provisioning: { dect } }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, ifVersion: toIfVersion(condition) };
      const stored = await dect.systems.update(actor, params.id, withSecret(body), options);
      return {
        body: presentDectSystem(dect.view.showSystem(stored)),
        version: stored.version,
      };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/dect/systems/{id}',
    permission: 'devices.write',
    summary: 'Deletes a DECT system with its handsets; the bases stay devices.',
    params: dectSystemParamsSchema,
    query: changeQuerySchema,
    needsIfMatch: true,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, query, condition, identity }, { provisioning: { dect } }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, ifVersion: toIfVersion(condition) };
      await dect.systems.delete(actor, [params.id], options);
      return {};
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/dect/systems/delete',
    permission: 'devices.write',
    summary: 'Deletes DECT systems with their handsets.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: dectSystemsRequestSchema },
    answer: { kind: 'json', status: 200, schema: dectChangedSchema },
    handler: async ({ body, query, identity }, { provisioning: { dect } }) => {
      const { actor } = requireIdentity(identity);
      const revision = await dect.systems.delete(actor, body.ids, query);
      return { body: { changed: new Set(body.ids).size, revision } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/dect/systems/{id}/open',
    permission: 'devices.write',
    summary: 'Lets new handsets subscribe for some minutes.',
    params: dectSystemParamsSchema,
    body: { type: 'application/json', schema: dectOpenRequestSchema },
    answer: { kind: 'json', status: 200, schema: dectOpenedSchema },
    handler: async ({ params, body, identity, source }, { provisioning: { dect } }) => {
      const { actor } = requireIdentity(identity);
      const { subscription } = dect;
      const { opening, sync } = await subscription.open(actor, params.id, body.minutes, source);
      return { body: { openUntil: presentInstant(opening.untilMs), sync } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/dect/systems/{id}/close',
    permission: 'devices.write',
    summary: 'Takes no new handsets any more.',
    params: dectSystemParamsSchema,
    answer: { kind: 'json', status: 200, schema: dectClosedSchema },
    handler: async ({ params, identity, source }, { provisioning: { dect } }) => {
      const { actor } = requireIdentity(identity);
      return { body: { sync: await dect.subscription.close(actor, params.id, source) } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/dect/systems/{id}/reveal',
    permission: 'devices.write',
    summary: 'Tells the code that handsets subscribe with; is audited.',
    params: dectSystemParamsSchema,
    answer: { kind: 'json', status: 200, schema: dectAccessCodeSchema },
    handler: async ({ params, identity, source }, { provisioning: { dect } }) => {
      const { actor } = requireIdentity(identity);
      const code = await dect.systems.revealAccessCode(actor, params.id, source);
      return { body: { accessCode: code?.reveal() } };
    },
  }),
];

function withSecret<Body extends { readonly accessCode?: string | undefined }>(
  body: Body,
): Omit<Body, 'accessCode'> & { readonly accessCode: Secret | undefined } {
  const { accessCode, ...rest } = body;
  return { ...rest, accessCode: accessCode === undefined ? undefined : new Secret(accessCode) };
}

function holdsWords({ stored, bases }: ListedSystem, words: readonly string[]): boolean {
  const { name, comment } = stored.document;
  const texts = bases.flatMap(({ base, comment: place, known }) => [
    base.mac,
    base.name,
    place,
    known?.model.name,
  ]);
  const text = foldForSearch(
    [name, comment, ...texts].filter((part) => part !== undefined).join('\n'),
  );
  return words.every((word) => text.includes(word) || text.includes(word.replaceAll(/[:-]/g, '')));
}

function keyOf(system: ListedSystem, sort: 'name' | 'handsets' | 'bases'): string | number {
  switch (sort) {
    case 'name':
      return foldForSearch(system.stored.document.name);
    case 'handsets':
      return system.handsets;
    case 'bases':
      return system.bases.length;
  }
}
