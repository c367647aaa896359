/**
 * Who gets what: the rule that keeps passwords from everyone but the device that they belong to.
 * Secrets go over HTTPS to a device that showed its token or its certificate, and nowhere else, with
 * one exception that an administrator made for one device. Pure.
 */

/**
 * `own`: the device's token; `certificate`: a verified certificate of this device; `temporary`: the
 * short-lived one of a first contact; `granted`: the one before the last reset, while a sync that an
 * administrator asked for is under way.
 */
export type TokenKind = 'none' | 'own' | 'certificate' | 'temporary' | 'granted';

export interface AccessFacts {
  readonly token: TokenKind;
  /** Nobody on the way can read what leaves. */
  readonly isEncrypted: boolean;
  /** The request comes from a local network. */
  readonly isLocal: boolean;
  /** First contact is allowed: the device was announced, or the window is open. */
  readonly isExpected: boolean;
  /** The administrator allows that the device's passwords go unencrypted. */
  readonly isException: boolean;
}

/** `secure`: files with passwords. `bootstrap`: where to fetch them. `refuse`: as if there were nothing. */
export type Access = 'secure' | 'bootstrap' | 'refuse';

export function decideAccess(facts: AccessFacts): Access {
  if (facts.token !== 'none') {
    return facts.isEncrypted || (facts.isException && facts.isLocal) ? 'secure' : 'bootstrap';
  }
  if (!facts.isLocal) {
    return 'refuse';
  }
  if (facts.isException && !facts.isEncrypted) {
    return 'secure';
  }
  return facts.isExpected ? 'bootstrap' : 'refuse';
}
