/**
 * Session timers (RFC 4028) as pure rules: what to ask for, what to agree to, who refreshes, when
 * to refresh and when a session counts as dead. `session-refresh.ts` keeps the time.
 */
import type { HeaderFields, HeaderLines } from '../messages/header-fields.ts';
import { parseDigits } from '../messages/character-class.ts';

/** RFC 4028 §4: no smaller Session-Expires or Min-SE is allowed. */
export const smallestIntervalSec = 90;
/** A larger Min-SE than a day is a fault or an attack: the session then runs without a timer. */
const largestIntervalSec = 86_400;

/** The timer of a session; `local`: we refresh. */
export interface SessionTimer {
  readonly intervalSec: number;
  readonly refresher: 'local' | 'remote';
}

export type UasNegotiation =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'agreed';
      readonly timer: SessionTimer;
      readonly headers: HeaderLines;
    }
  /** Answer 422 with this Min-SE (§6). */
  | { readonly kind: 'too-small'; readonly minSec: number };

interface SessionExpires {
  readonly intervalSec: number;
  readonly refresher: 'uac' | 'uas' | undefined;
}

/**
 * Our answer, as UAS, to an INVITE or UPDATE (§9). `preferredSec` 0 means that we ask for no timer
 * of our own, but we go along with the peer's.
 */
export function negotiateAsUas(headers: HeaderFields, preferredSec: number): UasNegotiation {
  const isTimerSupported = hasOptionTag(headers, 'timer');
  const requested = parseSessionExpires(headers.get('Session-Expires'));
  const minSec = parseMinSe(headers);
  if (requested === undefined) {
    if (preferredSec === 0) {
      return { kind: 'none' };
    }
    return agree(
      Math.max(preferredSec, minSec),
      isTimerSupported ? 'uac' : 'uas',
      isTimerSupported,
    );
  }
  if (requested.intervalSec < smallestIntervalSec && isTimerSupported) {
    return { kind: 'too-small', minSec: smallestIntervalSec };
  }
  const upperSec = Math.min(
    Math.max(requested.intervalSec, smallestIntervalSec),
    largestIntervalSec,
  );
  const intervalSec =
    preferredSec === 0 ? upperSec : Math.min(upperSec, Math.max(preferredSec, minSec));
  const refresher = isTimerSupported ? (requested.refresher ?? 'uac') : 'uas';
  return agree(intervalSec, refresher, isTimerSupported);
}

/** The header fields with which we, as UAC, ask for a timer (§7.1, §7.4). */
export function sessionTimerRequestHeaders(
  intervalSec: number,
  minSec: number,
  current?: SessionTimer,
): HeaderLines {
  if (intervalSec === 0) {
    return [];
  }
  let refresher = '';
  if (current !== undefined) {
    refresher = current.refresher === 'local' ? ';refresher=uac' : ';refresher=uas';
  }
  return [
    ['Session-Expires', `${String(intervalSec)}${refresher}`],
    ['Min-SE', String(minSec)],
  ];
}

/**
 * What holds after a 2xx to a request of ours (§7.2). A peer that does not answer with a timer does
 * not know it: then we refresh on our own, which also finds out a dead peer.
 */
export function timerFromResponse(
  headers: HeaderFields,
  requestedSec: number,
): SessionTimer | undefined {
  const agreed = parseSessionExpires(headers.get('Session-Expires'));
  if (agreed !== undefined) {
    return {
      intervalSec: Math.min(Math.max(agreed.intervalSec, smallestIntervalSec), largestIntervalSec),
      refresher: agreed.refresher === 'uas' ? 'remote' : 'local',
    };
  }
  return requestedSec === 0 ? undefined : { intervalSec: requestedSec, refresher: 'local' };
}

/**
 * The interval to try again with after a 422 (§7.3); undefined when the peer's minimum is absurd or
 * no larger than what it refused.
 */
export function intervalAfter422(headers: HeaderFields, refusedSec: number): number | undefined {
  const minSec = parseMinSe(headers);
  return minSec > refusedSec && minSec <= largestIntervalSec ? minSec : undefined;
}

/** §7.2: the refresher sends a refresh after half of the interval. */
export function refreshDelayMs(timer: SessionTimer): number {
  return timer.intervalSec * 500;
}

/** §10: the session is over a third of the interval, at most 32 s, before it runs out. */
export function expiryDelayMs(timer: SessionTimer): number {
  return (timer.intervalSec - Math.min(32, timer.intervalSec / 3)) * 1000;
}

/** Whether an option tag stands in Supported or Require. */
export function hasOptionTag(headers: HeaderFields, tag: string): boolean {
  return (
    headers.getAll('Supported').some((value) => value.toLowerCase() === tag) ||
    headers.getAll('Require').some((value) => value.toLowerCase() === tag)
  );
}

function agree(
  intervalSec: number,
  refresher: 'uac' | 'uas',
  isTimerSupported: boolean,
): UasNegotiation {
  const headers: (readonly [string, string])[] = [
    ['Session-Expires', `${String(intervalSec)};refresher=${refresher}`],
  ];
  if (isTimerSupported && refresher === 'uac') {
    headers.push(['Require', 'timer']);
  }
  return {
    kind: 'agreed',
    timer: { intervalSec, refresher: refresher === 'uas' ? 'local' : 'remote' },
    headers,
  };
}

function parseSessionExpires(text: string | undefined): SessionExpires | undefined {
  if (text === undefined) {
    return undefined;
  }
  const [interval, ...parameters] = text.split(';');
  const intervalSec = parseDigits((interval ?? '').trim());
  if (intervalSec === undefined) {
    return undefined;
  }
  let refresher: 'uac' | 'uas' | undefined;
  for (const parameter of parameters) {
    const [name, value] = parameter.split('=');
    if (name?.trim().toLowerCase() === 'refresher') {
      const role = value?.trim().toLowerCase();
      refresher = role === 'uac' || role === 'uas' ? role : undefined;
    }
  }
  return { intervalSec, refresher };
}

/** Min-SE, at least 90 (§5). */
function parseMinSe(headers: HeaderFields): number {
  const text = headers.get('Min-SE');
  const value = text === undefined ? undefined : parseDigits((text.split(';')[0] ?? '').trim());
  return value === undefined ? smallestIntervalSec : Math.max(value, smallestIntervalSec);
}
