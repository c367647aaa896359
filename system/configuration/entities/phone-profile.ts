/**
 * What a user takes along to every phone: the layout of its keys and a few settings. Which settings
 * exist and what they may hold is declared in `provisioning/scope`. Browser-safe.
 */
import { z } from 'zod';
import { lineOfText } from './line-of-text.ts';
import { kindsWithNumber, maximumUserKeys, userKeyKinds } from './user-key-kind.ts';

const dialled = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9*#+][A-Za-z0-9._*#+@-]*$/, 'must be a number or a name that can be dialled');

const userKeySchema = z
  .strictObject({
    kind: z.enum(userKeyKinds),
    /** Number or extension, as the kind needs it. */
    value: dialled.optional(),
    /** Beside the key on the display. */
    label: lineOfText(32).optional(),
  })
  .refine(({ kind, value }) => value !== undefined || !kindsWithNumber.has(kind), {
    message: 'needs a number',
    path: ['value'],
  });
export type UserKey = z.infer<typeof userKeySchema>;

/** From the first key on; `none` leaves a key without a function. */
export const userKeysSchema = z.array(userKeySchema).max(maximumUserKeys);

/** Settings of provisioning that belong to a person rather than to a phone. */
export const phonePreferenceNames = [
  'phone.language',
  'time.is24h',
  'time.dateFormat',
  'audio.ringtone',
  'calls.callWaiting',
  'calls.hotlineNumber',
  'calls.hotlineDelaySec',
] as const;

/** By name; a setting that is missing is that of the phone, its groups or the site. */
export const phonePreferencesSchema = z.partialRecord(
  z.enum(phonePreferenceNames),
  z.union([z.string().max(64), z.number(), z.boolean()]),
);
export type PhonePreferences = z.infer<typeof phonePreferencesSchema>;
