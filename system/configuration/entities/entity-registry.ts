/** Every entity there is, by name: what generic code (revisions, text export, API) walks over. */
import { deviceGroupEntity } from './device-group.ts';
import { deviceEntity } from './device.ts';
import { dhcpEntity, dhcpId } from './dhcp.ts';
import type { AnyEntity } from './entity.ts';
import { provisioningSettingsEntity, provisioningSettingsId } from './provisioning-settings.ts';
import { settingsEntity, settingsId } from './settings.ts';
import { userEntity } from './user.ts';

/** In the order of the text export. */
export const entityNames = [
  'settings',
  'provisioning',
  'dhcp',
  'user',
  'device-group',
  'device',
] as const;
export type EntityName = (typeof entityNames)[number];

export const entityByName: Readonly<Record<EntityName, AnyEntity>> = {
  settings: settingsEntity,
  provisioning: provisioningSettingsEntity,
  dhcp: dhcpEntity,
  user: userEntity,
  'device-group': deviceGroupEntity,
  device: deviceEntity,
};

/** Entities of which there is one record, with its id. */
export const singleIds: Readonly<Partial<Record<EntityName, string>>> = {
  settings: settingsId,
  provisioning: provisioningSettingsId,
  dhcp: dhcpId,
};
