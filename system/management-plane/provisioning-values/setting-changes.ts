/**
 * Changes of settings as the API takes them: named settings change, null takes the own value away.
 * What holds passwords goes into the sealed part by itself.
 */
import { parseSettings } from '../../../provisioning/scope/parse-settings.ts';
import { findVariable } from '../../../provisioning/scope/variables.ts';
import type {
  SealedSettings,
  SettingsInDocument,
} from '../../configuration/entities/provisioning-values.ts';
import { Secret } from '../../foundation/secret.ts';
import type { Sealing, Unsealing } from '../sealing.ts';
import { holdsSecret } from './secret-variable.ts';

export interface SettingParts {
  readonly settings: SettingsInDocument;
  readonly secretSettings: SealedSettings;
}

/** Values of secret settings are in clear. */
export type SettingChanges = SettingsInDocument;

/** `owner`: what the sealed values are bound to, `device/001565aabbcc`. */
export function changeSettings(
  before: SettingParts,
  changes: SettingChanges,
  owner: string,
  store: Sealing,
): SettingParts {
  const settings: Record<string, SettingsInDocument[string]> = { ...before.settings };
  const secretSettings: Record<string, string> = { ...before.secretSettings };
  for (const [name, value] of Object.entries(changes)) {
    const variable = findVariable(name);
    Reflect.deleteProperty(settings, name);
    Reflect.deleteProperty(secretSettings, name);
    if (value === null) {
      continue;
    }
    // What is not valid stays in clear, for the check of the document to say why: it is never stored.
    const isValid = parseSettings({ [name]: value }).issues.length === 0;
    if (variable !== undefined && holdsSecret(variable) && isValid) {
      secretSettings[name] = store.seal(new Secret(JSON.stringify(value)), placeOf(owner, name));
    } else {
      settings[name] = value;
    }
  }
  return { settings, secretSettings };
}

/** The sealed settings in clear, still unchecked. Throws SecretSealError. */
export function openSecretSettings(
  sealed: SealedSettings,
  owner: string,
  store: Unsealing,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(sealed).map(([name, text]) => [
      name,
      JSON.parse(store.unseal(text, placeOf(owner, name)).reveal()) as unknown,
    ]),
  );
}

function placeOf(owner: string, name: string): string {
  return `${owner}/settings/${name}`;
}
