/** Sets and files of the firmware library in the database, and in memory for whoever asks. */
import { fromSqlBoolean, toSqlBoolean } from '../../../storage/column-value.ts';
import type { FirmwareFile, FirmwareSet } from './firmware-set.ts';
import type { FirmwareDatabase, FirmwareFileRow } from './firmware-tables.ts';

export class FirmwareStore {
  readonly #database: FirmwareDatabase;
  #sets = new Map<string, FirmwareSet>();

  /** `isMissing`: whether the bytes of an image are gone. */
  static async open(
    database: FirmwareDatabase,
    isMissing: (sha256: string) => Promise<boolean>,
  ): Promise<FirmwareStore> {
    const store = new FirmwareStore(database);
    const { queries } = database;
    const files = await queries.selectFrom('firmware_files').selectAll().execute();
    const bySet = new Map<string, FirmwareFile[]>();
    for (const row of files) {
      const file = toFile(row, await isMissing(row.sha256));
      bySet.set(row.set_id, [...(bySet.get(row.set_id) ?? []), file]);
    }
    for (const row of await queries.selectFrom('firmware_sets').selectAll().execute()) {
      store.#sets.set(row.id, {
        id: row.id,
        vendor: row.vendor,
        label: row.label,
        isActive: fromSqlBoolean(row.is_active),
        notes: row.notes,
        createdAtMs: row.created_at_ms,
        createdBy: row.created_by,
        files: bySet.get(row.id) ?? [],
      });
    }
    return store;
  }

  private constructor(database: FirmwareDatabase) {
    this.#database = database;
  }

  all(): readonly FirmwareSet[] {
    return [...this.#sets.values()];
  }

  find(id: string): FirmwareSet | undefined {
    return this.#sets.get(id);
  }

  /** SHA-256 of everything that sets refer to. */
  referred(): ReadonlySet<string> {
    return new Set(this.all().flatMap(({ files }) => files.map(({ sha256 }) => sha256)));
  }

  /** Stores the set whole, with exactly these files. */
  async put(set: FirmwareSet): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction
        .replaceInto('firmware_sets')
        .values({
          id: set.id,
          vendor: set.vendor,
          label: set.label,
          is_active: toSqlBoolean(set.isActive),
          notes: set.notes,
          created_at_ms: set.createdAtMs,
          created_by: set.createdBy,
        })
        .execute();
      await transaction.deleteFrom('firmware_files').where('set_id', '=', set.id).execute();
      for (const file of set.files) {
        await transaction.insertInto('firmware_files').values(toRow(set.id, file)).execute();
      }
    });
    this.#sets.set(set.id, set);
  }

  async delete(id: string): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.deleteFrom('firmware_files').where('set_id', '=', id).execute();
      await transaction.deleteFrom('firmware_sets').where('id', '=', id).execute();
    });
    this.#sets.delete(id);
  }
}

function toFile(row: FirmwareFileRow, isMissing: boolean): FirmwareFile {
  return {
    id: row.id,
    kind: row.kind as FirmwareFile['kind'],
    fileName: row.file_name,
    models: JSON.parse(row.models) as string[],
    version: row.version,
    sha256: row.sha256,
    sizeBytes: row.size_bytes,
    verifiedBy: (row.verified_by ?? undefined) as FirmwareFile['verifiedBy'],
    recognisedBy: row.recognised_by as FirmwareFile['recognisedBy'],
    uploadedAtMs: row.uploaded_at_ms,
    uploadedBy: row.uploaded_by,
    isMissing,
  };
}

function toRow(setId: string, file: FirmwareFile): FirmwareFileRow {
  return {
    id: file.id,
    set_id: setId,
    kind: file.kind,
    file_name: file.fileName,
    models: JSON.stringify(file.models),
    version: file.version,
    sha256: file.sha256,
    size_bytes: file.sizeBytes,
    verified_by: file.verifiedBy ?? null,
    recognised_by: file.recognisedBy,
    uploaded_at_ms: file.uploadedAtMs,
    uploaded_by: file.uploadedBy,
  };
}
