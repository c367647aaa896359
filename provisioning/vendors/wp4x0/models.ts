/** Phones, adapters and gateways of Wildix: accounts and keys, or ports. */
import type { Model, ModelFeature } from '../vendor.ts';

const audio = ['g722', 'pcma', 'pcmu', 'g729', 'g726-32'] as const;

/** Behind the name of a WP4x0: later hardware, which is a model of its own and runs other firmware. */
const hardware = ['', 'G', 'GR2', 'GR3', 'R2'] as const;

/** Model, accounts, line keys; 0 where nobody publishes how the files name them. */
const phones: readonly Model[] = (
  [
    ...hardware.flatMap(
      (suffix) =>
        [
          [`WP410${suffix}`, 2, 2],
          [`WP480${suffix}`, 3, 16],
          [`WP490${suffix}`, 3, 16],
        ] as const,
    ),
    ['WP600', 3, 0],
    ['Start', 3, 0],
    ['WorkForce', 3, 0],
    ['WelcomeConsole', 3, 0],
    ['Vision', 3, 0],
    ['SuperVision', 3, 0],
  ] as const
).map(([id, lines, keys]) => ({
  id,
  name: id,
  aliases: id === 'WP600' ? ['WP600A', 'WP600ACG', 'WP600AXX'] : [],
  family: 'phone',
  lines,
  keys: { line: keys, soft: id.startsWith('WP4') ? 4 : 0 },
  codecs: ['opus', ...audio],
  features: ['poe', 'pc-port', 'conference', 'snmp'],
  // The two free keys of the WP410 are its transfer and message buttons.
  facts: { hasLineKeys: !id.startsWith('WP410') },
}));

/**
 * Model, family, kind, accounts. An adapter has one for each of its ports; a gateway to lines of a
 * provider has one for all of them, as has the paging adapter.
 */
const gateways: readonly Model[] = (
  [
    ['W01FXS', 'fxs', 'adapter', 1],
    ['W02FXS', 'fxs', 'adapter', 2],
    ['W04FXS', 'fxs', 'adapter', 4],
    ['W24FXS', 'fxs', 'adapter', 24],
    ['W04FXO', 'fxo', 'gateway', 1],
    ['W02BRI', 'isdn', 'gateway', 1],
    ['W04BRI', 'isdn', 'gateway', 1],
    ['W01PRI', 'isdn', 'gateway', 1],
    ['W02PRI', 'isdn', 'gateway', 1],
    ['W01GSM', 'gsm', 'gateway', 1],
    ['W-PA', 'paging', 'paging', 1],
  ] as const
).map(([id, family, kind, lines]) => ({
  id,
  name: id,
  aliases: [`${id}R2`],
  family,
  kind,
  lines,
  keys: { line: 0 },
  codecs: audio,
  features: featuresOf(family),
}));

function featuresOf(family: 'fxs' | 'fxo' | 'isdn' | 'gsm' | 'paging'): readonly ModelFeature[] {
  switch (family) {
    case 'fxs':
    case 'fxo':
      return [family];
    case 'isdn':
    case 'paging':
      return ['snmp'];
    case 'gsm':
      return [];
  }
}

export const wildixModels: readonly Model[] = [...phones, ...gateways];
