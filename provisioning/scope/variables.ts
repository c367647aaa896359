/**
 * The table of every provisioning variable: name, domain, unit, default, help. One declaration that
 * API, forms, documentation and the template compiler read.
 */
import { deviceVariables } from './variables/device.ts';
import { networkVariables } from './variables/network.ts';
import { sipVariables } from './variables/sip.ts';
import type { Scope } from './resolve-scopes.ts';
import type { SettingValue } from './setting-value.ts';
import type { Variable } from './variable.ts';

export const variables: readonly Variable[] = [
  ...sipVariables,
  ...networkVariables,
  ...deviceVariables,
];

const byName: ReadonlyMap<string, Variable> = new Map(
  variables.map((variable) => [variable.name, variable]),
);

export function findVariable(name: string): Variable | undefined {
  return byName.get(name);
}

/** The lowest scope: what the declarations give by default. */
export const defaultScope: Scope = {
  level: 'default',
  name: 'defaults',
  values: Object.fromEntries(
    variables.flatMap((variable): [string, SettingValue][] =>
      variable.default === undefined ? [] : [[variable.name, variable.default]],
    ),
  ),
};
