/**
 * Problem details (RFC 9457): the one form of every refusal of the API, with all issues of a
 * request at once. Browser-safe: the user interface imports it.
 */
import { z } from 'zod';

export const problemIssueSchema = z.object({
  /** Where in the request: `extension`, `ids.3`, `rows.12.email`; empty for the whole. */
  path: z.string(),
  /** Stable, also the key of a sentence in the language tables. */
  code: z.string(),
  message: z.string(),
});
export type ProblemIssue = z.infer<typeof problemIssueSchema>;

export const problemSchema = z
  .object({
    /** `about:blank` or `/api/v1/reference#problem-<code>`. */
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    /** Stable: `unauthenticated`, `forbidden`, `not-found`, `conflict`, `invalid`, `stale` … */
    code: z.string(),
    issues: z.array(problemIssueSchema),
    /** The same as in the answer's X-Request-Id and in the log. */
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;
