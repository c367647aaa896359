/** The table of settings that devices, groups and the site may have; fetched once. */
import type { z } from 'zod';
import type { variableListSchema } from '../../../../system/management-plane/api/routes/provisioning/schema.ts';
import { api } from '../api/client.ts';
import type { SettingVariable } from '../forms/own-settings.svelte.ts';

class SettingVariablesState {
  #all = $state.raw<readonly SettingVariable[]>([]);

  get all(): readonly SettingVariable[] {
    return this.#all;
  }

  /** Throws `ApiError`. */
  async load(): Promise<void> {
    if (this.#all.length === 0) {
      const { items } =
        await api.get<z.infer<typeof variableListSchema>>('/provisioning/variables');
      this.#all = items;
    }
  }
}

export const settingVariables = new SettingVariablesState();
