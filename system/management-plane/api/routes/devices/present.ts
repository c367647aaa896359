/** Devices as they leave: secrets are only said to be there. */
import { kindOfModel } from '../../../../../provisioning/model-kind.ts';
import type { ListedDevice as Listed } from '../../../provisioning/directory/listed-device.ts';
import type { StoredDeviceEvent } from '../../../provisioning/device-state/device-history.ts';
import type { PreviewedReplacement } from '../../../provisioning/devices/device-replacement.ts';
import type { DevicesImportPreview } from '../../../provisioning/devices/devices-import.ts';
import type { ProvisioningServices } from '../../../provisioning/provisioning-services.ts';
import { presentEventNote } from '../../wire/event-note.ts';
import { presentPlannedRows } from '../../wire/import-preview.ts';
import { presentInstant, presentOptionalInstant } from '../../wire/instant.ts';
import type { Device, ListedDevice } from './schema.ts';

const dayMs = 86_400_000;

type Facts = Pick<ProvisioningServices, 'catalogue' | 'site' | 'files' | 'firmware'>;

export function presentListedDevice(device: Listed, facts: Facts): ListedDevice {
  const { catalogue, site, files, firmware } = facts;
  const { stored, seen, binding } = device;
  const { mac, comment, vendor, model, groups, tftpException } = stored.document;
  const knownVendor = seen.vendor ?? vendor;
  const given =
    knownVendor === undefined || model === undefined
      ? model
      : (catalogue.find(knownVendor)?.findModel(model)?.name ?? model);
  const { announcedAtMs, provisionedAtMs } = seen;
  const known = files.modelOf(stored);
  const newer = firmware.newerFor(device, known);
  return {
    mac,
    comment,
    vendor: knownVendor,
    model: seen.model ?? given,
    isModelReported: seen.model !== undefined,
    kind: kindOfModel(known?.model),
    firmware: firmware.running.of(device),
    newerFirmware:
      newer === undefined ? undefined : { label: newer.set.label, version: newer.file.version },
    isUpdating: firmware.rollouts.placeOf(mac)?.isTold === true,
    address: seen.address,
    lastSeenAt: presentOptionalInstant(seen.lastSeenAtMs),
    provisionedAt: presentOptionalInstant(provisionedAtMs),
    announcedUntil:
      announcedAtMs === undefined || provisionedAtMs !== undefined
        ? undefined
        : presentInstant(announcedAtMs + site.current.announcedDays * dayMs),
    extension: device.extension,
    users: device.users.map(({ id, name, extension }) => ({ id, name, extension })),
    groups: [...groups],
    tftpException,
    registration:
      binding === undefined
        ? undefined
        : {
            protocol: binding.protocol,
            remoteAddress: binding.remoteAddress,
            remotePort: binding.remotePort,
            userAgent: binding.userAgent,
            expiresAt: presentInstant(binding.expiresAtMs),
          },
    version: stored.version,
  };
}

export function presentDevice(device: Listed, facts: Facts, leftOut: Device['leftOut']): Device {
  const { document } = device.stored;
  return {
    ...presentListedDevice(device, facts),
    configuration: {
      vendor: document.vendor,
      model: document.model,
      comment: document.comment,
      lines: [...document.lines],
      groups: [...document.groups],
      keys: [...document.keys],
      handsets: [...document.handsets],
      customLines: [...document.customLines],
      customFiles: [...document.customFiles],
      tftpException: document.tftpException,
      settings: document.settings,
      secretSettings: Object.keys(document.secretSettings),
      externalLines: document.externalLines.map((line) => ({
        ...line,
        hasPassword: document.externalPasswords[line.id] !== undefined,
      })),
    },
    userAgent: device.seen.userAgent,
    leftOut,
  };
}

export function presentReplacement(preview: PreviewedReplacement) {
  const { mac, isKnown, model, leftOut, losesException } = preview;
  return {
    mac,
    isKnown,
    vendor: model?.vendor.data.id,
    model: model?.model.name,
    leftOut: { ...leftOut, settings: [...leftOut.settings] },
    losesException,
  };
}

export function presentDeviceEvent(event: StoredDeviceEvent) {
  const { id, atMs, kind, address, detail } = event;
  const notes = event.notes.map(presentEventNote);
  return { id, at: presentInstant(atMs), kind, address, detail, notes };
}

export function presentDevicesImportPreview(preview: DevicesImportPreview) {
  const { importId, created, updated, rejected } = preview;
  return {
    importId,
    created,
    updated,
    rejected,
    ...presentPlannedRows(preview),
  };
}
