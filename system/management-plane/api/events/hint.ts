/**
 * What the websocket tells: that something changed, never what. The client then asks the API, where
 * permissions are checked again. Browser-safe: the user interface imports it.
 */
import { z } from 'zod';
import type { AccountPermission } from '../permission.ts';

export const hintTypes = [
  'calls.changed',
  'registrations.changed',
  'parts.changed',
  'revision.activated',
  'records.added',
  'phonebooks.changed',
  'firmware.changed',
  'devices.changed',
  'device-log.added',
] as const;
export type HintType = (typeof hintTypes)[number];

/** Who is told of what. */
export const permissionOfHint: Readonly<Record<HintType, AccountPermission>> = {
  'calls.changed': 'calls.read',
  'registrations.changed': 'registrations.read',
  'parts.changed': 'parts.read',
  'revision.activated': 'revisions.read',
  'records.added': 'records.own',
  'firmware.changed': 'devices.read',
  'devices.changed': 'devices.read',
  'device-log.added': 'devices.read',
  'phonebooks.changed': 'phonebooks.use',
};

export const hintSchema = z
  .object({
    type: z.enum(hintTypes),
    /** Of `revision.activated`. */
    revision: z.int().optional(),
  })
  .meta({ id: 'Hint' });
export type Hint = z.infer<typeof hintSchema>;
