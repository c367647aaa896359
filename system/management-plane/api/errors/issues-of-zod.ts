/** All issues that a zod schema found, in the form of the API. */
import type { z } from 'zod';
import { valueRequired } from '../../../configuration/tell-issue.ts';
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
    } else {
      issues.push({ path: path.join('.'), code: codeOf(issue), message: issue.message });
    }
  }
  return issues.slice(0, maxIssues);
}

/** zod's code with hyphens, except for what is missing and where a schema names its own in `params.code`. */
function codeOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom') {
    const own: unknown = issue.params?.['code'];
    return typeof own === 'string' ? own : 'invalid';
  }
  return issue.message === valueRequired ? 'missing' : issue.code.replaceAll('_', '-');
}
