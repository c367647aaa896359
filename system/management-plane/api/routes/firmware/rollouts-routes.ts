/** Staged rollouts of firmware: begin, look at, halt, go on, cancel, roll back. */
import type { StoredRollout } from '../../../provisioning/firmware/rollout/stored-rollout.ts';
import type { ProvisioningServices } from '../../../provisioning/provisioning-services.ts';
import { updateDevices } from '../../../provisioning/firmware/update-devices.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { presentRollout, presentRolloutDevice } from './present.ts';
import {
  firmwareUpdateRequestSchema,
  firmwareUpdateSchema,
  rolloutCreateRequestSchema,
  rolloutDevicesQuerySchema,
  rolloutDevicesSchema,
  rolloutListSchema,
  rolloutParamsSchema,
  rolloutSchema,
} from './schema.ts';

const steps = [
  ['halt', 'Halts a rollout: nobody else is told until it is resumed.'],
  ['resume', 'Goes on with a halted rollout, in spite of what halted it.'],
  ['cancel', 'Ends a rollout; devices that are updated stay so.'],
  ['rollBack', 'Returns devices that were updated to what they ran before.'],
] as const;

export const rolloutsRoutes = [
  defineRoute({
    method: 'GET',
    path: '/firmware/rollouts',
    permission: 'devices.read',
    summary: 'Lists rollouts, the newest first.',
    answer: { kind: 'json', status: 200, schema: rolloutListSchema },
    handler: async (_request, { provisioning }) => ({
      body: { items: await presentAll(provisioning.firmware.rollouts.list(), provisioning) },
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/firmware/rollouts',
    permission: 'devices.write',
    summary: 'Begins a rollout of a set to models, a group or devices.',
    body: { type: 'application/json', schema: rolloutCreateRequestSchema },
    answer: { kind: 'json', status: 201, schema: rolloutSchema },
    handler: async ({ body, identity, source }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const { quietHours, ...plan } = body.plan;
      const rollout = await provisioning.firmware.rollouts.begin(
        actor,
        { ...body, first: body.first, plan: { ...plan, quietHours } },
        source,
      );
      return { body: await presentOne(rollout, provisioning) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/firmware/rollouts/{id}',
    permission: 'devices.read',
    summary: 'Tells how far a rollout is.',
    params: rolloutParamsSchema,
    answer: { kind: 'json', status: 200, schema: rolloutSchema },
    handler: async ({ params }, { provisioning }) => ({
      body: await presentOne(provisioning.firmware.rollouts.require(params.id), provisioning),
    }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/firmware/rollouts/{id}',
    permission: 'devices.write',
    summary: 'Forgets a rollout that has ended.',
    params: rolloutParamsSchema,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params }, { provisioning }) => {
      await provisioning.firmware.rollouts.delete(params.id);
      return {};
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/firmware/rollouts/{id}/devices',
    permission: 'devices.read',
    summary: 'Lists the devices of a rollout with what became of each.',
    params: rolloutParamsSchema,
    query: rolloutDevicesQuerySchema,
    answer: { kind: 'json', status: 200, schema: rolloutDevicesSchema },
    handler: ({ params, query }, { provisioning }) => {
      const { page, pageSize, state } = query;
      const { directory, firmware } = provisioning;
      const { devices } = firmware.rollouts.require(params.id);
      const found = devices.filter((device) => state === undefined || device.state === state);
      const items = found.slice((page - 1) * pageSize, page * pageSize).map((device) => {
        const stored = directory.find(device.mac);
        const listed = stored === undefined ? undefined : directory.show(stored);
        return presentRolloutDevice(device, listed, provisioning);
      });
      return { body: { items, total: found.length, page, pageSize } };
    },
  }),
  ...steps.map(([step, summary]) =>
    defineRoute({
      method: 'POST',
      path: `/firmware/rollouts/{id}/${step === 'rollBack' ? 'roll-back' : step}`,
      permission: 'devices.write',
      summary,
      params: rolloutParamsSchema,
      answer: { kind: 'json', status: 200, schema: rolloutSchema },
      handler: async ({ params, identity, source }, { provisioning }) => {
        const { actor } = requireIdentity(identity);
        const rollout = await provisioning.firmware.rollouts[step](actor, params.id, source);
        return { body: await presentOne(rollout, provisioning) };
      },
    }),
  ),
  defineRoute({
    method: 'POST',
    path: '/firmware/updates',
    permission: 'devices.write',
    summary:
      'Updates devices to the newest firmware of the library, a few at a time, never in a call.',
    body: { type: 'application/json', schema: firmwareUpdateRequestSchema },
    answer: { kind: 'json', status: 201, schema: firmwareUpdateSchema },
    handler: async ({ body, identity, source }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const rollouts = await updateDevices(actor, body.macs, source, provisioning);
      const devices = rollouts.reduce((sum, rollout) => sum + rollout.devices.length, 0);
      return { body: { rollouts: await presentAll(rollouts, provisioning), devices } };
    },
  }),
];

async function presentAll(
  rollouts: readonly StoredRollout[],
  { catalogue, groups }: Pick<ProvisioningServices, 'catalogue' | 'groups'>,
) {
  const names = new Map((await groups.all()).map(({ id, document }) => [id, document.name]));
  const facts = { catalogue, groupName: (id: string) => names.get(id) ?? id };
  return rollouts.map((rollout) => presentRollout(rollout, facts));
}

async function presentOne(rollout: StoredRollout, services: ProvisioningServices) {
  const [presented] = await presentAll([rollout], services);
  if (presented === undefined) {
    throw new Error('one rollout gave no presentation');
  }
  return presented;
}
