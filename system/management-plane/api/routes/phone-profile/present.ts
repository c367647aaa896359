/** Phone profiles as they leave: of the PIN only that there is one. */
import { findVariable } from '../../../../../provisioning/scope/variables.ts';
import type { Variable } from '../../../../../provisioning/scope/variable.ts';
import { phonePreferenceNames } from '../../../../configuration/entities/phone-profile.ts';
import type { PhoneProfile as Profile } from '../../../users/phone-profiles.ts';
import type { PhoneProfile } from './schema.ts';

export function presentPhoneProfile({ user, phones }: Profile, loginCode: string): PhoneProfile {
  const { phoneKeys, phonePreferences, phonePinHash, extension } = user.document;
  return {
    keys: phoneKeys.map((key) => ({ ...key })),
    preferences: phonePreferences,
    domains: Object.fromEntries(
      phonePreferenceNames.map((name) => [name, presentDomain(findVariable(name)?.domain)]),
    ),
    hasPin: phonePinHash !== undefined,
    loginCode,
    extension,
    phones: phones.map((phone) => ({ ...phone })),
    version: user.version,
  };
}

function presentDomain(domain: Variable['domain'] | undefined) {
  if (domain?.type === 'choice') {
    return { type: 'choice', choices: [...domain.choices] };
  }
  if (domain?.type === 'integer') {
    const { minimum, maximum, unit } = domain;
    return { type: 'integer', minimum, maximum, unit };
  }
  return { type: domain?.type ?? 'text' };
}
