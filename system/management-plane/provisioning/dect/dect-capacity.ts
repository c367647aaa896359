/** How much a DECT system can carry, and what an administrator should know of it. Pure. */
import type { Model } from '../../../../provisioning/vendors/vendor.ts';
import { maximumSyncLevels, toSyncTree } from '../../../configuration/entities/dect-sync-tree.ts';
import type { DectSystem } from '../../../configuration/entities/dect-system.ts';

export interface DectCapacity {
  /** Undefined while nobody knows the model of the data master. */
  readonly handsets: number | undefined;
  readonly bases: number | undefined;
  /** At once, over all bases whose model is known. */
  readonly calls: number | undefined;
}

export type DectWarning =
  /** Nobody can subscribe. */
  | { readonly code: 'no-bases' }
  | { readonly code: 'unknown-model'; readonly mac: string }
  /** The base is no longer in the list of devices. */
  | { readonly code: 'missing-device'; readonly mac: string }
  | { readonly code: 'too-many-handsets'; readonly count: number; readonly limit: number }
  | { readonly code: 'nearly-full'; readonly count: number; readonly limit: number }
  | { readonly code: 'too-many-bases'; readonly count: number; readonly limit: number }
  | { readonly code: 'weak-signal'; readonly mac: string; readonly signalDbm: number }
  /** Bases that lose their timing together with this one. */
  | { readonly code: 'single-source'; readonly mac: string; readonly count: number }
  | { readonly code: 'many-levels'; readonly count: number; readonly limit: number };

export interface KnownBase {
  readonly mac: string;
  /** Undefined: there is no such device. */
  readonly isDevice: boolean;
  readonly model: Model | undefined;
}

/** Weaker, and synchronisation by air is not stable. */
const weakestSignalDbm = -75;
const nearlyFull = 0.9;
/** From here on a failure would be felt widely. */
const manyDependants = 3;
const manyLevels = maximumSyncLevels / 2;

export function toCapacity(
  { dataMaster }: Pick<DectSystem, 'dataMaster'>,
  bases: readonly KnownBase[],
): DectCapacity {
  const master = bases.find(({ mac }) => mac === dataMaster)?.model;
  const isMultiCell = bases.length > 1;
  const calls = bases.reduce((sum, { model }) => {
    const { dect } = model ?? {};
    return sum + ((isMultiCell ? dect?.callsInSystem : undefined) ?? dect?.calls ?? 0);
  }, 0);
  return {
    handsets: placesOf(master, isMultiCell),
    bases: master?.dect?.bases,
    calls: calls === 0 ? undefined : calls,
  };
}

/** Handsets that the data master takes the accounts of. */
export function placesOf(master: Model | undefined, isMultiCell: boolean): number | undefined {
  return isMultiCell ? master?.dect?.systemHandsets : master?.handsets;
}

export function findDectWarnings(
  system: DectSystem,
  bases: readonly KnownBase[],
  handsets: number,
): DectWarning[] {
  const warnings: DectWarning[] = [];
  if (bases.length === 0) {
    warnings.push({ code: 'no-bases' });
  }
  for (const { mac, isDevice, model } of bases) {
    if (!isDevice) {
      warnings.push({ code: 'missing-device', mac });
    } else if (model === undefined) {
      warnings.push({ code: 'unknown-model', mac });
    }
  }
  const capacity = toCapacity(system, bases);
  if (capacity.handsets !== undefined && handsets > 0) {
    const facts = { count: handsets, limit: capacity.handsets };
    if (handsets > capacity.handsets) {
      warnings.push({ code: 'too-many-handsets', ...facts });
    } else if (handsets >= capacity.handsets * nearlyFull) {
      warnings.push({ code: 'nearly-full', ...facts });
    }
  }
  if (capacity.bases !== undefined && bases.length > capacity.bases) {
    warnings.push({ code: 'too-many-bases', count: bases.length, limit: capacity.bases });
  }
  return system.sync === 'planned' ? [...warnings, ...findTreeWarnings(system)] : warnings;
}

function findTreeWarnings({ bases }: DectSystem): DectWarning[] {
  const warnings: DectWarning[] = [];
  const tree = toSyncTree(bases);
  for (const { mac, signalDbm } of bases) {
    if (signalDbm !== undefined && signalDbm < weakestSignalDbm) {
      warnings.push({ code: 'weak-signal', mac, signalDbm });
    }
    const dependants = (tree.children.get(mac) ?? []).filter((child) =>
      bases.some((base) => base.mac === child && base.alternateSource === undefined),
    );
    if (dependants.length >= manyDependants) {
      warnings.push({ code: 'single-source', mac, count: dependants.length });
    }
  }
  const levels = Math.max(0, ...tree.levels.values());
  if (levels > manyLevels) {
    warnings.push({ code: 'many-levels', count: levels, limit: maximumSyncLevels });
  }
  return warnings;
}
