/** The rows of a CSV file as the preview of its import shows them. */
import type { CsvProblem } from '../../csv/csv-table.ts';

const maximumShown = 200;

/** At most 200 rows and 200 issues; the path of an issue is line and column. */
export function presentPlannedRows<Action>(preview: {
  readonly rows: readonly {
    readonly line: number;
    readonly action: Action;
    readonly title: string;
  }[];
  readonly problems: readonly CsvProblem[];
}) {
  return {
    rows: preview.rows
      .slice(0, maximumShown)
      .map(({ line, action, title }) => ({ line, action, title })),
    issues: preview.problems.slice(0, maximumShown).map(({ line, column, code, message }) => ({
      path: column === undefined ? String(line) : `${String(line)}.${column}`,
      code,
      message,
    })),
  };
}
