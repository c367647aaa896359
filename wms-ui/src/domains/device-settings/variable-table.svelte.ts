/** The table of every setting that devices may have; fetched once. */
import type { z } from 'zod';
import type { variableListSchema } from '../../../../system/management-plane/api/routes/provisioning/schema.ts';
import { api } from '../../lib/api/client.ts';
import { toVariables, type SettingVariable } from './setting-fact.ts';

class VariableTable {
  #variables: Promise<readonly SettingVariable[]> | undefined;

  /** Throws `ApiError`; the next call tries again then. */
  async load(): Promise<readonly SettingVariable[]> {
    this.#variables ??= this.#fetch();
    try {
      return await this.#variables;
    } catch (error) {
      this.#variables = undefined;
      throw error;
    }
  }

  async #fetch(): Promise<readonly SettingVariable[]> {
    const { items } = await api.get<z.infer<typeof variableListSchema>>('/provisioning/variables');
    return toVariables(items);
  }
}

export const variableTable = new VariableTable();
