/** What a base is in its DECT system, as templates see it. Pure. */
import type { DectRole } from '../../../../provisioning/device.ts';
import type { Model } from '../../../../provisioning/vendors/vendor.ts';
import type { DectSystem } from '../../../configuration/entities/dect-system.ts';
import { placesOf } from './dect-capacity.ts';

export function toDectRole(
  system: DectSystem,
  mac: string,
  model: Model,
  isOpen: boolean,
): DectRole {
  const { name, bases, dataMaster, chainId, sync } = system;
  const isMultiCell = bases.length > 1;
  const baseName = bases.find((base) => base.mac === mac)?.name ?? name;
  return {
    systemName: name,
    baseName,
    isMultiCell,
    isDataMaster: mac === dataMaster,
    ...(chainId === undefined ? {} : { chainId }),
    hasPlannedTree: sync === 'planned',
    syncsByLan: sync === 'lan',
    isOpen,
    places: placesOf(model, isMultiCell) ?? model.lines,
  };
}
