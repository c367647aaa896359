/** Which provisioning variables hold passwords: they are sealed, never shown and never in a diff. */
import type { Variable } from '../../../provisioning/scope/variable.ts';

export function holdsSecret({ domain }: Pick<Variable, 'domain'>): boolean {
  return (
    domain.type === 'secret' ||
    (domain.type === 'records' &&
      Object.values(domain.fields).some((field) => field.domain.type === 'secret'))
  );
}
