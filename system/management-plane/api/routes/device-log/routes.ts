/** What devices write to the log, as the PBX received it. */
import { Readable } from 'node:stream';
import type { z } from 'zod';
import type {
  LogFilter,
  StoredLogLine,
} from '../../../device-access/device-log/device-log-store.ts';
import type { ProvisioningServices } from '../../../provisioning/provisioning-services.ts';
import { toDateName } from '../../wire/download-name.ts';
import { presentInstant } from '../../wire/instant.ts';
import { defineRoute } from '../../route.ts';
import {
  deviceLogFilterSchema,
  deviceLogParamsSchema,
  deviceLogQuerySchema,
  deviceLogSchema,
  logSeveritySchema,
  type DeviceLogLine,
} from './schema.ts';

export const deviceLogRoutes = [
  defineRoute({
    method: 'GET',
    path: '/devices/{mac}/log',
    permission: 'devices.read',
    summary: 'Lists what a device wrote to the log, the newest first.',
    params: deviceLogParamsSchema,
    query: deviceLogQuerySchema,
    answer: { kind: 'json', status: 200, schema: deviceLogSchema },
    handler: async ({ params, query }, { provisioning }) => {
      const log = await requireLog(params.mac, provisioning);
      const { page, pageSize } = query;
      const { items, total } = (await log?.list(toFilter(params.mac, query), query)) ?? noLines;
      const { syslogPort } = provisioning.doors;
      return { body: { items: items.map(presentLine), total, page, pageSize, port: syslogPort } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/devices/{mac}/log/export.txt',
    permission: 'devices.read',
    summary: 'Gives what a device wrote to the log as text, the oldest first.',
    params: deviceLogParamsSchema,
    query: deviceLogFilterSchema,
    answer: { kind: 'text', status: 200, type: 'text/plain' },
    handler: async ({ params, query }, { provisioning, clock }) => {
      const log = await requireLog(params.mac, provisioning);
      const lines = log?.iterate(toFilter(params.mac, query)) ?? [];
      return {
        text: Readable.from(toText(lines)),
        fileName: `${params.mac}-${toDateName(clock.wallMs())}.log`,
      };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/devices/{mac}/log',
    permission: 'devices.write',
    summary: 'Deletes what a device wrote to the log.',
    params: deviceLogParamsSchema,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params }, { provisioning }) => {
      await (await requireLog(params.mac, provisioning))?.clear(params.mac);
      return {};
    },
  }),
];

const noLines = { items: [], total: 0 };

/** Undefined where no device ever wrote one. Rejects with DevicesError `not-found`. */
async function requireLog(mac: string, { devices, doors }: ProvisioningServices) {
  devices.require(mac);
  return doors.hasLog ? doors.log() : undefined;
}

function toFilter(
  mac: string,
  { search = '', severity }: z.output<typeof deviceLogFilterSchema>,
): LogFilter {
  const words = search.split(/\s+/).filter((word) => word !== '');
  return { mac, words, leastSeverity: logSeveritySchema.options.indexOf(severity) };
}

function presentLine(line: StoredLogLine): DeviceLogLine {
  const { id, at_ms: atMs, facility, stamp, host, app, text } = line;
  return {
    id,
    at: presentInstant(atMs),
    severity: severityOf(line),
    facility,
    ...(stamp === '' ? {} : { stamp }),
    ...(host === '' ? {} : { host }),
    ...(app === '' ? {} : { app }),
    text,
  };
}

function severityOf({ severity }: StoredLogLine): DeviceLogLine['severity'] {
  return logSeveritySchema.options[severity] ?? 'debug';
}

/** One message begins a line; what belongs to it is indented, so that none can forge another. */
async function* toText(
  lines: AsyncIterable<StoredLogLine> | Iterable<StoredLogLine>,
): AsyncGenerator<string> {
  for await (const line of lines) {
    const { at_ms: atMs, app, text } = line;
    const begin = [presentInstant(atMs), severityOf(line), ...(app === '' ? [] : [`${app}:`])];
    yield `${begin.join(' ')} ${text.replaceAll('\n', '\n    ')}\n`;
  }
}
