/** What the LDAP server asks of whoever runs it. */
import type { Secret } from '../../system/foundation/secret.ts';
import type { LdapFilter } from './ldap-filter.ts';
import type { LdapEntry } from './ldap-message.ts';

/** Who is logged in: whose phonebooks are searched. */
export interface LdapReader {
  /** Without secrets, for the log and who-am-I. */
  readonly name: string;
}

export interface LdapDirectory<Reader extends LdapReader = LdapReader> {
  /** `dc=campanile,dc=local` */
  readonly base: string;
  /** Whether a password may pass in clear. */
  readonly mayBindUnencrypted: boolean;
  /** Undefined: name or password is wrong. */
  bind(name: string, password: Secret): Promise<Reader | undefined>;
  /** Entries in a fixed order, beginning with number `offset`, at most `limit`. */
  search(
    reader: Reader,
    filter: LdapFilter,
    range: { readonly offset: number; readonly limit: number },
  ): Promise<readonly LdapEntry[]>;
  /** The entry of a distinguished name below the base. */
  find(reader: Reader, dn: string): Promise<LdapEntry | undefined>;
}
