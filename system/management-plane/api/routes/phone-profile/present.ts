/** Phone profiles as they leave: of the PIN only that there is one. */
import type { PhoneProfile as Profile } from '../../../users/phone-profiles.ts';
import type { PhoneProfile } from './schema.ts';

export function presentPhoneProfile({ user, phones }: Profile, loginCode: string): PhoneProfile {
  const { phoneKeys, phonePreferences, phonePinHash, extension } = user.document;
  return {
    keys: phoneKeys.map((key) => ({ ...key })),
    preferences: phonePreferences,
    hasPin: phonePinHash !== undefined,
    loginCode,
    extension,
    phones: phones.map((phone) => ({ ...phone })),
    version: user.version,
  };
}
