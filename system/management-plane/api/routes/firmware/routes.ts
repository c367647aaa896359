/** The firmware library: upload, look at, activate, delete; and the firmware of one device. */
import { resolveDeviceFirmware } from '../../../provisioning/firmware/resolve-device-firmware.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { uploadedBodySchema } from '../../request/uploaded-body.ts';
import { presentFirmwareSet, presentFirmwareSets } from './present.ts';
import {
  deviceFirmwareParamsSchema,
  deviceFirmwareSchema,
  firmwareFileParamsSchema,
  firmwareSetChangeRequestSchema,
  firmwareSetListSchema,
  firmwareSetParamsSchema,
  firmwareSetSchema,
  firmwareUploadQuerySchema,
} from './schema.ts';

export const firmwareRoutes = [
  defineRoute({
    method: 'GET',
    path: '/firmware/sets',
    permission: 'devices.read',
    summary: 'Lists the firmware library: sets of images by vendor and label.',
    answer: { kind: 'json', status: 200, schema: firmwareSetListSchema },
    handler: (_request, { provisioning }) => ({
      body: { items: presentFirmwareSets(provisioning.firmware.library.list(), provisioning) },
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/firmware/files',
    permission: 'devices.write',
    summary: 'Uploads one file of firmware into the set of its label, which is made where missing.',
    query: firmwareUploadQuerySchema,
    body: { type: 'application/octet-stream', schema: uploadedBodySchema },
    answer: { kind: 'json', status: 201, schema: firmwareSetSchema },
    handler: async ({ query, body, identity, source }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const { hash, label, ...claim } = query;
      try {
        const set = await provisioning.firmware.library.upload(actor, {
          ...claim,
          label,
          source: body.source,
          expectedBytes: body.sizeBytes,
          expectedHash:
            hash === undefined
              ? undefined
              : { algorithm: hash.length === 64 ? 'sha256' : 'sha512', digest: hash },
          address: source,
        });
        return { body: presentFirmwareSet(set, provisioning) };
      } finally {
        // What is refused half way must still be read, or the client never reads why.
        body.source.resume();
      }
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/firmware/sets/{id}',
    permission: 'devices.write',
    summary: 'Activates or deactivates a set; renames or describes one that is not active.',
    params: firmwareSetParamsSchema,
    body: { type: 'application/json', schema: firmwareSetChangeRequestSchema },
    answer: { kind: 'json', status: 200, schema: firmwareSetSchema },
    handler: async ({ params, body, identity, source }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const { library } = provisioning.firmware;
      const set = await library.change(actor, params.id, body, source);
      return { body: presentFirmwareSet(set, provisioning) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/firmware/sets/{id}',
    permission: 'devices.write',
    summary: 'Deletes a set that is not active, with its files.',
    params: firmwareSetParamsSchema,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, identity, source }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      await provisioning.firmware.library.delete(actor, params.id, undefined, source);
      return {};
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/firmware/sets/{id}/files/{fileId}',
    permission: 'devices.write',
    summary: 'Deletes one file of a set that is not active.',
    params: firmwareFileParamsSchema,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, identity, source }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      await provisioning.firmware.library.delete(actor, params.id, params.fileId, source);
      return {};
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/devices/{mac}/firmware',
    permission: 'devices.read',
    summary: 'Tells what a device runs, what it shall run and why, and groups that disagree.',
    params: deviceFirmwareParamsSchema,
    answer: { kind: 'json', status: 200, schema: deviceFirmwareSchema },
    handler: async ({ params }, { provisioning }) => {
      const device = provisioning.devices.require(params.mac);
      const { target, newer, conflict, choices, ...facts } = await resolveDeviceFirmware(
        device,
        provisioning,
      );
      return {
        body: {
          ...facts,
          target:
            target === undefined
              ? undefined
              : {
                  label: target.label,
                  ...target.origin,
                  version: target.image?.file.version,
                  isOffered: target.isOffered,
                },
          conflict: [...conflict],
          newer:
            newer === undefined
              ? undefined
              : { setId: newer.set.id, label: newer.set.label, version: newer.file.version },
          choices: choices.map(({ set, file }) => ({ label: set.label, version: file.version })),
        },
      };
    },
  }),
];
