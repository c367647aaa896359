/** Handsets of a system out of a CSV file in two steps: look at what it would do, then do it in one revision. */
import {
  dectHandsetEntity,
  maximumHandsets,
} from '../../../configuration/entities/dect-handset.ts';
import { parseIpui } from '../../../configuration/entities/ipui.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { AuditLog } from '../../accounts/audit-log.ts';
import type { Actor } from '../../actor.ts';
import type { ConfigurationStore } from '../../configuration-store/configuration-store.ts';
import type { Operation } from '../../configuration-store/operation.ts';
import type { CsvProblem, CsvRow, CsvTable } from '../../csv/csv-table.ts';
import {
  previewImport,
  toImportIssues,
  type ImportPlan,
  type ImportPreview,
  type PlannedRow,
} from '../../csv/import-plan.ts';
import { PendingImports } from '../../csv/pending-imports.ts';
import { DevicesError } from '../devices/devices-error.ts';
import type { ChangeOptions } from '../../change-options.ts';
import type { DectDirectory } from '../directory/dect-directory.ts';
import {
  parseHandsetsCsv,
  serializeHandsetsCsv,
  type HandsetCsvField,
  type HandsetCsvRow,
} from './handsets-csv.ts';
import type { HandsetsService, NewHandset } from './handsets-service.ts';

export interface HandsetsImportOptions {
  readonly store: ConfigurationStore;
  readonly dect: DectDirectory;
  readonly handsets: HandsetsService;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

interface Pending {
  readonly system: string;
  readonly table: CsvTable<HandsetCsvField>;
}

type Plan = ImportPlan<NewHandset, { readonly id: string; readonly input: NewHandset }>;

/** In the column `extension`: nobody's. An empty cell leaves it as it is. */
const nobody = '-';

/** Methods reject with DevicesError, and with ConfigurationError as the store's `commit` does. */
export class HandsetsImport {
  readonly #options: HandsetsImportOptions;
  readonly #pending: PendingImports<Pending>;

  constructor(options: HandsetsImportOptions) {
    this.#options = options;
    this.#pending = new PendingImports(options.clock);
  }

  async exportCsv(system: string): Promise<string> {
    const { dect, store } = this.#options;
    const handsets = dect.handsetsOf(system);
    const ids = handsets.flatMap(({ document: { user } }) => user ?? []);
    const users = new Map(
      (await store.findUsers([...new Set(ids)])).map(({ id, document }) => [
        id,
        document.extension ?? '',
      ]),
    );
    const rows = handsets.map(({ document }): HandsetCsvRow => {
      const { place, ipui, name, model, user } = document;
      return {
        place: String(place),
        ipui: ipui ?? '',
        name: name ?? '',
        model: model ?? '',
        extension: user === undefined ? '' : (users.get(user) ?? ''),
      };
    });
    return serializeHandsetsCsv(rows);
  }

  async preview(actor: Actor, system: string, text: string): Promise<ImportPreview> {
    const table = parseHandsetsCsv(text);
    const plan = await this.#plan(system, table);
    return previewImport(plan, () => this.#pending.add(actor, { system, table }));
  }

  async apply(
    actor: Actor,
    importId: string,
    options: ChangeOptions & { readonly address?: string | undefined } = {},
  ): Promise<{ readonly created: number; readonly updated: number; readonly revision: number }> {
    const pending = this.#pending.find(actor, importId);
    if (pending === undefined) {
      throw new DevicesError('not-found', 'The file is not there any more: upload it again.');
    }
    // Handsets may have changed since the preview.
    const { system, table } = pending;
    const { created, updated, problems } = await this.#plan(system, table);
    if (problems.length > 0) {
      const issues = toImportIssues(problems);
      throw new DevicesError('invalid', 'The file does not fit any more.', issues);
    }
    const { store, dect, handsets, audit } = this.#options;
    const operations: Operation[] = [
      ...handsets.planCreation(system, created),
      ...updated.map(({ id, input }): Operation => {
        const { place, ...rest } = input;
        const after = { ...rest, ...(place === undefined || place === null ? {} : { place }) };
        return { kind: 'update', entity: 'dect-handset', id, after };
      }),
    ];
    const { reason = 'Import of handsets', confirmWithinSec, address } = options;
    const revision = await store.commit({ author: actor, reason, confirmWithinSec, operations });
    await dect.settled();
    this.#pending.delete(importId);
    const facts = { created: created.length, updated: updated.length };
    const notes = [{ code: 'created-updated', facts }] as const;
    await audit.record({ action: 'handsets-imported', actor, address: address ?? '', notes });
    return { created: created.length, updated: updated.length, revision: revision.number };
  }

  async #plan(
    system: string,
    { rows, problems: unreadable }: CsvTable<HandsetCsvField>,
  ): Promise<Plan> {
    const { dect, handsets, store } = this.#options;
    const problems: CsvProblem[] = [...unreadable];
    const planned: PlannedRow[] = [];
    const created: NewHandset[] = [];
    const updated: Plan['updated'][number][] = [];
    const present = dect.handsetsOf(system);
    const userIds = new Map<string, string>();
    for (const { id, document } of rows.some(({ cells }) => cells.has('extension'))
      ? await store.allUsers()
      : []) {
      if (document.extension !== undefined) {
        userIds.set(document.extension, id);
      }
    }
    const seen = new Set<string>();
    for (const row of rows) {
      const before = problems.length;
      const input = readRow(row, userIds, problems);
      const { ipui, place, name } = input;
      const found =
        present.find(({ document }) => ipui !== undefined && document.ipui === ipui) ??
        present.find(({ document }) => place !== undefined && document.place === place);
      const key = found?.id ?? `${String(ipui)} ${String(place)}`;
      if (seen.has(key)) {
        const message = 'the handset stands in an earlier row already';
        problems.push({ line: row.line, column: 'place', code: 'repeated', message });
      }
      seen.add(key);
      const title = `${place === undefined ? '' : String(place)} ${name ?? ipui ?? ''}`.trim();
      if (problems.length > before) {
        planned.push({ line: row.line, action: 'error', title });
      } else if (found === undefined) {
        created.push(input);
        planned.push({ line: row.line, action: 'create', title });
      } else {
        updated.push({ id: found.id, input });
        planned.push({ line: row.line, action: 'update', title });
      }
    }
    if (created.length > 0) {
      handsets.requireRoom(system, created.length);
    }
    return { created, updated, rows: planned, problems };
  }
}

function readRow(
  { line, cells }: CsvRow<HandsetCsvField>,
  userIds: ReadonlyMap<string, string>,
  problems: CsvProblem[],
): NewHandset {
  /** Reports a cell that could not be read. */
  const check = <Value>(
    column: HandsetCsvField,
    value: Value | undefined,
    code: string,
    message: string,
  ): Value | undefined => {
    if (value === undefined) {
      problems.push({ line, column, code, message });
    }
    return value;
  };
  const written = cells.get('place');
  const place =
    written === undefined
      ? undefined
      : check('place', parsePlace(written), 'invalid-value', `${written} is no place`);
  const identity = cells.get('ipui');
  const message = `${identity ?? ''} is neither an IPUI nor an IPEI`;
  const ipui =
    identity === undefined
      ? undefined
      : check('ipui', parseIpui(identity), 'invalid-value', message);
  const texts = (['name', 'model'] as const).map((field) => {
    const text = cells.get(field);
    if (text === undefined) {
      return undefined;
    }
    const isValid = dectHandsetEntity.fields[field].schema.safeParse(text).success;
    const wrong = `${field} is too long or has control characters`;
    return check(field, isValid ? text : undefined, 'invalid-value', wrong);
  });
  const extension = cells.get('extension');
  const user =
    extension === undefined
      ? undefined
      : extension === nobody
        ? null
        : check(
            'extension',
            userIds.get(extension),
            'not-found',
            `there is no user with the extension ${extension}`,
          );
  return {
    ...(place === undefined ? {} : { place }),
    ...(ipui === undefined ? {} : { ipui }),
    ...(texts[0] === undefined ? {} : { name: texts[0] }),
    ...(texts[1] === undefined ? {} : { model: texts[1] }),
    ...(user === undefined ? {} : { user }),
  };
}

function parsePlace(text: string): number | undefined {
  const place = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return place >= 1 && place <= maximumHandsets ? place : undefined;
}
