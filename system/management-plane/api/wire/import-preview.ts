/** The rows of a file as the preview of its import shows them. */
import { z } from 'zod';
import type { CsvProblem } from '../../csv/csv-table.ts';
import { problemIssueSchema } from '../errors/problem.ts';

const maximumShown = 200;

/** Fields of a preview: `actions` are what may become of a row. */
export function plannedRowsFields<const Actions extends readonly [string, ...string[]]>(
  actions: Actions,
) {
  return {
    /** At most 200. */
    rows: z.array(
      z.object({
        /** Line of the file; the heading of a CSV file is line 1. */
        line: z.int(),
        action: z.enum(actions),
        title: z.string(),
      }),
    ),
    /** At most 200; their paths are line and column: `12.email`. */
    issues: z.array(problemIssueSchema),
  };
}

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
