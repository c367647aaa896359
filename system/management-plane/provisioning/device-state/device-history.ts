/** What happened to each device: fetches, refusals, syncs, resets. Bounded, and old ones are forgotten. */
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type { Page } from '../../configuration-store/configuration-store.ts';
import {
  describeEventNotes,
  parseEventNotes,
  serializeEventNotes,
  type EventNote,
  type StoredEventNote,
} from '../../event-note.ts';
import { inChunks } from '../../storage/column-value.ts';
import type { DeviceEventRow, ProvisioningDatabase } from './provisioning-tables.ts';
import { WriteBehind } from '../../storage/write-behind.ts';

export const deviceEventKinds = [
  /** The device appeared by itself. */
  'discovered',
  /** First contact: it was told where its files are. */
  'bootstrap',
  /** It got one of its own files. */
  'fetched',
  /** It was refused. */
  'refused',
  /** It tells two MACs, or two addresses are it in turns. */
  'doubtful',
  /** It stored something here. */
  'uploaded',
  /** It was registered at a redirection service, or taken out of it. */
  'redirection',
  'sync-sent',
  'sync-failed',
  /** It was told to update its firmware, fetched an image, runs the new one, or did not manage. */
  'firmware-told',
  'firmware-fetched',
  'firmware-updated',
  'firmware-failed',
  'password-reset',
  'password-shown',
  'files-shown',
  /** Another device took its place; it took that of another one. */
  'replaced',
  'took-over',
  /** A user made it his phone by its keys. */
  'logged-in',
  'login-refused',
  'logged-out',
] as const;
export type DeviceEventKind = (typeof deviceEventKinds)[number];

export interface DeviceEvent {
  readonly mac: string;
  readonly kind: DeviceEventKind;
  /** Of the device or of the administrator; empty where there is none. */
  readonly address: string;
  readonly notes: readonly EventNote[];
}

export interface StoredDeviceEvent extends Omit<DeviceEvent, 'notes'> {
  readonly id: number;
  readonly atMs: number;
  /** In English. */
  readonly detail: string;
  /** The same as codes and facts; empty in events of versions that told English only. */
  readonly notes: readonly StoredEventNote[];
}

/** Beyond so many that wait to be written, the newest are dropped: a flood must not fill the memory. */
const maximumWaiting = 20_000;
const maximumRows = 1_000_000;
const maximumTextLength = 500;
const dayMs = 86_400_000;

export class DeviceHistory {
  readonly #database: ProvisioningDatabase;
  readonly #clock: Clock;
  readonly #writer: WriteBehind;
  #waiting: DeviceEventRow[] = [];

  constructor(options: {
    readonly database: ProvisioningDatabase;
    readonly clock: Clock;
    readonly logger: Logger;
  }) {
    const { database, clock, logger } = options;
    this.#database = database;
    this.#clock = clock;
    const name = 'The history of devices';
    this.#writer = new WriteBehind({ clock, logger, name, write: () => this.#write() });
  }

  add(event: DeviceEvent): void {
    if (this.#waiting.length >= maximumWaiting) {
      return;
    }
    const { mac, kind, address } = event;
    const detail = describeEventNotes(event.notes).slice(0, maximumTextLength);
    const notes = serializeEventNotes(event.notes);
    this.#waiting.push({ mac, at_ms: this.#clock.wallMs(), kind, address, detail, notes });
    this.#writer.note();
  }

  /** Newest first. */
  async list(query: {
    readonly mac: string;
    readonly page: number;
    readonly pageSize: number;
  }): Promise<Page<StoredDeviceEvent>> {
    await this.flush();
    const matching = this.#database.queries
      .selectFrom('device_events')
      .where('mac', '=', query.mac);
    const { total } = await matching
      .select((select) => select.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    const rows = await matching
      .selectAll()
      .orderBy('id', 'desc')
      .limit(query.pageSize)
      .offset((query.page - 1) * query.pageSize)
      .execute();
    const items = rows.map((row) => ({
      id: row.id ?? 0,
      mac: row.mac,
      atMs: row.at_ms,
      kind: row.kind as DeviceEventKind,
      address: row.address,
      detail: row.detail,
      notes: parseEventNotes(row.notes),
    }));
    return { items, total };
  }

  async deleteOld(keepDays: number): Promise<void> {
    const { queries } = this.#database;
    const firstToKeep = await queries
      .selectFrom('device_events')
      .select('id')
      .orderBy('id', 'desc')
      .limit(1)
      .offset(maximumRows - 1)
      .executeTakeFirst();
    await queries
      .deleteFrom('device_events')
      .where((where) =>
        where.or([
          where('at_ms', '<', this.#clock.wallMs() - keepDays * dayMs),
          where('id', '<', firstToKeep?.id ?? 0),
        ]),
      )
      .execute();
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  async #write(): Promise<void> {
    const rows = this.#waiting;
    if (rows.length === 0) {
      return;
    }
    this.#waiting = [];
    await this.#database.transaction(async (transaction) => {
      for (const chunk of inChunks(rows, 6)) {
        await transaction.insertInto('device_events').values(chunk).execute();
      }
    });
  }
}
