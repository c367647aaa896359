/** The doors for devices beside the ports of the web, and whose certificates are believed. */
import { Readable } from 'node:stream';
import type { ListedAuthority } from '../../../device-access/device-authorities-service.ts';
import type { UploadKind } from '../../../device-access/uploads/classify-upload.ts';
import type { ProvisioningServices } from '../../../provisioning/provisioning-services.ts';
import { toIfVersion } from '../../wire/entity-tag.ts';
import { requireIdentity } from '../../request/identity.ts';
import { presentInstant } from '../../wire/instant.ts';
import { defineRoute } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import {
  closedDoorListSchema,
  deviceAccessChangeRequestSchema,
  deviceAccessSchema,
  deviceAccessStateSchema,
  deviceAuthorityAddRequestSchema,
  deviceAuthorityChangeRequestSchema,
  deviceAuthorityListSchema,
  deviceAuthorityParamsSchema,
  deviceAuthoritySchema,
  deviceConnectOpenRequestSchema,
  deviceConnectOpenedSchema,
  deviceConnectParamsSchema,
  deviceConnectStateSchema,
  deviceUploadListSchema,
  deviceUploadParamsSchema,
  type DeviceAccessState,
  type DeviceAuthority,
} from './schema.ts';

export const deviceAccessRoutes = [
  defineRoute({
    method: 'GET',
    path: '/device-access',
    permission: 'devices.read',
    summary: 'Tells which doors for devices are meant to be open.',
    answer: { kind: 'json', status: 200, schema: deviceAccessSchema, hasVersion: true },
    handler: (_request, { provisioning: { doors } }) => ({
      body: doors.settings.current,
      version: doors.settings.stored.version,
    }),
  }),
  defineRoute({
    method: 'PATCH',
    path: '/device-access',
    permission: 'devices.write',
    summary: 'Opens and shuts doors for devices; what is not named stays.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: deviceAccessChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: deviceAccessSchema, hasVersion: true },
    handler: async ({ body, query, condition, identity }, { provisioning: { doors } }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, ifVersion: toIfVersion(condition) };
      const { document, version } = await doors.settings.change(actor, body, options);
      return { body: document, version };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/closed-doors',
    permission: 'devices.read',
    summary: 'Lists doors for devices that are meant to be open and are not, with the reason.',
    answer: { kind: 'json', status: 200, schema: closedDoorListSchema },
    handler: async (_request, { provisioning: { doors } }) => {
      await doors.closedDoors.settled();
      return { body: { items: [...doors.closedDoors.list] } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/closed-doors/retry',
    permission: 'devices.write',
    summary: 'Tries again to open them, and lists those that stay closed.',
    answer: { kind: 'json', status: 200, schema: closedDoorListSchema },
    handler: async (_request, { provisioning: { doors } }) => {
      await doors.closedDoors.tryAgain();
      return { body: { items: [...doors.closedDoors.list] } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/device-access/state',
    permission: 'devices.read',
    summary: 'Tells which doors for devices are open now, and who misused a certificate.',
    answer: { kind: 'json', status: 200, schema: deviceAccessStateSchema },
    handler: async (_request, { provisioning }) => ({ body: await presentState(provisioning) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/device-authorities',
    permission: 'devices.read',
    summary: 'Lists the certificate authorities of makers of devices that are believed.',
    answer: { kind: 'json', status: 200, schema: deviceAuthorityListSchema },
    handler: async (_request, { provisioning: { doors } }) => ({
      body: { items: (await doors.authorities.all()).map(presentAuthority) },
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/device-authorities',
    permission: 'devices.write',
    summary: 'Adds certificate authorities out of a PEM text.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: deviceAuthorityAddRequestSchema },
    answer: { kind: 'json', status: 201, schema: deviceAuthorityListSchema },
    handler: async ({ body, query, identity }, { provisioning: { doors } }) => {
      const { actor } = requireIdentity(identity);
      const { certificate, ...input } = body;
      const added = await doors.authorities.add(actor, certificate, input, query);
      await doors.settings.settled();
      return { body: { items: added.map(presentAuthority) } };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/device-authorities/{id}',
    permission: 'devices.write',
    summary: 'Changes name or vendor of a certificate authority.',
    params: deviceAuthorityParamsSchema,
    query: changeQuerySchema,
    body: { type: 'application/json', schema: deviceAuthorityChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: deviceAuthoritySchema, hasVersion: true },
    handler: async ({ params, body, query, condition, identity }, { provisioning: { doors } }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, ifVersion: toIfVersion(condition) };
      const authority = await doors.authorities.update(actor, params.id, body, options);
      await doors.settings.settled();
      return { body: presentAuthority(authority), version: authority.version };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/device-authorities/{id}',
    permission: 'devices.write',
    summary: 'Believes a certificate authority no longer.',
    params: deviceAuthorityParamsSchema,
    query: changeQuerySchema,
    needsIfMatch: true,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, query, condition, identity }, { provisioning: { doors } }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, ifVersion: toIfVersion(condition) };
      await doors.authorities.delete(actor, params.id, options);
      await doors.settings.settled();
      return {};
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/devices/{mac}/connect',
    permission: 'devices.connect',
    summary: 'Tells whether the web page of a device is, or can be, opened through the PBX.',
    params: deviceConnectParamsSchema,
    answer: { kind: 'json', status: 200, schema: deviceConnectStateSchema },
    handler: async ({ params }, { provisioning: { doors } }) => {
      const { obstacle, open } = (await doors.connect()).stateOf(params.mac);
      return {
        body: {
          obstacle,
          isOpen: open !== undefined,
          port: open?.port,
          until: open === undefined ? undefined : presentInstant(open.untilMs),
          openedBy: open?.openedBy,
        },
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/devices/{mac}/connect',
    permission: 'devices.connect',
    summary: 'Opens the web page of a device on a port of the PBX, for a while.',
    params: deviceConnectParamsSchema,
    body: { type: 'application/json', schema: deviceConnectOpenRequestSchema },
    answer: { kind: 'json', status: 200, schema: deviceConnectOpenedSchema },
    handler: async ({ params, body, identity, source }, { provisioning: { doors } }) => {
      const { actor } = requireIdentity(identity);
      const connect = await doors.connect();
      const minutes = body.minutes ?? defaultConnectMinutes;
      const { port, path, untilMs } = await connect.open(actor, params.mac, minutes, source);
      return { body: { port, path, until: presentInstant(untilMs) } };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/devices/{mac}/connect',
    permission: 'devices.connect',
    summary: 'Shuts the web page of a device.',
    params: deviceConnectParamsSchema,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, identity, source }, { provisioning: { doors } }) => {
      const { actor } = requireIdentity(identity);
      await (await doors.connect()).close(params.mac, actor, source);
      return {};
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/devices/{mac}/uploads',
    permission: 'devices.read',
    summary: 'Lists what a device stored here.',
    params: deviceConnectParamsSchema,
    answer: { kind: 'json', status: 200, schema: deviceUploadListSchema },
    handler: async ({ params }, { provisioning: { doors } }) => {
      const rows = await (await doors.uploads()).list(params.mac);
      return {
        body: {
          items: rows.map(({ id, name, kind, size_bytes: sizeBytes, at_ms: atMs, address }) => ({
            id,
            name,
            kind: kind as UploadKind,
            sizeBytes,
            at: presentInstant(atMs),
            address,
          })),
        },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/devices/{mac}/uploads/{id}',
    permission: 'devices.write',
    summary: 'Gives a file that a device stored here, as a download.',
    params: deviceUploadParamsSchema,
    answer: { kind: 'text', status: 200, type: 'application/octet-stream' },
    handler: async ({ params }, { provisioning: { doors } }) => {
      const uploads = await doors.uploads();
      const row = await uploads.require(params.mac, params.id);
      return { text: Readable.from([await uploads.read(row)]), fileName: row.name };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/devices/{mac}/uploads/{id}',
    permission: 'devices.write',
    summary: 'Deletes a file that a device stored here.',
    params: deviceUploadParamsSchema,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params }, { provisioning: { doors } }) => {
      await (await doors.uploads()).delete(params.mac, params.id);
      return {};
    },
  }),
];

const defaultConnectMinutes = 15;

async function presentState({ doors, address }: ProvisioningServices): Promise<DeviceAccessState> {
  const { certificatesPort, syslogPort } = doors;
  const senders = syslogPort === undefined ? [] : (await doors.log()).unknownSenders;
  return {
    certificatesPort,
    certificatesUrl:
      certificatesPort === undefined ? undefined : address.certificatesUrl(certificatesPort),
    certificateAlarms: doors.certificateAlarms.shown.map(
      ({ atMs, source, owner, claimed, subject }) => ({
        at: presentInstant(atMs),
        source,
        owner,
        claimed,
        subject,
      }),
    ),
    syslogPort,
    unknownSenders: senders.map(({ lastAtMs, ...sender }) => ({
      ...sender,
      lastAt: presentInstant(lastAtMs),
    })),
  };
}

function presentAuthority(authority: ListedAuthority): DeviceAuthority {
  const { id, document, subject, issuer, validFromMs, validToMs, version } = authority;
  return {
    id,
    name: document.name,
    vendor: document.vendor,
    subject,
    issuer,
    validFrom: presentInstant(validFromMs),
    validTo: presentInstant(validToMs),
    fingerprint: authority.fingerprint,
    isComplete: authority.isComplete,
    version,
  };
}
