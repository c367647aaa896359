/** What a DECT base has besides what every device has, for whoever renders its files. */
import type { DectRole, DeviceHandset, DeviceLine } from '../../../../provisioning/device.ts';
import type { SettingValues } from '../../../../provisioning/scope/setting-value.ts';
import type { Model } from '../../../../provisioning/vendors/vendor.ts';

export interface DectParts {
  readonly lines: readonly DeviceLine[];
  readonly handsets: readonly DeviceHandset[];
  readonly dect: DectRole;
  readonly settings: SettingValues;
  /** When the system was opened for new handsets, if it is. */
  readonly openedAtSec?: number;
}

export interface DectSource {
  /** Undefined for a device that belongs to no system. Rejects with SecretSealError. */
  build(mac: string, model: Model, server: DeviceLine['server']): Promise<DectParts | undefined>;
}
