/**
 * What follows from a change of the configuration besides the new snapshot: a line in the audit
 * trail, and the end of registrations that have no ground any more.
 */
import type { ManagementPlaneBus } from '../bus/ends.ts';
import type { Logger } from '../foundation/logger.ts';
import type { AuditLog } from './accounts/audit-log.ts';
import type { ConfigurationStore } from './configuration-store/configuration-store.ts';
import type { RevisionSummary } from './configuration-store/revision.ts';
import type { RegistrationDirectory } from './registrations/registration-directory.ts';
import { registrationsToEnd } from './registrations/registrations-to-end.ts';

export interface RevisionEffectsOptions {
  readonly store: Pick<ConfigurationStore, 'getRevision'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly bus: Pick<ManagementPlaneBus, 'request'>;
  readonly registrations: Pick<RegistrationDirectory, 'noteEnding'>;
  readonly logger: Logger;
}

export class RevisionEffects {
  readonly #options: RevisionEffectsOptions;
  /** One revision after the other, in their order. */
  #last: Promise<void> = Promise.resolve();
  /** A revision is told again when it is confirmed: its effects happened with the first time. */
  #lastNumber = 0;

  constructor(options: RevisionEffectsOptions) {
    this.#options = options;
  }

  apply(revision: RevisionSummary): void {
    if (revision.number <= this.#lastNumber) {
      return;
    }
    this.#lastNumber = revision.number;
    this.#last = this.#last
      .then(() => this.#apply(revision))
      .catch((error: unknown) => {
        const { number } = revision;
        this.#options.logger.error('A revision could not be followed up', { number, error });
      });
  }

  settled(): Promise<void> {
    return this.#last;
  }

  async #apply({ number, author, reason }: RevisionSummary): Promise<void> {
    const { store, audit, bus, registrations } = this.#options;
    const detail = reason === '' ? `revision ${String(number)}` : `${String(number)}: ${reason}`;
    await audit.record({ action: 'revision', actor: author, detail });
    const { changes } = await store.getRevision(number);
    const ended = registrationsToEnd(changes);
    if (Object.values(ended).some((accounts: readonly unknown[]) => accounts.length > 0)) {
      registrations.noteEnding(ended);
      await bus.request('bindings.remove', ended);
    }
  }
}
