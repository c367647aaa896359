/** Provisioning as a whole: settings, vendors with their models, the table of settings of devices. */
import type { EventNote } from '../../../event-note.ts';
import type { ModelKeys } from '../../../../../provisioning/vendors/vendor.ts';
import { variables } from '../../../../../provisioning/scope/variables.ts';
import type { ProvisioningSettings } from '../../../../configuration/entities/provisioning-settings.ts';
import type { SettingsInDocument } from '../../../../configuration/entities/provisioning-values.ts';
import type { Stored } from '../../../configuration-store/configuration-store.ts';
import type { ProvisioningServices } from '../../../provisioning/provisioning-services.ts';
import { holdsSecret } from '../../../provisioning-values/secret-variable.ts';
import { toIfVersion } from '../../wire/entity-tag.ts';
import { presentInstant } from '../../wire/instant.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import {
  ftpStateSchema,
  pnpStateSchema,
  provisioningAddressSchema,
  provisioningSettingsChangeRequestSchema,
  provisioningSettingsSchema,
  provisioningWindowOpenRequestSchema,
  provisioningWindowSchema,
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
    path: '/provisioning/window',
    permission: 'devices.read',
    summary: 'Tells whether new devices may make their first contact now, and who guesses.',
    answer: { kind: 'json', status: 200, schema: provisioningWindowSchema },
    handler: (_request, { provisioning }) => ({ body: presentWindow(provisioning) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/provisioning/window',
    permission: 'devices.write',
    summary: 'Lets new devices, or some of the list, make their first contact for a while.',
    body: { type: 'application/json', schema: provisioningWindowOpenRequestSchema },
    answer: { kind: 'json', status: 200, schema: provisioningWindowSchema },
    handler: async ({ body, identity, source }, { provisioning, audit }) => {
      const { actor } = requireIdentity(identity);
      provisioning.window.open(body.minutes, actor.name, body.macs);
      provisioning.scans.forgive();
      const notes: EventNote[] = [
        { code: 'minutes', facts: { count: body.minutes } },
        body.macs === undefined
          ? { code: 'all-devices', facts: {} }
          : { code: 'text', facts: { text: body.macs.join(', ') } },
      ];
      await audit.record({ action: 'provisioning-window-opened', actor, address: source, notes });
      return { body: presentWindow(provisioning) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/provisioning/window',
    permission: 'devices.write',
    summary: 'Closes the window for first contacts.',
    answer: { kind: 'none', status: 204 },
    handler: async ({ identity, source }, { provisioning, audit }) => {
      const { actor } = requireIdentity(identity);
      provisioning.window.close();
      await audit.record({ action: 'provisioning-window-closed', actor, address: source });
      return {};
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/provisioning/pnp',
    permission: 'devices.read',
    summary: 'Tells what phones said by multicast lately, and why they were answered or not.',
    answer: { kind: 'json', status: 200, schema: pnpStateSchema },
    handler: (_request, { provisioning: { pnp } }) => ({
      body: {
        isListening: pnp.port !== undefined,
        interfaces: [...pnp.interfaces],
        unreadable: pnp.unreadableCount,
        heard: pnp.served.toReversed().map(({ request, source, atMs, outcome }) => ({
          at: presentInstant(atMs),
          source,
          mac: request.mac,
          vendor: request.vendor,
          model: request.model,
          version: request.version,
          outcome,
        })),
      },
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/provisioning/ftp',
    permission: 'devices.read',
    summary: 'Tells whether FTP is open, and what its logs say.',
    answer: { kind: 'json', status: 200, schema: ftpStateSchema },
    handler: (_request, { provisioning: { ftp, address } }) => ({
      body: {
        port: ftp.port,
        url: ftp.port === undefined ? undefined : address.ftpUrl(),
        sessions: ftp.sessionCount,
        entries: ftp.log.entries.map(({ atMs, ...entry }) => ({
          at: presentInstant(atMs),
          ...entry,
        })),
      },
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/provisioning/address',
    permission: 'devices.read',
    summary: 'Tells the addresses from which devices fetch their files.',
    answer: { kind: 'json', status: 200, schema: provisioningAddressSchema },
    handler: (_request, { provisioning: { address } }) => ({
      body: {
        host: address.hostFor(),
        httpUrl: address.httpUrl(undefined),
      },
    }),
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
            keys: presentKeys(keys),
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

function presentKeys({ line, soft, expansion }: ModelKeys) {
  return {
    line,
    soft,
    expansion:
      expansion === undefined ? undefined : { modules: expansion.modules, keys: expansion.keys },
  };
}

function presentWindow({ window: { state }, scans }: ProvisioningServices) {
  return {
    isOpen: state !== undefined,
    until: state === undefined ? undefined : presentInstant(state.untilMs),
    openedBy: state?.openedBy,
    macs: state?.macs === undefined ? undefined : [...state.macs],
    discovered: state?.discovered ?? 0,
    scanAlarms: scans.alarms.map(({ kind, source, atMs, misses }) => ({
      kind,
      source,
      at: presentInstant(atMs),
      misses,
    })),
  };
}

function presentSettings({ document }: Stored<ProvisioningSettings>) {
  const { secretSettings, ftpPassword, ...fields } = document;
  return {
    ...fields,
    secretSettings: Object.keys(secretSettings),
    hasFtpPassword: ftpPassword !== undefined,
  };
}
