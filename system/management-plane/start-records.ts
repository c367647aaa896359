/** Finished calls: out of the journal that the call plane writes into the database, as they come. */
import type { ManagementPlaneBus } from '../bus/ends.ts';
import { toErrorMessage } from '../foundation/app-error.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import { RecordJournalReader } from '../records/record-journal-reader.ts';
import { JournalDrain } from './records/journal-drain.ts';
import type { RecordStore } from './records/record-store.ts';

export interface StartRecordsOptions {
  readonly bus: ManagementPlaneBus;
  readonly store: RecordStore;
  /** Opens the mapped journal of finished calls. Throws when it cannot be mapped. */
  readonly openJournal: () => ArrayBufferLike;
  readonly onStored: () => void;
  /** A sentence for administrators, or undefined when it is over. */
  readonly onProblem: (name: 'journal' | 'records', sentence: string | undefined) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Undefined when there is no journal to read: calls go on without records. */
export function startRecords(options: StartRecordsOptions): JournalDrain | undefined {
  const { bus, store, openJournal, onStored, onProblem, clock, logger } = options;
  let reader: RecordJournalReader;
  try {
    reader = new RecordJournalReader(openJournal());
  } catch (error) {
    logger.error('The journal of finished calls cannot be read', { error });
    onProblem('journal', `Calls are not recorded: ${toErrorMessage(error)}.`);
    return undefined;
  }
  const drain = new JournalDrain({
    reader,
    store,
    clock,
    logger,
    onStored,
    onTrouble: (reason) => {
      onProblem(
        'records',
        reason === undefined ? undefined : `Call records wait to be stored: ${reason}.`,
      );
    },
  });
  bus.on('records.waiting', () => {
    void drain.drain();
  });
  drain.start();
  return drain;
}
