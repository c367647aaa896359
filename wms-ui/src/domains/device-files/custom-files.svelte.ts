/** Files of the administrator for choices and names. */
import type { z } from 'zod';
import type { deviceFileListSchema } from '../../../../system/management-plane/api/routes/device-files/schema.ts';
import { api } from '../../lib/api/client.ts';

export type ListedFile = z.infer<typeof deviceFileListSchema>['items'][number];

class CustomFilesState {
  #all = $state.raw<readonly ListedFile[]>([]);

  get all(): readonly ListedFile[] {
    return this.#all;
  }

  /** The id itself until the list is here. */
  nameOf(id: string): string {
    return this.#all.find((file) => file.id === id)?.name ?? id;
  }

  /** Throws `ApiError`. */
  async load(): Promise<void> {
    const { items } = await api.get<z.infer<typeof deviceFileListSchema>>('/device-files');
    this.#all = items;
  }
}

export const customFiles = new CustomFilesState();
