/** What devices got last, without secrets: for drift, differences and Last-Modified. */
import { createHash } from 'node:crypto';
import type { RenderedFile } from '../../../../provisioning/rendering/render.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { inChunks } from '../../storage/column-value.ts';
import type { ProvisioningDatabase, ServedFileRow } from './provisioning-tables.ts';
import { WriteBehind } from '../../storage/write-behind.ts';

export interface ServedFile {
  readonly digest: string;
  /** When it was served first as it is. */
  readonly atMs: number;
}

export class ServedFiles {
  readonly #database: ProvisioningDatabase;
  readonly #clock: Clock;
  readonly #files = new Map<string, ServedFile>();
  readonly #writer: WriteBehind;
  #waiting = new Map<string, ServedFileRow>();
  #forgotten = new Set<string>();

  static async open(options: {
    readonly database: ProvisioningDatabase;
    readonly clock: Clock;
    readonly logger: Logger;
  }): Promise<ServedFiles> {
    const served = new ServedFiles(options);
    const rows = await options.database.queries
      .selectFrom('served_files')
      .select(['mac', 'file', 'digest', 'at_ms'])
      .execute();
    for (const { mac, file, digest, at_ms: atMs } of rows) {
      served.#files.set(keyOf(mac, file), { digest, atMs });
    }
    return served;
  }

  private constructor(options: {
    readonly database: ProvisioningDatabase;
    readonly clock: Clock;
    readonly logger: Logger;
  }) {
    this.#database = options.database;
    this.#clock = options.clock;
    const { clock, logger } = options;
    const name = 'What devices got';
    this.#writer = new WriteBehind({ clock, logger, name, write: () => this.#write() });
  }

  find(mac: string, file: string): ServedFile | undefined {
    return this.#files.get(keyOf(mac, file));
  }

  /** Notes that the device got it; tells since when it is as it is. */
  async note(
    mac: string,
    file: string,
    rendered: Pick<RenderedFile, 'writeShown'>,
    bytes: Buffer,
  ): Promise<ServedFile> {
    const digest = digestOf(bytes);
    const present = this.find(mac, file);
    if (present?.digest === digest) {
      return present;
    }
    // Last-Modified has seconds only: another file never has the time of the one before.
    const afterMs = present === undefined ? 0 : (Math.floor(present.atMs / 1000) + 1) * 1000;
    const served = { digest, atMs: Math.max(this.#clock.wallMs(), afterMs) };
    this.#files.set(keyOf(mac, file), served);
    const shown = await rendered.writeShown();
    // Meanwhile the device may have been forgotten, or have got something else.
    if (this.find(mac, file) === served) {
      this.#waiting.set(keyOf(mac, file), { mac, file, digest, at_ms: served.atMs, shown });
      this.#writer.note();
    }
    return served;
  }

  /** The lines as people may see them. */
  async shownOf(mac: string, file: string): Promise<readonly string[] | undefined> {
    await this.flush();
    const row = await this.#database.queries
      .selectFrom('served_files')
      .select('shown')
      .where('mac', '=', mac)
      .where('file', '=', file)
      .executeTakeFirst();
    return row?.shown.split('\n');
  }

  /** What the device got counts no longer. */
  forget(mac: string): void {
    for (const files of [this.#files, this.#waiting]) {
      for (const key of files.keys()) {
        if (key.startsWith(`${mac} `)) {
          files.delete(key);
        }
      }
    }
    this.#forgotten.add(mac);
    this.#writer.note();
  }

  /** Devices that got something. */
  get macs(): ReadonlySet<string> {
    return new Set([...this.#files.keys()].map((key) => key.slice(0, key.indexOf(' '))));
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  async #write(): Promise<void> {
    const rows = [...this.#waiting.values()];
    const forgotten = [...this.#forgotten];
    this.#waiting = new Map();
    this.#forgotten = new Set();
    if (rows.length === 0 && forgotten.length === 0) {
      return;
    }
    await this.#database.transaction(async (transaction) => {
      for (const macs of inChunks(forgotten)) {
        await transaction.deleteFrom('served_files').where('mac', 'in', macs).execute();
      }
      for (const chunk of inChunks(rows, 5)) {
        await transaction.replaceInto('served_files').values(chunk).execute();
      }
    });
  }
}

export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function keyOf(mac: string, file: string): string {
  return `${mac} ${file}`;
}
