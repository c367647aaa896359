/**
 * What an editor of provisioning settings is told about each: what may be entered, what is in force
 * and where that comes from. Pure; the values come from the API.
 */
import type { z } from 'zod';
import type { VariableDomain } from '../../../../provisioning/scope/variable.ts';
import type { SettingsInDocument } from '../../../../system/configuration/entities/provisioning-values.ts';
import type { ExplainedSetting } from '../../../../system/management-plane/api/routes/explained-devices/schema.ts';
import type { variableListSchema } from '../../../../system/management-plane/api/routes/provisioning/schema.ts';

export type SettingValue = SettingsInDocument[string];
type VariableItem = z.infer<typeof variableListSchema>['items'][number];

/** A variable as the API lists it. */
export interface SettingVariable extends Omit<VariableItem, 'domain'> {
  readonly domain: VariableDomain;
}

export interface InheritedValue {
  readonly value: SettingValue | undefined;
  /** Also of a secret, whose value is not told. */
  readonly isSet: boolean;
  readonly origin: { readonly source: string; readonly name: string } | undefined;
}

export interface SettingFact {
  readonly variable: SettingVariable;
  /** The own value; undefined where there is none, and for secrets. */
  readonly own: SettingValue | undefined;
  readonly isOwn: boolean;
  readonly inherited: InheritedValue;
  /** Of several things that are edited together: their own values differ. */
  readonly isMixed?: boolean;
  /** Whether it has an effect on what is edited. */
  readonly isUsed: boolean;
}

/** The API's list of variables; a domain that this page does not know is left out. */
export function toVariables(items: readonly VariableItem[]): readonly SettingVariable[] {
  // The domain is loose on the wire for programs; it is the declaration of the same release.
  return items.map((item) => ({ ...item, domain: item.domain as unknown as VariableDomain }));
}

/** Facts for one device. */
export function factsOfDevice(
  variables: readonly SettingVariable[],
  explained: readonly ExplainedSetting[],
): readonly SettingFact[] {
  const byName = new Map(explained.map((setting) => [setting.name, setting]));
  return variables.flatMap((variable): SettingFact[] => {
    const setting = byName.get(variable.name);
    if (setting === undefined) {
      return [];
    }
    const { value, isSet, origin } = setting.inherited;
    return [
      {
        variable,
        own: setting.isOwn ? setting.value : undefined,
        isOwn: setting.isOwn,
        inherited: { value, isSet, origin },
        isUsed: setting.isUsed,
      },
    ];
  });
}

/** What a scope sets itself, as the API answers. */
export interface ScopeSettings {
  readonly settings: Readonly<Record<string, SettingValue>>;
  /** Names of secret settings that have a value. */
  readonly secretSettings: readonly string[];
}

/**
 * Facts for a scope that stands above the defaults: the site, a vendor, a model or a group. `site` is
 * what it inherits from when it is not the site itself.
 */
export function factsOfScope(
  variables: readonly SettingVariable[],
  scope: ScopeSettings,
  site?: ScopeSettings,
): readonly SettingFact[] {
  return variables.map((variable) => ({
    variable,
    own: scope.settings[variable.name],
    isOwn: isSetIn(scope, variable),
    inherited:
      site !== undefined && isSetIn(site, variable)
        ? {
            value: site.settings[variable.name],
            isSet: true,
            origin: { source: 'default', name: 'site' },
          }
        : {
            value: variable.default,
            isSet: variable.default !== undefined,
            origin:
              variable.default === undefined ? undefined : { source: 'default', name: 'defaults' },
          },
    isUsed: true,
  }));
}

/**
 * Facts for several devices edited together: what all of them say themselves, or that they differ.
 * `used` names the settings that some of their models read; missing: it is not known.
 */
export function factsOfMany(
  variables: readonly SettingVariable[],
  devices: readonly ScopeSettings[],
  used?: ReadonlySet<string>,
): readonly SettingFact[] {
  const [first = { settings: {}, secretSettings: [] }] = devices;
  return factsOfScope(variables, first).map(({ variable, ...rest }) => {
    const fact = { ...rest, variable, isUsed: used?.has(variable.name) ?? true };
    const isMixed = devices.some(
      (device) =>
        isSetIn(device, variable) !== fact.isOwn ||
        JSON.stringify(device.settings[variable.name]) !== JSON.stringify(fact.own),
    );
    return isMixed ? { ...fact, own: undefined, isOwn: false, isMixed } : fact;
  });
}

function isSetIn(scope: ScopeSettings, { name, isSecret }: SettingVariable): boolean {
  return isSecret ? scope.secretSettings.includes(name) : Object.hasOwn(scope.settings, name);
}
