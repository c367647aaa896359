/**
 * The lower half of provisioning: what devices did, what the configuration says of them, and what
 * lets them in. Nothing runs by itself yet.
 */
import { describeEventNotes, type EventNoteCode } from '../event-note.ts';
import { VendorCatalogue } from '../../../provisioning/vendors/vendor-catalogue.ts';
import { systemActor } from '../actor.ts';
import { RedirectionTokens } from '../redirection/redirection-tokens.ts';
import { ProvisioningWindow } from './access/provisioning-window.ts';
import { ScanWatch, type ScanKind } from './access/scan-watch.ts';
import { ServerAddress } from './access/server-address.ts';
import { SyncGrants } from './access/sync-grants.ts';
import { TemporaryTokens } from './access/temporary-tokens.ts';
import { DeviceHistory } from './device-state/device-history.ts';
import { SeenDevices } from './device-state/seen-devices.ts';
import { ServedFiles } from './device-state/served-files.ts';
import type { VendorCatalog } from './devices/device-checks.ts';
import { DeviceGroupsService } from './devices/device-groups-service.ts';
import { DevicesImport } from './devices/devices-import.ts';
import { DevicesService } from './devices/devices-service.ts';
import { ImportedPhones } from './devices/imported-phones.ts';
import { RejectedDevicesService } from './devices/rejected-devices-service.ts';
import { describeVendors } from './devices/shipped-vendors.ts';
import { DectDirectory } from './directory/dect-directory.ts';
import { DeviceDirectory } from './directory/device-directory.ts';
import { RejectedDirectory } from './directory/rejected-directory.ts';
import type { ProvisioningOptions } from './provisioning-options.ts';
import type { ProvisioningServices } from './provisioning-services.ts';
import { CustomFilesService } from './shared-settings/custom-files-service.ts';
import { DeviceModelsService } from './shared-settings/device-models-service.ts';
import { DeviceTemplatesService } from './shared-settings/device-templates-service.ts';
import { SiteSettingsService } from './shared-settings/site-settings-service.ts';

type Shown = Pick<
  ProvisioningServices,
  | 'catalogue'
  | 'directory'
  | 'seen'
  | 'served'
  | 'history'
  | 'devices'
  | 'rejected'
  | 'rejectedDevices'
  | 'groups'
  | 'models'
  | 'templates'
  | 'customFiles'
  | 'devicesImport'
  | 'importedPhones'
  | 'site'
  | 'address'
  | 'window'
  | 'scans'
>;

export interface DeviceParts extends Shown {
  readonly dect: DectDirectory;
  readonly vendors: VendorCatalog;
  readonly redirectionTokens: RedirectionTokens;
  readonly temporaryTokens: TemporaryTokens;
  readonly grants: SyncGrants;
}

export async function openDeviceParts(options: ProvisioningOptions): Promise<DeviceParts> {
  const { store, database, registrations, audit, clock, logger, onProblem } = options;
  const seen = await SeenDevices.open({ database, clock, logger, onChange: options.onDevicesSeen });
  const served = await ServedFiles.open({ database, clock, logger });
  const history = new DeviceHistory({ database, clock, logger });
  const dect = new DectDirectory(store);
  const directory = new DeviceDirectory({ store, seen, registrations, dect, logger });
  const rejected = new RejectedDirectory({ store, seen, clock });
  const site = new SiteSettingsService(store);
  const catalogue = new VendorCatalogue();
  const vendors = describeVendors(catalogue);
  const redirectionTokens = new RedirectionTokens(clock);
  const temporaryTokens = new TemporaryTokens(clock, redirectionTokens);
  const devices = new DevicesService({
    store,
    directory,
    rejected,
    seen,
    served,
    temporaryTokens,
    history,
    audit,
    vendors,
    dect,
    clock,
  });
  const groups = new DeviceGroupsService({ store, directory });
  const ports = {
    https: 443,
    http: 80,
    ftp: options.devicePorts.ftp,
    sip: options.sipPort,
    sipTls: options.sipTlsPort,
  };
  return {
    dect,
    vendors,
    redirectionTokens,
    temporaryTokens,
    grants: new SyncGrants(clock),
    catalogue,
    directory,
    seen,
    served,
    history,
    devices,
    rejected,
    rejectedDevices: new RejectedDevicesService({
      store,
      directory,
      rejected,
      seen,
      temporaryTokens,
      audit,
      vendors,
      clock,
    }),
    groups,
    models: new DeviceModelsService({ store, catalogue }),
    templates: new DeviceTemplatesService({
      store,
      catalogue,
      onFaults: (faults) => {
        onProblem('templates', faults.length === 0 ? undefined : faults.join('\n'));
      },
    }),
    customFiles: new CustomFilesService({ store, directory, groups }),
    devicesImport: new DevicesImport({ store, directory, rejected, devices, groups, audit, clock }),
    importedPhones: new ImportedPhones({ directory, rejected, devices, dect, vendors }),
    site,
    address: new ServerAddress(options.listenAddresses, ports, () => site.current),
    window: new ProvisioningWindow(clock),
    scans: createScanWatch(options, () => site.current.scanAlarmMisses),
  };
}

const scanNotes = {
  address: 'address-scan',
  unproven: 'address-scan-unproven',
  many: 'address-scan-many',
} as const satisfies Record<ScanKind, EventNoteCode>;

function createScanWatch(
  { clock, logger, audit, onProblem }: ProvisioningOptions,
  alarmMisses: () => number,
): ScanWatch {
  return new ScanWatch(clock, alarmMisses, ({ kind, source, misses }) => {
    const notes = [{ code: scanNotes[kind], facts: { source, count: misses } }] as const;
    logger.warn('Somebody guesses addresses of devices', { kind, source, misses });
    onProblem('scan', `${describeEventNotes(notes)}.`);
    void audit.record({
      action: 'provisioning-scan',
      actor: systemActor,
      isSuccess: false,
      address: source,
      notes,
    });
  });
}
