/**
 * What a provisioning variable is. The declarations in `variables/` are the one list from which the
 * API validates, forms are drawn, documentation is written and templates are checked.
 */
import type { SettingValue } from './setting-value.ts';

export type ScalarDomain =
  | { readonly type: 'boolean' }
  | {
      readonly type: 'integer';
      readonly minimum: number;
      readonly maximum: number;
      readonly unit?: 's' | 'min' | 'h';
    }
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  /** One line of text without control characters. */
  | { readonly type: 'text'; readonly maximumLength: number }
  /** Text that is never shown, logged or put into a file that TFTP may serve. */
  | { readonly type: 'secret'; readonly maximumLength: number }
  /** A host name or an IP address, without port. */
  | { readonly type: 'host' }
  | { readonly type: 'ipv4' }
  | { readonly type: 'url'; readonly schemes: readonly string[] }
  /** What a phone may dial: digits, `*`, `#`, `+` and the unreserved characters of a SIP user part. */
  | { readonly type: 'number' }
  /** A name of the IANA time zone database that `time-zone/zones.ts` knows. */
  | { readonly type: 'timeZone' };

export type VariableDomain =
  | ScalarDomain
  /** Some of the choices, most wanted first, each at most once. */
  | { readonly type: 'list'; readonly choices: readonly string[] }
  | {
      readonly type: 'records';
      readonly maximum: number;
      readonly fields: Readonly<Record<string, RecordField>>;
    };

export interface RecordField {
  readonly domain: ScalarDomain;
  readonly isOptional?: true;
  readonly help: string;
}

export interface Variable {
  /** `<area>.<name>`, the name in templates, API and text export. */
  readonly name: string;
  readonly domain: VariableDomain;
  /** Absent: unset until a scope gives it, and lines that need it are left out. */
  readonly default?: SettingValue;
  readonly help: string;
}
