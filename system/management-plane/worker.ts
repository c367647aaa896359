/** The entry of the management plane's worker thread. */
import { setPriority } from 'node:os';
import { join, resolve } from 'node:path';
import { workerData } from 'node:worker_threads';
import { createManagementPlaneBus } from '../bus/ends.ts';
import type { ManagementWorkerData } from '../bus/management-worker-data.ts';
import { systemClock } from '../foundation/clock.ts';
import { createLogBook } from '../foundation/log-book.ts';
import { mapFile } from '../foundation/map-file.ts';
import { journalCapacityBytes, journalFileName } from '../records/journal-file.ts';
import { journalFileBytes } from '../records/record-journal.ts';
import { ManagementPlane } from './management-plane.ts';

const partName = 'management-plane';
/** Calls come first where one core has to do everything. */
const niceness = 10;
const uiDirectory = resolve(import.meta.dirname, '../../wms-ui/dist');

const { busPort, settings, bootId, version, restarts, logDescriptor } =
  workerData as ManagementWorkerData;
const logBook = createLogBook({ level: settings.logLevel, descriptor: logDescriptor });
const logger = logBook.logger(partName);
const clock = systemClock;
const bus = createManagementPlaneBus({ port: busPort, clock, logger });
bus.handle('log.set-level', ({ level }) => {
  logBook.setLevel('*', level);
  return {};
});

const plane = new ManagementPlane({
  bus,
  dataDirectory: settings.dataDirectory,
  listenAddresses: settings.listenAddresses,
  httpsPort: settings.httpsPort,
  httpPort: settings.httpPort,
  sipPort: settings.sipPort,
  sipTlsPort: settings.sipTlsPort,
  devicePorts: { ftp: settings.ftpPort, tftp: 69, pnp: 5060 },
  bootId,
  version,
  isRestart: restarts > 0,
  openJournal: () =>
    mapFile(join(settings.dataDirectory, journalFileName), journalFileBytes(journalCapacityBytes)),
  uiDirectory,
  clock,
  logger,
});
bus.handle('stop', async () => {
  await plane.close();
  logBook.flush();
  return {};
});
try {
  await plane.start();
} catch (error) {
  // Ends the thread: the main thread logs the reason and decides what next.
  logBook.flush();
  throw error;
}
// Only now, so that WMS is back soon after a restart. Linux takes it for the calling thread alone.
setPriority(niceness);
