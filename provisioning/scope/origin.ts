/** Where a value came from: what "effective file with the origin of every line" shows. */

/** The scopes in the order of resolution; a later one overrides an earlier one. */
export const scopeLevels = ['default', 'vendor', 'model', 'group', 'user', 'device'] as const;
export type ScopeLevel = (typeof scopeLevels)[number];

/**
 * - a scope level: the setting was given there (`name` is the vendor, model, group, user or MAC)
 * - `assignment`: lines, keys and handsets that the assignment to users made
 * - `identity`: what the device is (MAC, model, firmware and the facts of the model)
 * - `appliance`: addresses that the PBX puts in by itself
 */
export type OriginSource = ScopeLevel | 'assignment' | 'identity' | 'appliance';

export interface Origin {
  readonly source: OriginSource;
  readonly name: string;
}
