/** What a file of rows would do, for a look at it before it is done. */
import type { CsvProblem } from './csv-table.ts';

export interface PlannedRow {
  readonly line: number;
  readonly action: 'create' | 'update' | 'error';
  readonly title: string;
}

export interface ImportPlan<Created, Updated> {
  readonly created: readonly Created[];
  readonly updated: readonly Updated[];
  readonly rows: readonly PlannedRow[];
  readonly problems: readonly CsvProblem[];
}

export interface ImportPreview {
  /** Undefined when there are problems, or nothing to do. */
  readonly importId: string | undefined;
  readonly created: number;
  readonly updated: number;
  readonly rows: readonly PlannedRow[];
  readonly problems: readonly CsvProblem[];
}

/** `keep` holds the file for the confirmation and names it; a file that cannot be imported is not kept. */
export function previewImport(
  { created, updated, rows, problems }: ImportPlan<unknown, unknown>,
  keep: () => string,
): ImportPreview {
  const isUseful = problems.length === 0 && created.length + updated.length > 0;
  return {
    importId: isUseful ? keep() : undefined,
    created: created.length,
    updated: updated.length,
    rows,
    problems,
  };
}

/** Problems of a file as issues of a request: the path is line and column. */
export function toImportIssues(
  problems: readonly CsvProblem[],
): { readonly path: string; readonly code: string; readonly message: string }[] {
  return problems.map(({ line, column, code, message }) => {
    return { path: `${String(line)}.${column ?? ''}`, code, message };
  });
}
