/** Where the record journal is, for both of its ends. */

/** Inside the data directory. */
export const journalFileName = 'records.journal';

/** About a day of calls at one per second: what the management plane may be away for. */
export const journalCapacityBytes = 64 * 1024 * 1024;
