/** What people call the entities that changed fields refer to: a group by its name, not by its id. */
import type { EntityName } from '../../../../configuration/entities/entity-names.ts';
import type { ConfigurationStore } from '../../../configuration-store/configuration-store.ts';
import { titleOf } from '../../../configuration-store/draft.ts';
import type { EntityChange } from './schema.ts';

/** Fields that hold ids of other entities, one or a list. */
const references: Readonly<Partial<Record<EntityName, Readonly<Record<string, EntityName>>>>> = {
  device: { lines: 'user', groups: 'device-group', customFiles: 'device-file' },
  'device-group': { customFiles: 'device-file' },
  'dect-handset': { system: 'dect-system', user: 'user' },
};

/** By id; one that is gone is missing. */
export async function nameReferences(
  changes: readonly EntityChange[],
  store: Pick<ConfigurationStore, 'findMany'>,
): Promise<Record<string, string>> {
  const wanted = new Map<EntityName, Set<string>>();
  for (const { entity, fields } of changes) {
    for (const { field, before, after } of fields) {
      const target = references[entity]?.[field];
      if (target !== undefined) {
        const ids = wanted.get(target) ?? new Set();
        for (const id of [before, after].flat().filter((value) => typeof value === 'string')) {
          ids.add(id);
        }
        wanted.set(target, ids);
      }
    }
  }
  const names: Record<string, string> = {};
  for (const [entity, ids] of wanted) {
    for (const { id, document } of await store.findMany(entity, [...ids])) {
      names[id] = titleOf(entity, document);
    }
  }
  return names;
}
