/** Every entity there is, by name: what generic code (revisions, text export, API) walks over. */
import { dectHandsetEntity } from './dect-handset.ts';
import { dectSystemEntity } from './dect-system.ts';
import { deviceFileEntity } from './device-file.ts';
import { deviceAccessEntity, deviceAccessId } from './device-access.ts';
import { deviceAuthorityEntity } from './device-authority.ts';
import { deviceGroupEntity } from './device-group.ts';
import { deviceModelEntity } from './device-model.ts';
import { deviceTemplateEntity } from './device-template.ts';
import { deviceEntity } from './device.ts';
import { dhcpEntity, dhcpId } from './dhcp.ts';
import type { EntityName } from './entity-names.ts';
import type { AnyEntity } from './entity.ts';
import { redirectionServiceEntity } from './redirection-service.ts';
import { provisioningSettingsEntity, provisioningSettingsId } from './provisioning-settings.ts';
import { rejectedDeviceEntity } from './rejected-device.ts';
import { settingsEntity, settingsId } from './settings.ts';
import { userEntity } from './user.ts';

export const entityByName: Readonly<Record<EntityName, AnyEntity>> = {
  settings: settingsEntity,
  provisioning: provisioningSettingsEntity,
  dhcp: dhcpEntity,
  'device-access': deviceAccessEntity,
  'device-authority': deviceAuthorityEntity,
  'redirection-service': redirectionServiceEntity,
  user: userEntity,
  'device-model': deviceModelEntity,
  'device-template': deviceTemplateEntity,
  'device-file': deviceFileEntity,
  'device-group': deviceGroupEntity,
  device: deviceEntity,
  'rejected-device': rejectedDeviceEntity,
  'dect-system': dectSystemEntity,
  'dect-handset': dectHandsetEntity,
};

/** Entities of which there is one record, with its id. */
export const singleIds: Readonly<Partial<Record<EntityName, string>>> = {
  settings: settingsId,
  provisioning: provisioningSettingsId,
  dhcp: dhcpId,
  'device-access': deviceAccessId,
};
