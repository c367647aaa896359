/**
 * The device: a phone, DECT base or gateway that gets its files from the PBX. It is known by its MAC
 * address, which is also its id. What it reported about itself (real model, firmware, address) is
 * no configuration and lives beside it. Browser-safe.
 */
import { z } from 'zod';
import { keyKinds } from '../../../provisioning/device.ts';
import { Entity, type DocumentOf } from './entity.ts';
import {
  checkExternalLines,
  externalLineSchema,
  externalPasswordsSchema,
  maximumExternalLines,
} from './external-line.ts';
import { defaultedField, optionalField, requiredField } from './field.ts';
import { lineOfText } from './line-of-text.ts';
import {
  customFilesField,
  customLinesField,
  secretSettingsField,
  settingsSchema,
} from './provisioning-values.ts';
import type { ValidationIssue } from './validation-issue.ts';

const administrators = ['superadmin', 'admin'] as const;

/** Beyond what any known device has, so that a document stays bounded. */
const limits = { groups: 10, lines: 250, keys: 400, handsets: 250 } as const;

/** 12 hexadecimal digits, lower case, without separators. */
export const macSchema = z
  .string()
  .regex(/^[0-9a-f]{12}$/, 'must be 12 hexadecimal digits in lower case');

const entityId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const keyAreas = ['line', 'soft', 'expansion'] as const;

const deviceKeySchema = z.strictObject({
  area: z.enum(keyAreas),
  /** Of an expansion module, from 1. */
  module: z.int().min(1).max(10).optional(),
  /** From 1. */
  index: z.int().min(1).max(250),
  kind: z.enum(keyKinds),
  value: lineOfText(128).optional(),
  label: lineOfText(64).optional(),
  /** Line of the device that the key uses, from 1. */
  line: z.int().min(1).max(limits.lines).optional(),
});

const deviceHandsetSchema = z.strictObject({
  /** Place in the base, from 1. */
  index: z.int().min(1).max(limits.handsets),
  ipui: z
    .string()
    .regex(/^[0-9A-Fa-f]{10}$/, 'must be 10 hexadecimal digits')
    .optional(),
  name: lineOfText(64).optional(),
  /** Line of the base that the handset uses, from 1. */
  line: z.int().min(1).max(limits.lines),
});

const deviceFields = {
  mac: requiredField(macSchema, {
    label: 'MAC',
    help: 'Hardware address on the label: what the device is known by. It never changes.',
    changeableBy: administrators,
    csvColumn: 'mac',
  }),
  vendor: optionalField(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'is not a vendor'), {
    label: 'Vendor',
    help: 'Found out from the MAC address and from what the device tells; needed for others.',
    changeableBy: administrators,
    csvColumn: 'vendor',
  }),
  model: optionalField(lineOfText(40), {
    label: 'Model',
    help: 'Expected model, until the device tells its own.',
    changeableBy: administrators,
    csvColumn: 'model',
  }),
  comment: optionalField(lineOfText(100), {
    label: 'Comment',
    help: 'Where it stands, or whatever else identifies it for people.',
    changeableBy: administrators,
    csvColumn: 'comment',
  }),
  lines: defaultedField(z.array(entityId).max(limits.lines), [], {
    label: 'Users',
    help: 'Users whose accounts the device gets, line by line; none while it is unassigned.',
    changeableBy: administrators,
    csvColumn: 'extensions',
  }),
  externalLines: defaultedField(z.array(externalLineSchema).max(maximumExternalLines), [], {
    label: 'External lines',
    help: 'Accounts at other registrars, as lines after those of its users.',
    changeableBy: administrators,
  }),
  externalPasswords: defaultedField(
    externalPasswordsSchema,
    {},
    {
      label: 'Passwords of external lines',
      help: 'By the id of the line; stored sealed.',
      changeableBy: administrators,
      isSecret: true,
      isSealed: true,
    },
  ),
  groups: defaultedField(z.array(entityId).max(limits.groups), [], {
    label: 'Groups',
    help: 'Device groups whose settings it takes; a later one overrides an earlier one.',
    changeableBy: administrators,
    csvColumn: 'groups',
  }),
  keys: defaultedField(z.array(deviceKeySchema).max(limits.keys), [], {
    label: 'Keys',
    help: 'What the programmable keys do.',
    changeableBy: administrators,
  }),
  handsets: defaultedField(z.array(deviceHandsetSchema).max(limits.handsets), [], {
    label: 'Handsets',
    help: 'DECT handsets of a base and the lines that they use.',
    changeableBy: administrators,
  }),
  settings: defaultedField(
    settingsSchema,
    {},
    {
      label: 'Settings',
      help: 'Own settings of the device; they override those of its groups.',
      changeableBy: administrators,
    },
  ),
  secretSettings: secretSettingsField,
  customLines: customLinesField,
  customFiles: customFilesField,
  tftpException: defaultedField(z.boolean(), false, {
    label: 'Unencrypted provisioning',
    help: 'The device knows no HTTPS: its passwords go over TFTP, FTP or HTTP, where others can read them.',
    changeableBy: administrators,
    csvColumn: 'unencrypted',
  }),
  loginNumber: optionalField(z.int().min(1).max(1_000_000), {
    label: 'Login number',
    help: 'The X of loginX, by which an unassigned device is called.',
    changeableBy: administrators,
  }),
  credentials: optionalField(z.string().max(2000).startsWith('sealed.'), {
    label: 'Provisioning password',
    help: 'Secret address of its files and passwords of its web page; random, stored sealed.',
    changeableBy: administrators,
    isSecret: true,
    isSealed: true,
  }),
};

export type Device = DocumentOf<typeof deviceFields>;

/**
 * By what registrations and calls of an unassigned device are known where others have the id of a
 * user. A dot is in no user's id.
 */
export function deviceOwnerId(mac: string): string {
  return `device.${mac}`;
}

/** The MAC of `deviceOwnerId`; undefined for the id of a user. */
export function findDeviceOfOwner(ownerId: string): string | undefined {
  return ownerId.startsWith('device.') ? ownerId.slice('device.'.length) : undefined;
}

/** `login3`: by what an unassigned device is called, and what it registers as. */
export function loginNameOf({
  mac,
  loginNumber,
}: Pick<Device, 'mac'> & { readonly loginNumber?: number | undefined }): string {
  return loginNumber === undefined ? `login${mac}` : `login${loginNumber.toString()}`;
}

export const deviceEntity = new Entity('device', deviceFields, checkDevice);

/** What people call the device in messages. */
export function titleOfDevice(device: Pick<Device, 'mac' | 'comment'>): string {
  return device.comment === undefined ? device.mac : `${device.comment} (${device.mac})`;
}

function checkDevice(device: Device, id: string): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  if (device.mac !== id) {
    issues.push({ path: 'mac', code: 'built-in', message: 'the MAC of a device never changes' });
  }
  for (const [field, values] of [
    ['groups', device.groups],
    ['lines', device.lines],
  ] as const) {
    const seen = new Set<string>();
    for (const [index, value] of values.entries()) {
      if (seen.has(value)) {
        const path = `${field}.${index.toString()}`;
        issues.push({ path, code: 'repeated', message: `${value} is given twice` });
      }
      seen.add(value);
    }
  }
  issues.push(...checkExternalLines(device), ...findRepeatedPlaces(device));
  return issues;
}

function findRepeatedPlaces(device: Device): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  const places = new Set<string>();
  for (const [index, key] of device.keys.entries()) {
    const place = `${key.area} ${String(key.module ?? 1)} ${String(key.index)}`;
    if (places.has(place)) {
      const path = `keys.${index.toString()}`;
      issues.push({ path, code: 'repeated', message: `the key ${place} is given twice` });
    }
    places.add(place);
  }
  const handsets = new Set<number>();
  for (const [index, handset] of device.handsets.entries()) {
    if (handsets.has(handset.index)) {
      const path = `handsets.${index.toString()}`;
      issues.push({ path, code: 'repeated', message: 'two handsets have the same place' });
    }
    handsets.add(handset.index);
  }
  return issues;
}
