/** The figures of the dashboard, each from the list it counts, so that one failing part hides nothing else. */
import type { ActiveCalls } from '../../../../system/management-plane/api/routes/calls/schema.ts';
import type {
  CallRecordSummary,
  CallsByHour,
} from '../../../../system/management-plane/api/routes/call-records/schema.ts';
import type { Parts } from '../../../../system/management-plane/api/routes/parts/schema.ts';
import type { Registration } from '../../../../system/management-plane/api/routes/registrations/schema.ts';
import type { Revision } from '../../../../system/management-plane/api/routes/revisions/schema.ts';
import type { User } from '../../../../system/management-plane/api/routes/users/schema.ts';
import { api } from '../../lib/api/client.ts';
import type { Page } from '../../lib/state/list.svelte.ts';
import { toInstant } from '../../lib/state/period.ts';
import { Resource } from '../../lib/state/resource.svelte.ts';

const dayMs = 86_400_000;
const recentCalls = 10;
const recentRevisions = 6;

type Refreshable = Pick<Resource<unknown>, 'refresh' | 'close'>;

export interface DayOfCalls {
  readonly total: number;
  readonly answered: number;
  readonly recent: readonly CallRecordSummary[];
}

export class Dashboard {
  readonly calls = new Resource<ActiveCalls>(async (signal) =>
    api.get('/calls', { query: { limit: 1 }, signal }),
  );

  readonly registrations = new Resource<Page<Registration>>(async (signal) =>
    api.get('/registrations', { query: { pageSize: 1 }, signal }),
  );

  readonly users = new Resource<Page<User>>(async (signal) =>
    api.get('/users', { query: { pageSize: 1 }, signal }),
  );

  readonly day = new Resource<DayOfCalls>(async (signal) => {
    const from = toInstant(Date.now() - dayMs);
    const [all, answered] = await Promise.all([
      api.get<Page<CallRecordSummary>>('/call-records', {
        query: { from, pageSize: recentCalls },
        signal,
      }),
      api.get<Page<CallRecordSummary>>('/call-records', {
        query: { from, outcome: 'answered', pageSize: 1 },
        signal,
      }),
    ]);
    return { total: all.total, answered: answered.total, recent: all.items };
  });

  readonly hours = new Resource<CallsByHour>(async (signal) =>
    api.get('/call-records/by-hour', { signal }),
  );

  readonly parts = new Resource<Parts>(async (signal) => api.get('/parts', { signal }));

  readonly revisions = new Resource<Page<Revision>>(async (signal) =>
    api.get('/revisions', { query: { pageSize: recentRevisions }, signal }),
  );

  /** Fetches what the hints concern; everything without hints. */
  async refresh(hints: readonly string[] | undefined): Promise<void> {
    const due =
      hints === undefined
        ? this.#all()
        : this.#all().filter(({ hint }) => hints.some((told) => told.startsWith(hint)));
    await Promise.all(due.map(async ({ resource }) => resource.refresh()));
  }

  close(): void {
    for (const { resource } of this.#all()) {
      resource.close();
    }
  }

  /** Each with the kind of hints that concern it. */
  #all(): readonly { readonly hint: string; readonly resource: Refreshable }[] {
    return [
      { hint: 'calls.', resource: this.calls },
      { hint: 'registrations.', resource: this.registrations },
      { hint: 'revision.', resource: this.users },
      { hint: 'records.', resource: this.day },
      { hint: 'records.', resource: this.hours },
      { hint: 'parts.', resource: this.parts },
      { hint: 'revision.', resource: this.revisions },
    ];
  }
}
