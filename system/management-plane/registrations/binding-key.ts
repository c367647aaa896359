/** What tells one registration from another: the user and the contact (RFC 3261 §10.3 step 7). */
import type { BindingRecord } from '../../bus/contract.ts';

/** Neither part holds a line break. */
export function bindingKey(binding: Pick<BindingRecord, 'userId' | 'contact'>): string {
  return `${binding.userId}\n${binding.contact}`;
}
