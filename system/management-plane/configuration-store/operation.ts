/**
 * What a commit consists of. The documents of an update are partial: only the named fields
 * change, and `null` takes a value away (an optional field is then empty, another has its
 * default again).
 */
import type { DectHandset } from '../../configuration/entities/dect-handset.ts';
import type { DectSystem } from '../../configuration/entities/dect-system.ts';
import type { DeviceFile } from '../../configuration/entities/device-file.ts';
import type { DeviceAccess } from '../../configuration/entities/device-access.ts';
import type { DeviceAuthority } from '../../configuration/entities/device-authority.ts';
import type { DeviceGroup } from '../../configuration/entities/device-group.ts';
import type { DeviceModel } from '../../configuration/entities/device-model.ts';
import type { DeviceTemplate } from '../../configuration/entities/device-template.ts';
import type { Device } from '../../configuration/entities/device.ts';
import type { Dhcp } from '../../configuration/entities/dhcp.ts';
import type { RedirectionService } from '../../configuration/entities/redirection-service.ts';
import type { RejectedDevice } from '../../configuration/entities/rejected-device.ts';
import type { ProvisioningSettings } from '../../configuration/entities/provisioning-settings.ts';
import type { Settings } from '../../configuration/entities/settings.ts';
import type { User } from '../../configuration/entities/user.ts';
import type { Secret } from '../../foundation/secret.ts';

type Changes<Document> = { readonly [Name in keyof Document]?: Document[Name] | null | undefined };

/**
 * The fields of a user that a commit may set. `sipPassword` is the clear SIP password: the
 * store seals it together with its digest hashes and keeps those right when the SIP user name or
 * the SIP domain changes. `webPasswordHash` is hashed by the caller.
 */
export interface UserChanges extends Changes<Omit<User, 'sipCredentials'>> {
  readonly sipPassword?: Secret | null | undefined;
}

export type SettingsChanges = Changes<Settings>;

/** Secrets in it are sealed by the caller (`ConfigurationStore.seal`). */
export type DeviceChanges = Changes<Device>;
export type DectSystemChanges = Changes<DectSystem>;
export type DectHandsetChanges = Changes<DectHandset>;
export type DeviceGroupChanges = Changes<DeviceGroup>;
export type DeviceModelChanges = Changes<DeviceModel>;
export type DeviceTemplateChanges = Changes<DeviceTemplate>;
export type DeviceFileChanges = Changes<DeviceFile>;
export type DeviceAccessChanges = Changes<DeviceAccess>;
export type DeviceAuthorityChanges = Changes<DeviceAuthority>;
export type RedirectionServiceChanges = Changes<RedirectionService>;
export type RejectedDeviceChanges = Changes<RejectedDevice>;
export type DhcpChanges = Changes<Dhcp>;
export type ProvisioningSettingsChanges = Changes<ProvisioningSettings>;

interface Create<Entity, Document> {
  readonly kind: 'create';
  readonly entity: Entity;
  readonly id: string;
  readonly after: Document;
}

interface Update<Entity, Document, Id extends string = string> {
  readonly kind: 'update';
  readonly entity: Entity;
  readonly id: Id;
  readonly after: Document;
  /** The commit fails with `stale` unless this is the version of the entity now. */
  readonly ifVersion?: number | undefined;
}

interface Delete<Entity> {
  readonly kind: 'delete';
  readonly entity: Entity;
  readonly id: string;
  readonly ifVersion?: number | undefined;
}

type AnyChange<Entity, Document> =
  | Create<Entity, Document>
  | Update<Entity, Document>
  | Delete<Entity>;

export type Operation =
  | AnyChange<'user', UserChanges>
  | AnyChange<'device', DeviceChanges>
  | AnyChange<'rejected-device', RejectedDeviceChanges>
  | AnyChange<'device-group', DeviceGroupChanges>
  | AnyChange<'dect-system', DectSystemChanges>
  | AnyChange<'dect-handset', DectHandsetChanges>
  | AnyChange<'device-authority', DeviceAuthorityChanges>
  | AnyChange<'redirection-service', RedirectionServiceChanges>
  | AnyChange<'device-model', DeviceModelChanges>
  | AnyChange<'device-template', DeviceTemplateChanges>
  | AnyChange<'device-file', DeviceFileChanges>
  | Update<'settings', SettingsChanges, 'settings'>
  | Update<'dhcp', DhcpChanges, 'dhcp'>
  | Update<'device-access', DeviceAccessChanges, 'device-access'>
  | Update<'provisioning', ProvisioningSettingsChanges, 'provisioning'>;

export type OperationKind = Operation['kind'];
