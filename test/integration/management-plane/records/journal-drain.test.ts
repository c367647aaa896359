import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mapFile } from '../../../../system/foundation/map-file.ts';
import { silentLogger } from '../../../../system/foundation/logger.ts';
import { JournalDrain } from '../../../../system/management-plane/records/journal-drain.ts';
import type { RecordStore } from '../../../../system/management-plane/records/record-store.ts';
import { journalFileBytes } from '../../../../system/records/record-journal.ts';
import { RecordJournalReader } from '../../../../system/records/record-journal-reader.ts';
import { RecordJournalWriter } from '../../../../system/records/record-journal-writer.ts';
import { createCallRecord } from '../../../support/management-plane/call-records.ts';
import { ManagementServices } from '../../../support/management-plane/management-services.ts';

const capacityBytes = 64 * 1024;
const writingProgram = join(
  import.meta.dirname,
  '../../../support/management-plane/journal-writing-process.ts',
);

describe('journal drain', () => {
  let plane: ManagementServices;
  let path: string;
  let stored: number[];
  let troubles: (string | undefined)[];

  beforeEach(async () => {
    plane = await ManagementServices.open();
    path = join(plane.directory, 'records.journal');
    stored = [];
    troubles = [];
  });

  afterEach(async () => {
    await plane.dispose();
  });

  function createDrain(
    store: Pick<RecordStore, 'add' | 'reject'> = plane.services.records,
  ): JournalDrain {
    return new JournalDrain({
      // A mapping of its own, as in the worker thread.
      reader: new RecordJournalReader(mapFile(path, journalFileBytes(capacityBytes))),
      store,
      clock: plane.clock,
      logger: silentLogger,
      onStored: (records) => stored.push(records),
      onTrouble: (reason) => troubles.push(reason),
    });
  }

  function createWriter(): RecordJournalWriter {
    const buffer = mapFile(path, journalFileBytes(capacityBytes));
    return new RecordJournalWriter({ buffer, maximumHeldBytes: 0, onCondition: () => undefined });
  }

  async function storedRefs(): Promise<string[]> {
    const rows = await plane.databases.records.queries
      .selectFrom('call_records')
      .select('call_ref')
      .orderBy('id')
      .execute();
    return rows.map((row) => row.call_ref);
  }

  test('stores at the start what waits, then what is told, then now and then', async () => {
    const writer = createWriter();
    const append = (callRef: string): void => {
      writer.append(JSON.stringify(createCallRecord(callRef)));
    };
    append('c1');
    const pendingBefore = plane.clock.pendingCount;
    const drain = createDrain();
    drain.start();
    await drain.drain();
    expect(await storedRefs()).toEqual(['c1']);

    append('c2');
    append('c3');
    await drain.drain();
    expect(await storedRefs()).toEqual(['c1', 'c2', 'c3']);
    expect(writer.statistics().usedBytes).toBe(0);

    append('c4');
    plane.clock.advance(5_000);
    await drain.drain();
    append('c5');
    await drain.close();
    expect(await storedRefs()).toEqual(['c1', 'c2', 'c3', 'c4', 'c5']);
    expect(stored).toEqual([1, 2, 1, 1]);
    expect(plane.clock.pendingCount).toBe(pendingBefore);
  });

  test('keeps calls in the journal while the database does not take them', async () => {
    const writer = createWriter();
    writer.append(JSON.stringify(createCallRecord('c1')));
    let isFull = true;
    const drain = createDrain({
      add: (records) =>
        isFull
          ? Promise.reject(new Error('database or disk is full'))
          : plane.services.records.add(records),
      reject: () => Promise.reject(new Error('unexpected')),
    });
    await drain.drain();
    await drain.drain();
    expect(troubles).toEqual(['database or disk is full']);

    isFull = false;
    await drain.drain();
    expect(troubles).toEqual(['database or disk is full', undefined]);
    expect(await storedRefs()).toEqual(['c1']);
  });

  test('puts aside what is no call record, and goes on', async () => {
    const writer = createWriter();
    const incomplete = JSON.stringify({ ...createCallRecord('c1'), outcome: 'exploded' });
    writer.append('{"half a reco');
    writer.append(incomplete);
    writer.append(JSON.stringify(createCallRecord('c2')));
    await createDrain().drain();

    expect(await storedRefs()).toEqual(['c2']);
    const rejected = await plane.databases.records.queries
      .selectFrom('rejected_records')
      .select('entry')
      .execute();
    expect(rejected.map((row) => row.entry)).toEqual(['{"half a reco', incomplete]);
  });

  test('[DIAG-009] finds every finished call exactly once after kill -9 of the writer, again and again', async () => {
    let nextNumber = 0;
    for (let round = 0; round < 5; round += 1) {
      const writing = spawn(
        process.execPath,
        [writingProgram, path, String(capacityBytes), String(nextNumber)],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      let printed = '';
      writing.stdout.setEncoding('utf8');
      writing.stdout.on('data', (chunk: string) => {
        printed += chunk;
      });
      await once(writing.stdout, 'data');
      const drain = createDrain();
      // More than a lap of the ring, so that the kill meets the writer in the middle of its work.
      while (stored.reduce((sum, records) => sum + records, 0) < (round + 1) * 60) {
        await drain.drain();
        await new Promise((resolve) => setImmediate(resolve));
      }
      const closed = once(writing, 'close');
      writing.kill('SIGKILL');
      await closed;
      // What a new process does at its start, then what the management plane does.
      createWriter();
      await drain.drain();

      const refs = await storedRefs();
      const lastPrinted = Number(printed.trimEnd().split('\n').at(-1));
      expect(refs.length).toBeGreaterThan(lastPrinted);
      expect(refs).toEqual(refs.map((_, index) => `call-${String(index)}`));
      nextNumber = refs.length;
    }
    expect(troubles).toEqual([]);
  });
});
