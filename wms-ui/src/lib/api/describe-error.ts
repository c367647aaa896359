/** Failures in the words of the page's language; the server's English is the last resort. */
import { i18n, t } from '../i18n/i18n.svelte.ts';
import { ApiError, type Issue } from './problem.ts';

export function describeError(error: unknown): string {
  if (!(error instanceof ApiError)) {
    return error instanceof Error ? error.message : t('error.unknown');
  }
  const known = i18n.find(`error.${error.code}`, { seconds: error.retryAfterSec ?? 0 });
  const text =
    known ?? (error.detail === '' ? t('error.unknown') : beginLarge(i18n.serverText(error.detail)));
  const [first] = error.issues;
  return first === undefined || error.issues.length > 1 ? text : `${text} ${describeIssue(first)}`;
}

/** The message knows who or what is in the way; the code says it where nobody translated that. */
export function describeIssue(issue: Issue): string {
  const told = i18n.findServerText(issue.message) ?? '';
  return beginLarge(told === '' ? (i18n.find(`issue.${issue.code}`) ?? issue.message) : told);
}

/** The server's sentences about a value follow the name of its field; here they stand alone. */
function beginLarge(text: string): string {
  return text.replace(
    /^[a-zà-ù]+(?=[ ,’])/u,
    (word) => word.charAt(0).toUpperCase() + word.slice(1),
  );
}
