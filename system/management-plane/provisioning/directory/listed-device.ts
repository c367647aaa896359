/** A device joined with everything that lists show of it. */
import type { BindingRecord } from '../../../bus/contract.ts';
import type { Device } from '../../../configuration/entities/device.ts';
import type { Stored } from '../../configuration-store/configuration-store.ts';
import type { SeenDevice } from '../device-state/seen-device.ts';

export interface DeviceUser {
  readonly id: string;
  readonly name: string;
  readonly extension: string | undefined;
}

/** A device with everything that a row shows. */
export interface ListedDevice {
  readonly stored: Stored<Device>;
  readonly seen: SeenDevice;
  /** Assigned users that still exist, line by line. */
  readonly users: readonly DeviceUser[];
  /** Of the first line; `loginX` while unassigned. */
  readonly extension: string | undefined;
  /** Its registration, where there is one. */
  readonly binding: BindingRecord | undefined;
  /** How it can be told something: as it is registered, or was until the configuration ended that. */
  readonly way: BindingRecord | undefined;
}
