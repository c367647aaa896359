/**
 * A DECT handset or headset: a place in a system, with the user whose account it has. Whether it has
 * subscribed and where it is, is no configuration. Browser-safe.
 */
import { z } from 'zod';
import { Entity, type DocumentOf } from './entity.ts';
import { optionalField, requiredField } from './field.ts';
import { ipuiPattern } from './ipui.ts';
import { lineOfText } from './line-of-text.ts';

const administrators = ['superadmin', 'admin'] as const;
const entityId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** Of the largest systems. */
export const maximumHandsets = 16_000;

const dectHandsetFields = {
  system: requiredField(entityId, {
    label: 'System',
    help: 'The DECT system that the handset subscribes to.',
    changeableBy: administrators,
  }),
  place: requiredField(z.int().min(1).max(maximumHandsets), {
    label: 'Place',
    help: 'Number of the handset in the system.',
    changeableBy: administrators,
  }),
  name: optionalField(lineOfText(32), {
    label: 'Name',
    help: "The user's name is shown when it is empty.",
    changeableBy: administrators,
    csvColumn: 'name',
  }),
  ipui: optionalField(z.string().regex(ipuiPattern, 'must be 10 hexadecimal digits, first 0'), {
    label: 'IPUI',
    help: 'IPUI (10 hexadecimal digits) or IPEI (13 digits on the label). While it is empty, the next handset that subscribes takes the place.',
    changeableBy: administrators,
    csvColumn: 'ipui',
  }),
  model: optionalField(lineOfText(40), {
    label: 'Model',
    help: 'What kind of handset or headset it is.',
    changeableBy: administrators,
    csvColumn: 'model',
  }),
  user: optionalField(entityId, {
    label: 'User',
    help: 'Whose calls it makes and takes; none while it is unassigned.',
    changeableBy: administrators,
    csvColumn: 'extension',
  }),
  loginNumber: optionalField(z.int().min(1).max(1_000_000), {
    label: 'Login number',
    help: 'The X of loginX, by which an unassigned handset is called.',
    changeableBy: administrators,
  }),
  credentials: optionalField(z.string().max(2000).startsWith('sealed.'), {
    label: 'SIP key',
    help: 'What the passwords of its SIP accounts come from; random, stored sealed.',
    changeableBy: administrators,
    isSecret: true,
    isSealed: true,
  }),
};

export type DectHandset = DocumentOf<typeof dectHandsetFields>;

export const dectHandsetEntity = new Entity('dect-handset', dectHandsetFields, (_handset, id) =>
  dectHandsetId.test(id)
    ? []
    : [{ path: 'id', code: 'invalid-value', message: 'is no id of a handset' }],
);

/**
 * A handset has SIP accounts of its own, as a device has, and is known by its id where a device is by
 * its MAC. So the id has the form of a MAC, but that of a group, which no device can have.
 */
export const dectHandsetId = /^d1[0-9a-f]{10}$/;

/** What people call the handset in messages. */
export function titleOfDectHandset({
  name,
  ipui,
  place,
}: Pick<DectHandset, 'name' | 'ipui' | 'place'>): string {
  return name ?? ipui ?? `Handset ${place.toString()}`;
}
