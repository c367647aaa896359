/** The story of a call in sentences of the page's language. */
import type { CallRecordDetail } from '../../../../system/management-plane/api/routes/call-records/schema.ts';
import type { TraceCode } from '../../../../system/routing/trace.ts';
import { i18n, t, type TextKey } from '../../lib/i18n/i18n.svelte.ts';

type TraceStep = CallRecordDetail['trace'][number];

/** A code of the routing engine without a sentence here does not compile. */
const sentences: Readonly<Record<TraceCode, TextKey>> = {
  'call-received': 'trace.call-received',
  'user-found': 'trace.user-found',
  'service-found': 'trace.service-found',
  'number-unknown': 'trace.number-unknown',
  'user-not-registered': 'trace.user-not-registered',
  ringing: 'trace.ringing',
  answered: 'trace.answered',
  'service-answered': 'trace.service-answered',
  busy: 'trace.busy',
  'no-answer': 'trace.no-answer',
  'no-response': 'trace.no-response',
  'phone-redirects': 'trace.phone-redirects',
  'redirect-followed': 'trace.redirect-followed',
  'redirect-refused': 'trace.redirect-refused',
  'redirect-loop': 'trace.redirect-loop',
  rejected: 'trace.rejected',
  failed: 'trace.failed',
  'phone-login': 'trace.phone-login',
  'phone-login-asks': 'trace.phone-login-asks',
  'phone-login-silent': 'trace.phone-login-silent',
  'phone-login-too-many': 'trace.phone-login-too-many',
  'phone-login-unknown': 'trace.phone-login-unknown',
  'phone-logout': 'trace.phone-logout',
  'phone-login-done': 'trace.phone-login-done',
  'phone-login-refused': 'trace.phone-login-refused',
  'phone-login-failed': 'trace.phone-login-failed',
  'phone-not-managed': 'trace.phone-not-managed',
  'phone-not-logged-in': 'trace.phone-not-logged-in',
  'call-refused': 'trace.call-refused',
  'caller-cancelled': 'trace.caller-cancelled',
  'hung-up': 'trace.hung-up',
};

/** The sentence of a step; a code this version does not know is shown as it is. */
export function describeTraceStep(step: TraceStep): string {
  const known: Readonly<Partial<Record<string, TextKey>>> = sentences;
  const key = known[step.code];
  return key === undefined ? t('trace.unknown', { code: step.code }) : t(key, toWords(step.facts));
}

/** Facts that are codes become words; the number of phones decides the plural. */
function toWords(facts: TraceStep['facts']): Record<string, string | number> {
  const words = { ...facts };
  for (const name of ['service', 'side']) {
    const code = words[name];
    if (typeof code === 'string') {
      words[name] = i18n.find(`${name}.${code}`) ?? code;
    }
  }
  const contacts = words['contacts'];
  return contacts === undefined ? words : { ...words, count: contacts };
}
