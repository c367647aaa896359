/**
 * Settings that nobody gave: a line that is written because one is missing tells which it is. Only
 * explanations of files need them.
 */
import type { Origin } from '../scope/origin.ts';
import { variables } from '../scope/variables.ts';
import type { SourcedValue, TemplateValues } from '../template/value.ts';

const unset: SourcedValue = {
  value: undefined,
  origin: { source: 'default', name: 'unset' } satisfies Origin,
};

const unsetScalars: readonly (readonly [string, SourcedValue])[] = variables.map(
  ({ name, domain }) => [domain.type === 'records' ? `${name}.isUsed` : name, unset],
);

/** The values with an origin for every setting; what a template reads stays the same. */
export function withUnsetValues({ scalars, lists }: TemplateValues): TemplateValues {
  return { scalars: new Map([...unsetScalars, ...scalars]), lists };
}
