/**
 * What a commit consists of. The documents of an update are partial: only the named fields
 * change, and `null` takes a value away (an optional field is then empty, another has its
 * default again).
 */
import type { DeviceGroup } from '../../configuration/entities/device-group.ts';
import type { Device } from '../../configuration/entities/device.ts';
import type { Dhcp } from '../../configuration/entities/dhcp.ts';
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
export type DeviceGroupChanges = Changes<DeviceGroup>;
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
  Create<Entity, Document> | Update<Entity, Document> | Delete<Entity>;

export type Operation =
  | AnyChange<'user', UserChanges>
  | AnyChange<'device', DeviceChanges>
  | AnyChange<'device-group', DeviceGroupChanges>
  | Update<'settings', SettingsChanges, 'settings'>
  | Update<'dhcp', DhcpChanges, 'dhcp'>
  | Update<'provisioning', ProvisioningSettingsChanges, 'provisioning'>;

export type OperationKind = Operation['kind'];
