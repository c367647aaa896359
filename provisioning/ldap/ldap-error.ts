/** What a peer sent that is no LDAP, or more of it than is taken. */
import { AppError } from '../../system/foundation/app-error.ts';

/** `malformed`: not BER or not the message it claims to be. `too-large`: a limit is reached. */
export class LdapError extends AppError<'malformed' | 'too-large'> {}
