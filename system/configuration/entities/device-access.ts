/**
 * Doors for devices beside the usual ports: one record with the id `device-access`. Every one is shut
 * until an administrator opens it. Browser-safe.
 */
import { z } from 'zod';
import { Entity, type DocumentOf } from './entity.ts';
import { defaultedField } from './field.ts';
import type { ValidationIssue } from './validation-issue.ts';

export const deviceAccessId = 'device-access';

const administrators = ['superadmin', 'admin'] as const;

const port = z.int().min(1).max(65_535);

const deviceAccessFields = {
  certificatesEnabled: defaultedField(z.boolean(), false, {
    label: 'Device certificates',
    help: 'A port of its own where devices show the certificate of their maker instead of a token.',
    changeableBy: administrators,
  }),
  certificatesPort: defaultedField(port, 8444, {
    label: 'Port of device certificates',
    help: 'Devices are given the address https://<PBX>:<port>/prov/ then.',
    changeableBy: administrators,
  }),
  uploadsEnabled: defaultedField(z.boolean(), false, {
    label: 'Uploads by devices',
    help: 'Devices store logs, lists of calls and changes made on them here, each with its own address.',
    changeableBy: administrators,
  }),
  uploadsPerDeviceMb: defaultedField(z.int().min(1).max(100), 10, {
    label: 'Space for one device (MB)',
    help: 'The oldest files make room for new ones.',
    changeableBy: administrators,
  }),
  uploadsKeepDays: defaultedField(z.int().min(1).max(3650), 30, {
    label: 'Keep uploads',
    help: 'Afterwards what devices stored is deleted.',
    unit: 'days',
    changeableBy: administrators,
  }),
  syslogEnabled: defaultedField(z.boolean(), false, {
    label: 'Receive logs (syslog)',
    help: 'Devices that are given no other syslog server send their log here; it is shown on the page of each.',
    changeableBy: administrators,
  }),
  syslogPort: defaultedField(port, 514, {
    label: 'Port of syslog',
    help: 'UDP. Some phones know no other than 514; where the PBX may not open it, it takes 5514.',
    changeableBy: administrators,
  }),
  syslogPerDeviceMb: defaultedField(z.int().min(1).max(100), 5, {
    label: 'Space for the log of one device (MB)',
    help: 'The oldest lines make room for new ones.',
    changeableBy: administrators,
  }),
  syslogKeepDays: defaultedField(z.int().min(1).max(3650), 14, {
    label: 'Keep logs',
    help: 'Afterwards what devices wrote is deleted.',
    unit: 'days',
    changeableBy: administrators,
  }),
  connectEnabled: defaultedField(z.boolean(), false, {
    label: 'Connect',
    help: 'Administrators can open the web page of a device in the networks of the PBX, for a while.',
    changeableBy: administrators,
  }),
  connectFirstPort: defaultedField(z.int().min(1024).max(65_526), 8450, {
    label: 'First port of Connect',
    help: 'Ten ports from this one on are used, one for each open page.',
    changeableBy: administrators,
  }),
};

export type DeviceAccess = DocumentOf<typeof deviceAccessFields>;

export const deviceAccessEntity = new Entity('device-access', deviceAccessFields, checkPorts);

function checkPorts({ certificatesPort, connectFirstPort }: DeviceAccess): ValidationIssue[] {
  const isInside = certificatesPort >= connectFirstPort && certificatesPort < connectFirstPort + 10;
  const message = 'is one of the ten ports of Connect';
  return isInside ? [{ path: 'certificatesPort', code: 'taken', message }] : [];
}
