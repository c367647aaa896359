/** Every entity there is, by name: what generic code (revisions, text export, API) walks over. */
import type { AnyEntity } from './entity.ts';
import { settingsEntity } from './settings.ts';
import { userEntity } from './user.ts';

export const entityNames = ['settings', 'user'] as const;
export type EntityName = (typeof entityNames)[number];

export const entityByName: Readonly<Record<EntityName, AnyEntity>> = {
  settings: settingsEntity,
  user: userEntity,
};
