/** DECT as it leaves: access codes and keys are never in it. */
import { toIpei } from '../../../../configuration/entities/ipui.ts';
import { presentPlannedRows } from '../../wire/import-preview.ts';
import type {
  ListedBase,
  ListedHandset,
  ListedSystem,
} from '../../../provisioning/dect/dect-view.ts';
import type { ImportPreview } from '../../../csv/import-plan.ts';
import type { ProvisioningServices } from '../../../provisioning/provisioning-services.ts';
import { presentOptionalInstant } from '../../wire/instant.ts';
import type {
  DectHandset,
  DectImportPreview,
  DectModel,
  DectSystem,
  DectSystemBase,
  ListedDectBase,
} from './schema.ts';

export function presentDectModels({ catalogue }: Pick<ProvisioningServices, 'catalogue'>) {
  return catalogue.vendors.flatMap(({ data }) =>
    data.models.flatMap(({ id, name, handsets = 0, dect }): DectModel[] =>
      dect === undefined
        ? []
        : [
            {
              vendor: data.id,
              vendorName: data.name,
              model: id,
              name,
              handsets,
              calls: dect.calls,
              callsInSystem: dect.callsInSystem ?? dect.calls,
              bases: dect.bases,
              systemHandsets: dect.systemHandsets,
              opensBy: dect.opensBy,
              removesBy: dect.removesBy,
              handsetModels: [...(data.handsetModels ?? [])],
            },
          ],
    ),
  );
}

export function presentDectBases({
  directory,
  files,
  dect,
}: Pick<ProvisioningServices, 'directory' | 'files' | 'dect'>): ListedDectBase[] {
  return [...directory.all()].flatMap((stored) => {
    const known = files.modelOf(stored);
    if (known?.model.dect === undefined) {
      return [];
    }
    const { mac, comment } = stored.document;
    const system = dect.directory.systemOfBase(mac);
    return [
      {
        mac,
        comment,
        vendor: known.vendor.data.name,
        model: known.model.name,
        system: system === undefined ? undefined : { id: system.id, name: system.document.name },
      },
    ];
  });
}

export function presentDectSystem(listed: ListedSystem): DectSystem {
  const { stored, bases, capacity, opening } = listed;
  const { name, comment, dataMaster, sync, chainId, accessCode } = stored.document;
  return {
    id: stored.id,
    name,
    comment,
    dataMaster,
    sync,
    chainId,
    bases: bases.map((base) => presentBase(base, dataMaster)),
    hasAccessCode: accessCode !== undefined,
    handsets: listed.handsets,
    registeredHandsets: listed.registeredHandsets,
    unassignedHandsets: listed.unassignedHandsets,
    capacity: { ...capacity },
    warnings: listed.warnings.map((warning) => ({ ...warning })),
    openUntil: presentOptionalInstant(opening?.untilMs),
    opensBy: listed.opensBy,
    removesBy: listed.removesBy,
    version: stored.version,
  };
}

function presentBase(listed: ListedBase, dataMaster: string | undefined): DectSystemBase {
  const { base, known, seen } = listed;
  return {
    ...base,
    isDataMaster: base.mac === dataMaster,
    level: listed.level,
    isDevice: listed.isDevice,
    comment: listed.comment,
    vendor: known?.vendor.data.name,
    model: known?.model.name,
    firmware: seen.firmware,
    address: seen.address,
    lastSeenAt: presentOptionalInstant(seen.lastSeenAtMs),
    registeredHandsets: listed.registeredHandsets,
  };
}

export function presentDectHandset(listed: ListedHandset): DectHandset {
  const { stored, user } = listed;
  const { system, place, name, ipui, model } = stored.document;
  return {
    id: stored.id,
    system: { id: system, name: listed.system },
    place,
    name,
    ipui,
    model,
    ipei: ipui === undefined ? undefined : toIpei(ipui),
    user: user === undefined ? undefined : { ...user },
    extension: listed.extension,
    state: listed.state,
    lastSeenAt: presentOptionalInstant(listed.lastSeenAtMs),
    base: listed.base === undefined ? undefined : { ...listed.base },
    version: stored.version,
  };
}

export function presentDectImportPreview(preview: ImportPreview): DectImportPreview {
  const { importId, created, updated } = preview;
  return {
    importId,
    created,
    updated,
    ...presentPlannedRows(preview),
  };
}
