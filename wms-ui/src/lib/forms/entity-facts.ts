/** The declared fields of users and settings, without their validation library. */
import * as facts from 'virtual:entity-facts';
import type { DeviceAccess } from '../../../../system/configuration/entities/device-access.ts';
import type { DeviceGroup } from '../../../../system/configuration/entities/device-group.ts';
import type { ExternalLine } from '../../../../system/configuration/entities/external-line.ts';
import type { ProvisioningSettings } from '../../../../system/configuration/entities/provisioning-settings.ts';
import type { SettingsField } from '../../../../system/configuration/entities/settings.ts';
import type { PublicUser } from '../../../../system/configuration/entities/user.ts';
import type { FieldFact } from './field-fact.ts';

export type UserFieldName = keyof PublicUser;
export type SettingName = SettingsField;
export type ExternalLineField = Exclude<keyof ExternalLine, 'id'>;

// build/entity-facts.ts makes them of the same declarations.
export const userFacts = facts.userFacts as Readonly<Record<UserFieldName, FieldFact>>;
export const settingsFacts = facts.settingsFacts as Readonly<Record<SettingName, FieldFact>>;
export const provisioningFacts = facts.provisioningFacts as Readonly<
  Record<keyof ProvisioningSettings, FieldFact>
>;
export const deviceAccessFacts = facts.deviceAccessFacts as Readonly<
  Record<keyof DeviceAccess, FieldFact>
>;
export const externalLineFacts = facts.externalLineFacts as Readonly<
  Record<ExternalLineField, FieldFact>
>;
export const deviceGroupFacts = facts.deviceGroupFacts as Readonly<
  Record<keyof DeviceGroup, FieldFact>
>;
