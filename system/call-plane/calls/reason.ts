/**
 * Why a call ended, for phones and people: Reason header fields (RFC 3326, in responses RFC 6432)
 * with Q.850 causes, from SIP statuses as RFC 3398 §8.2.6.1 maps them.
 */
import type { SipRequest } from '../sip/messages/message.ts';

type ReasonHeader = readonly ['Reason', string];

const causeTexts: ReadonlyMap<number, string> = new Map([
  [1, 'Unallocated number'],
  [16, 'Normal call clearing'],
  [17, 'User busy'],
  [18, 'No user responding'],
  [19, 'No answer from user'],
  [20, 'Subscriber absent'],
  [21, 'Call rejected'],
  [22, 'Number changed'],
  [25, 'Exchange routing error'],
  [28, 'Invalid number format'],
  [31, 'Normal, unspecified'],
  [34, 'No circuit or channel available'],
  [38, 'Network out of order'],
  [41, 'Temporary failure'],
  [65, 'Bearer capability not implemented'],
  [79, 'Service or option not implemented'],
  [102, 'Recovery on timer expiry'],
  [127, 'Interworking, unspecified'],
]);

const causesByStatus: ReadonlyMap<number, number> = new Map([
  [400, 127],
  [403, 21],
  [404, 1],
  [408, 102],
  [410, 22],
  [415, 79],
  [416, 127],
  [420, 127],
  [480, 18],
  [481, 41],
  [482, 25],
  [483, 25],
  [484, 28],
  [486, 17],
  [487, 16],
  [488, 65],
  [491, 41],
  [500, 41],
  [501, 79],
  [503, 41],
  [504, 102],
  [600, 17],
  [603, 21],
  [604, 1],
  [606, 65],
]);

/** Q.850 causes that a status alone does not tell. */
export const cause = {
  normalClearing: 16,
  noUserResponding: 18,
  noAnswer: 19,
  subscriberAbsent: 20,
  temporaryFailure: 41,
  incompatible: 65,
  timerExpiry: 102,
} as const;

export function causeForStatus(status: number): number {
  return causesByStatus.get(status) ?? 31;
}

/** `Reason: Q.850;cause=17;text="User busy"` */
export function q850Reason(causeValue: number): ReasonHeader {
  const text = causeTexts.get(causeValue);
  const shown = text === undefined ? '' : `;text="${text}"`;
  return ['Reason', `Q.850;cause=${String(causeValue)}${shown}`];
}

/** `Reason: SIP;cause=200;text="Call completed elsewhere"`: phones list no missed call. */
export const completedElsewhere: ReasonHeader = [
  'Reason',
  'SIP;cause=200;text="Call completed elsewhere"',
];

/** Why the peer hung up, in our words: its Q.850 cause if it names one, else normal clearing. */
export function reasonOfBye(request: SipRequest): ReasonHeader {
  for (const value of request.headers.getAll('Reason')) {
    const match = /^Q\.850\s{0,8};\s{0,8}cause\s{0,8}=\s{0,8}([0-9]{1,3})(?![0-9])/i.exec(value);
    const named = Number(match?.[1]);
    if (named >= 1 && named <= 127) {
      return q850Reason(named);
    }
  }
  return q850Reason(cause.normalClearing);
}
