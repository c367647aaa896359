/** The services of provisioning, as handlers of routes see them. */
import type { VendorCatalogue } from '../../../provisioning/vendors/vendor-catalogue.ts';
import type { Doors } from '../device-access/doors.ts';
import type { CustomFilesService } from './custom-files-service.ts';
import type { DeviceDirectory } from './device-directory.ts';
import type { DeviceFiles } from './device-files.ts';
import type { DeviceGroupsService } from './device-groups-service.ts';
import type { DeviceHistory } from './device-history.ts';
import type { DeviceModelsService } from './device-models-service.ts';
import type { DeviceSync } from './device-sync.ts';
import type { DeviceTemplatesService } from './device-templates-service.ts';
import type { DevicesImport } from './devices-import.ts';
import type { DevicesService } from './devices-service.ts';
import type { DhcpService } from './dhcp-service.ts';
import type { ExplainDevice } from './explain-device.ts';
import type { PnpFront } from './pnp-front.ts';
import type { ProvisioningWindow } from './provisioning-window.ts';
import type { ScanWatch } from './scan-watch.ts';
import type { Firmware } from './firmware/firmware.ts';
import type { SeenDevices } from './seen-devices.ts';
import type { ServedFiles } from './served-files.ts';
import type { ServerAddress } from './server-address.ts';
import type { SiteSettingsService } from './site-settings-service.ts';

export interface ProvisioningServices {
  readonly catalogue: VendorCatalogue;
  readonly directory: DeviceDirectory;
  readonly seen: SeenDevices;
  readonly history: DeviceHistory;
  readonly devices: DevicesService;
  readonly groups: DeviceGroupsService;
  readonly models: DeviceModelsService;
  readonly templates: DeviceTemplatesService;
  readonly customFiles: CustomFilesService;
  readonly devicesImport: DevicesImport;
  readonly site: SiteSettingsService;
  readonly address: ServerAddress;
  readonly files: DeviceFiles;
  readonly served: ServedFiles;
  readonly window: ProvisioningWindow;
  readonly scans: ScanWatch;
  readonly sync: DeviceSync;
  readonly dhcp: DhcpService;
  readonly pnp: Pick<PnpFront, 'port' | 'interfaces' | 'served' | 'unreadableCount'>;
  readonly explain: ExplainDevice;
  readonly doors: Doors;
}
  readonly firmware: Firmware;
