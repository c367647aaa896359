/** The revision that waits for confirmation, if there is one; it reverts by itself when its time is over. */
import type {
  Revision,
  revisionPageSchema,
} from '../../../../system/management-plane/api/routes/revisions/schema.ts';
import type { z } from 'zod';
import { api } from '../api/client.ts';

class PendingRevision {
  #revision = $state.raw<Revision | undefined>();

  get revision(): Revision | undefined {
    return this.#revision;
  }

  /** Only the newest revision can be pending: while one is, no other change is taken. */
  async refresh(): Promise<void> {
    const page = await api.get<z.infer<typeof revisionPageSchema>>('/revisions', {
      query: { pageSize: 1 },
    });
    this.#revision = page.items.find((revision) => revision.state === 'pending');
  }

  async confirm(revision: Revision): Promise<void> {
    await api.post(`/revisions/${String(revision.number)}/confirm`);
    await this.refresh();
  }

  async revert(revision: Revision, reason: string): Promise<void> {
    await api.post(`/revisions/${String(revision.number)}/revert`, { reason });
    await this.refresh();
  }
}

export const pendingRevision = new PendingRevision();
