/** Device groups for choices and names of columns. */
import type { z } from 'zod';
import type {
  DeviceGroup,
  deviceGroupListSchema,
} from '../../../../system/management-plane/api/routes/device-groups/schema.ts';
import { api } from '../../lib/api/client.ts';

class DeviceGroupsState {
  #groups = $state.raw<readonly DeviceGroup[]>([]);

  get all(): readonly DeviceGroup[] {
    return this.#groups;
  }

  nameOf(id: string): string {
    return this.#groups.find((group) => group.id === id)?.name ?? id;
  }

  /** In the order of the device: a later one overrides an earlier one. */
  namesOf(ids: readonly string[]): string {
    return ids.map((id) => this.nameOf(id)).join(', ');
  }

  /** Failing is no error of the page: ids are shown, and the next call tries again. */
  async load(): Promise<void> {
    try {
      const { items } = await api.get<z.infer<typeof deviceGroupListSchema>>('/device-groups');
      this.#groups = items;
    } catch {
      // What is known stays.
    }
  }
}

export const deviceGroups = new DeviceGroupsState();
