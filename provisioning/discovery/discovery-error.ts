/** What was written is no range of addresses, or none that may be scanned. */
import { AppError } from '../../system/foundation/app-error.ts';

export class DiscoveryError extends AppError<'range'> {}
