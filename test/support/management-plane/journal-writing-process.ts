/**
 * A program that writes call records into a journal file as fast as it can, until it is killed:
 * `node journal-writing-process.ts FILE CAPACITY_BYTES FIRST_NUMBER`. It prints the number of each
 * record after it was appended.
 */
import { writeSync } from 'node:fs';
import { mapFile } from '../../../system/foundation/map-file.ts';
import { journalFileBytes } from '../../../system/records/record-journal.ts';
import { RecordJournalWriter } from '../../../system/records/record-journal-writer.ts';
import { createCallRecord } from './call-records.ts';

const [, , path = '', capacityBytes = '', firstNumber = ''] = process.argv;
const writer = new RecordJournalWriter({
  buffer: mapFile(path, journalFileBytes(Number(capacityBytes))),
  maximumHeldBytes: 0,
  onCondition: () => undefined,
});
for (let number = Number(firstNumber); ;) {
  if (writer.append(JSON.stringify(createCallRecord(`call-${String(number)}`))) === 'journaled') {
    // Synchronous, so that nothing printed was not appended before.
    writeSync(1, `${String(number)}\n`);
    number += 1;
  }
}
