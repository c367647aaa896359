/** The wire form of what a user takes along to every phone. The PIN goes in, never out. */
import { z } from 'zod';
import {
  phonePreferenceNames,
  phonePreferencesSchema,
  userKeysSchema,
} from '../../../../configuration/entities/phone-profile.ts';

export const phoneProfileParamsSchema = z.strictObject({ id: z.string().min(1).max(64) });

export const phoneProfileSchema = z
  .object({
    /** In the order of the keys of a phone, from the first one on. */
    keys: userKeysSchema,
    /** By the name of the setting; what is missing is as the phone has it otherwise. */
    preferences: phonePreferencesSchema,
    /** What values each preference may have: type, and limits or choices of it. */
    domains: z.partialRecord(
      z.enum(phonePreferenceNames),
      z.object({
        type: z.string(),
        choices: z.array(z.string()).optional(),
        minimum: z.number().optional(),
        maximum: z.number().optional(),
        unit: z.string().optional(),
      }),
    ),
    /** Without one the user cannot log in at a phone. */
    hasPin: z.boolean(),
    /** What is dialled before `*`, the extension, `*` and the PIN. */
    loginCode: z.string(),
    /** The user's own number; missing where there is none. */
    extension: z.string().optional(),
    /** At most 50. */
    phones: z.array(
      z.object({
        mac: z.string(),
        comment: z.string().optional(),
        /** Missing while nobody knows. */
        model: z.object({ name: z.string(), keys: z.int() }).optional(),
        isRegistered: z.boolean(),
        /** Keys of the list for which this phone has no place. */
        keysLeftOut: z.int().min(0),
        /** Lines of the phone beyond what its model registers. */
        linesLeftOut: z.int().min(0),
      }),
    ),
    /** The revision that last changed the user; the same as in the ETag. */
    version: z.int(),
  })
  .meta({ id: 'PhoneProfile' });
export type PhoneProfile = z.infer<typeof phoneProfileSchema>;

/** Only what is named changes, each as a whole; a PIN of null takes it away. */
export const phoneProfileChangeSchema = z
  .strictObject({
    keys: userKeysSchema.optional(),
    preferences: phonePreferencesSchema.optional(),
    pin: z.string().min(1).max(32).nullable().optional(),
  })
  .meta({ id: 'PhoneProfileChange' });
export type PhoneProfileChange = z.infer<typeof phoneProfileChangeSchema>;
