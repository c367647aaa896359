/** The errors of provisioning that a caller may handle. */
import { AppError } from '../system/foundation/app-error.ts';

export type ProvisioningErrorCode =
  /** A template does not parse, or names something that does not exist: a fault of the data. */
  | 'template'
  /** A vendor's data contradicts itself: a fault of the data. */
  | 'vendor-data'
  | 'unknown-vendor'
  | 'unknown-model'
  | 'unknown-file'
  /** A device or its settings break a declared rule. `details.issues` lists every one. */
  | 'invalid';

export class ProvisioningError extends AppError<ProvisioningErrorCode> {}
