/** All issues that a zod schema found, in the form of the API. */
import type { z } from 'zod';
import type { ProblemIssue } from './problem.ts';

/** Beyond this nobody reads them, and an answer stays small whatever was sent. */
const maxIssues = 200;

export function issuesOfZod(error: z.ZodError): ProblemIssue[] {
  const issues: ProblemIssue[] = [];
  for (const issue of error.issues.slice(0, maxIssues)) {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys.slice(0, maxIssues)) {
        const message = 'There is no such field.';
        issues.push({ path: [...path, key].join('.'), code: 'unknown-field', message });
      }
    } else if (isMissing(issue)) {
      issues.push({ path: path.join('.'), code: 'missing', message: 'A value is needed.' });
    } else {
      issues.push({ path: path.join('.'), code: codeOf(issue), message: issue.message });
    }
  }
  return issues.slice(0, maxIssues);
}

/** Of a value that is not there zod says which type it expected, which tells nobody what to do. */
function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
}

/** zod's code with hyphens, except where a schema names its own in `params.code`. */
function codeOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom') {
    const own: unknown = issue.params?.['code'];
    return typeof own === 'string' ? own : 'invalid';
  }
  return issue.code.replaceAll('_', '-');
}
