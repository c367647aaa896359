/**
 * A custom line: one assignment that no variable covers, given by a group or a device. It replaces
 * the generated line with the same key, or is added to the file.
 */
import type { Secret } from '../system/foundation/secret.ts';
import { ProvisioningError } from './provisioning-error.ts';
import type { Origin } from './scope/origin.ts';

export interface CustomLine {
  /** The parameter as the vendor writes it; compared without regard to case. */
  readonly key: string;
  readonly value: string | Secret;
  readonly origin: Origin;
}

/** What vendors use in parameter names, Snom's `name!index` and AudioCodes-like paths included. */
const keyPattern = /^[A-Za-z_][A-Za-z0-9_.!/[\] -]{0,127}$/;

/** Throws `invalid` for a key that could leave its place in the file. */
export function requireCustomKey(key: string): void {
  if (!keyPattern.test(key) || key.endsWith(' ')) {
    throw new ProvisioningError('invalid', `${JSON.stringify(key)} is not a parameter name`, {
      details: { issues: [{ path: 'key', message: 'not a parameter name' }] },
    });
  }
}
