/**
 * The story of a call's routing, in steps that can be shown in words in any language. A step is a
 * code with facts; `describeTraceStep` of the user interface turns it into a sentence.
 */
export interface TraceStep {
  /** Milliseconds since the call began. */
  readonly atMs: number;
  /** A stable code, also the key of the sentence in the language tables: `routing.user-found`. */
  readonly code: TraceCode;
  /** What the sentence mentions: numbers, names, counts. Text from SIP is hostile: escape it. */
  readonly facts: Readonly<Record<string, string | number>>;
}

export type TraceCode =
  /** facts: number, caller */
  | 'call-received'
  /** facts: number, name */
  | 'user-found'
  /** facts: number, service */
  | 'service-found'
  /** facts: number */
  | 'number-unknown'
  /** facts: name */
  | 'user-not-registered'
  /** facts: name, contacts, timeoutSec */
  | 'ringing'
  /** facts: name, device */
  | 'answered'
  /** facts: service */
  | 'service-answered'
  /** facts: name */
  | 'busy'
  /** facts: name */
  | 'no-answer'
  /** facts: name */
  | 'no-response'
  /** facts: device, number (empty: the phone named none) */
  | 'phone-redirects'
  /** facts: name, number */
  | 'redirect-followed'
  /** facts: name, number (empty: the phone named none) */
  | 'redirect-refused'
  /** facts: name, number */
  | 'redirect-loop'
  /** facts: name, status */
  | 'rejected'
  /** facts: name, status */
  | 'failed'
  /** facts: device, extension */
  | 'phone-login'
  /** No user has the extension that was given. facts: device */
  | 'phone-login-unknown'
  /** The caller is asked for extension and PIN. facts: attempt */
  | 'phone-login-asks'
  /** Nothing, or too little, was entered in time. facts: none */
  | 'phone-login-silent'
  /** facts: attempts */
  | 'phone-login-too-many'
  /** facts: device */
  | 'phone-logout'
  /** The phone has no account of its own: it cannot become another user's. facts: none */
  | 'phone-not-managed'
  /** An unassigned phone dials something else. facts: number */
  | 'phone-not-logged-in'
  /** facts: none */
  | 'phone-login-done'
  /** facts: none */
  | 'phone-login-refused'
  /** facts: none */
  | 'phone-login-failed'
  /** facts: status, reason */
  | 'call-refused'
  /** facts: none */
  | 'caller-cancelled'
  /** facts: side */
  | 'hung-up';
